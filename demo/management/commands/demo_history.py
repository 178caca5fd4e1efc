"""`manage.py demo_history`: play the demonstration's past; run once its addresses are told."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from demo.catalogue import SHOPS
from demo.history import play_history
from tracking.tasks import learn_dates


class Command(BaseCommand):
    help = "Play weeks of parcels that have arrived; run by `make demo`."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("The demonstration needs DEMO=1; use `make demo`.")
        for shop in SHOPS:
            arrived = play_history(shop, now=timezone.now())
            if arrived:
                self.stdout.write(f"  {shop.slug}: {arrived} parcels of the last weeks")
        # Otherwise within the hour: a demonstration should not have to wait for the night.
        learn_dates()
