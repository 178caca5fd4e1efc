"""The tracking app: registers the personal data in raw answers, addresses and dates."""

from __future__ import annotations

from django.apps import AppConfig


class TrackingConfig(AppConfig):
    name = "tracking"

    def ready(self) -> None:
        from lib import personal_data  # noqa: PLC0415
        from tracking import (  # noqa: PLC0415 - models come later
            address_check,
            feedback,
            raw_answers,
            shown,
        )

        personal_data.register(
            "carrier_answers",
            export=raw_answers.export_person,
            erase=raw_answers.erase_person,
        )
        personal_data.register(
            "address_answers",
            export=address_check.export_person,
            erase=address_check.erase_person,
        )
        personal_data.register(
            "feedback", export=feedback.export_person, erase=feedback.erase_person
        )
        personal_data.register("dates", export=shown.export_person, erase=shown.erase_person)
