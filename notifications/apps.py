"""Makes messages and webhooks readers of changes, and listens to the mail provider's receipts."""

from __future__ import annotations

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "notifications"

    def ready(self) -> None:
        from anymail.signals import tracking as tracking_signal  # noqa: PLC0415 - needs the apps

        from lib import personal_data  # noqa: PLC0415 - beside its use
        from notifications import privacy  # noqa: PLC0415 - needs the models
        from notifications.answers import attempts, quick  # noqa: PLC0415 - needs the models
        from notifications.compose import CONSUMER  # noqa: PLC0415 - needs the models
        from notifications.receipts import on_tracking_event  # noqa: PLC0415 - needs the models
        from notifications.triggers import is_told  # noqa: PLC0415 - beside its use
        from notifications.webhooks import privacy as webhook_privacy  # noqa: PLC0415 - needs the models
        from notifications.webhooks import queue as webhook_queue  # noqa: PLC0415 - needs the models
        from tracking import outbox  # noqa: PLC0415 - needs the models

        personal_data.register("messages", export=privacy.export_person, erase=privacy.erase_person)
        outbox.register(CONSUMER, wants=is_told)
        personal_data.register(
            "webhooks", export=webhook_privacy.export_person, erase=webhook_privacy.erase_person
        )
        outbox.register(webhook_queue.CONSUMER, listeners=webhook_queue.listening)
        quick.register(attempts.PREFIX, attempts.take)
        tracking_signal.connect(on_tracking_event, dispatch_uid="notifications.receipts")
