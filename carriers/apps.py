"""The carriers app: tells the registry where the names of hubs' carriers stand."""

from __future__ import annotations

from django.apps import AppConfig


class CarriersConfig(AppConfig):
    name = "carriers"

    def ready(self) -> None:
        from carriers import couriers, registry  # noqa: PLC0415 - models are not ready at import

        registry.name_by(couriers.name_of)
