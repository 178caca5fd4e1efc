"""The inbox app: registers the personal data that its stored deliveries hold."""

from __future__ import annotations

from django.apps import AppConfig


class InboxConfig(AppConfig):
    name = "inbox"

    def ready(self) -> None:
        from inbox import privacy  # noqa: PLC0415 - models are not ready at import
        from lib import personal_data  # noqa: PLC0415

        personal_data.register("inbox", export=privacy.export_person, erase=privacy.erase_person)
