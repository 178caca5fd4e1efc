"""`manage.py remap CARRIER CODE SUB_STATUS`: an operator's reading of a code, for all merchants."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from carriers import registry
from merchants.models import Merchant
from merchants.scope import merchant_scope
from tracking.remap import NoSuchMeaning, merchants_with, place_for_all, preview

_SHOWN = 20


class Command(BaseCommand):
    help = (
        "Read a carrier's code as this sub-status, for every merchant that has not placed it"
        " itself, and derive its parcels again. Nobody is messaged. Without --yes only what would"
        " change is shown."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("carrier", help="a carrier's slug")
        parser.add_argument("code", help="its code, as the dashboard shows it")
        parser.add_argument("sub_status", help='one of ours, e.g. customs.delay, or "unknown"')
        parser.add_argument("--note", default="", help="why, for whoever asks later")
        parser.add_argument("--yes", action="store_true", help="do it")

    def handle(self, *args: Any, **options: Any) -> None:
        carrier, code, sub_status = (options[name] for name in ("carrier", "code", "sub_status"))
        if carrier not in registry.CARRIERS:
            raise CommandError(f"There is no carrier {carrier!r}; see manage.py carriers.")
        try:
            self._show(carrier, code, sub_status)
            if not options["yes"]:
                self.stdout.write("Nothing was changed. Say it again with --yes to do it.")
                return
            placed = place_for_all(
                carrier=carrier, code=code, sub_status=sub_status, note=options["note"][:200],
                now=timezone.now(),
            )  # fmt: skip
        except NoSuchMeaning as error:
            raise CommandError(f"{error}; see lib/vocabulary.py.") from error
        self.stdout.write(
            f"Version {placed.version}: {placed.scans} scans of {placed.parcels} parcels were read"
            " again. Nobody was messaged."
        )

    def _show(self, carrier: str, code: str, sub_status: str) -> None:
        """What would change, shop by shop."""
        for merchant in Merchant.objects.filter(pk__in=merchants_with(carrier=carrier, code=code)):
            with merchant_scope(merchant.pk):
                found = preview(
                    carrier=carrier, code=code, sub_status=sub_status, now=timezone.now()
                )
            self.stdout.write(
                f"{merchant.slug}: {found.scans} scans of {found.parcels} parcels,"
                f" {len(found.moved)} would stand elsewhere"
            )
            for moved in found.moved[:_SHOWN]:
                self.stdout.write(f"  {moved.tracking_number:<24} {moved.before} -> {moved.after}")
            if len(found.moved) > _SHOWN:
                self.stdout.write(f"  and {len(found.moved) - _SHOWN} more")
