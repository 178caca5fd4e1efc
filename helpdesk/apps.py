"""The agents' desk: search, one order's story, notes, replies."""

from __future__ import annotations

from django.apps import AppConfig


class HelpdeskConfig(AppConfig):
    name = "helpdesk"

    def ready(self) -> None:
        from helpdesk import notes  # noqa: PLC0415 - models are not ready at import
        from lib import personal_data  # noqa: PLC0415

        personal_data.register("notes", export=notes.export_person, erase=notes.erase_person)
