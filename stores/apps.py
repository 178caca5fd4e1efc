"""The stores app: registers the personal data of orders and files, whose writers live here."""

from __future__ import annotations

from django.apps import AppConfig


class StoresConfig(AppConfig):
    name = "stores"

    def ready(self) -> None:
        from lib import personal_data  # noqa: PLC0415
        from stores import (  # noqa: PLC0415 - models are not ready at import
            call_privacy,
            news,
            order_privacy,
            quiet,
        )
        from stores.csv import import_privacy  # noqa: PLC0415
        from tracking import outbox  # noqa: PLC0415 - needs the models
        from tracking import quiet as quiet_orders  # noqa: PLC0415

        personal_data.register(
            "orders", export=order_privacy.export_person, erase=order_privacy.erase_person
        )
        personal_data.register(
            "calls", export=call_privacy.export_person, erase=call_privacy.erase_person
        )
        outbox.register(news.CONSUMER, kinds=news.KINDS)
        personal_data.register(
            "imports", export=import_privacy.export_person, erase=import_privacy.erase_person
        )
        quiet_orders.register("stores", quiet.why_quiet)
