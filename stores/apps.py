"""The stores app: registers the personal data of orders, whose one writer lives here."""

from __future__ import annotations

from django.apps import AppConfig


class StoresConfig(AppConfig):
    name = "stores"

    def ready(self) -> None:
        from lib import personal_data  # noqa: PLC0415
        from stores import news, order_privacy, quiet  # noqa: PLC0415 - models are not ready at import
        from tracking import outbox  # noqa: PLC0415 - needs the models
        from tracking import quiet as quiet_orders  # noqa: PLC0415

        personal_data.register(
            "orders", export=order_privacy.export_person, erase=order_privacy.erase_person
        )
        outbox.register(news.CONSUMER, kinds=news.KINDS)
        quiet_orders.register("stores", quiet.why_quiet)
