"""The tracking app: registers the personal data in carriers' raw answers."""

from __future__ import annotations

from django.apps import AppConfig


class TrackingConfig(AppConfig):
    name = "tracking"

    def ready(self) -> None:
        from lib import personal_data  # noqa: PLC0415
        from tracking import raw_answers  # noqa: PLC0415 - models are not ready at import

        personal_data.register(
            "carrier_answers",
            export=raw_answers.export_person,
            erase=raw_answers.erase_person,
        )
