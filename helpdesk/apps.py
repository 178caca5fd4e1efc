"""The agents' desk: search, one order's story, notes, replies."""

from __future__ import annotations

from django.apps import AppConfig


class HelpdeskConfig(AppConfig):
    name = "helpdesk"

    def ready(self) -> None:
        from helpdesk import cases, cash_answers, notes  # noqa: PLC0415 - models are not ready at import
        from helpdesk.written import take_answer  # noqa: PLC0415
        from lib import personal_data  # noqa: PLC0415
        from notifications.answers import quick, receivers  # noqa: PLC0415
        from tracking import answers  # noqa: PLC0415

        receivers.register("helpdesk", take_answer)
        quick.register(cash_answers.PREFIX, cash_answers.take)
        personal_data.register("notes", export=notes.export_person, erase=notes.erase_person)
        personal_data.register("cases", export=cases.export_person, erase=cases.erase_person)
        # Tracking has no app of its own to do it in.
        personal_data.register("answers", export=answers.export_person, erase=answers.erase_person)
