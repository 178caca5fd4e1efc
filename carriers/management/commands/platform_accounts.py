"""`manage.py platform_accounts [list | add SLUG | remove SLUG]`: the operator's own accounts.

Merchants may use them in fair shares where they have none of their own. Secrets are asked
for, never taken from the command line, where other people of the machine could read them.
"""

from __future__ import annotations

from getpass import getpass
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from carriers.models import PlatformAccount
from carriers.registry import CARRIERS
from lib.encryption import seal


class Command(BaseCommand):
    help = "List, add or remove the accounts that merchants share."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb")
        verbs.add_parser("list", help="what there is (the default)")
        add = verbs.add_parser("add", help="add an account, or give it new secrets")
        add.add_argument("slug", help="the carrier; see `manage.py carriers`")
        add.add_argument("--per-second", type=float, help="calls a second the carrier granted")
        add.add_argument("--per-day", type=int, help="calls a day the carrier granted")
        add.add_argument("--base-url", default="", help="the vendor's test system")
        remove = verbs.add_parser("remove", help="remove it: who uses it is asked no more")
        remove.add_argument("slug")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["verb"] == "add":
            self._add(options)
        elif options["verb"] == "remove":
            self._remove(options["slug"])
        else:
            self._list()

    def _list(self) -> None:
        rows = list(PlatformAccount.objects.order_by("carrier"))
        for row in rows:
            limits = (
                f"{row.calls_per_second or 'usual'} a second, {row.calls_per_day or 'usual'} a day"
            )
            state = "" if row.is_active else "; switched off"
            self.stdout.write(f"{row.carrier:<16} {limits}{state}")
        if not rows:
            self.stdout.write("There are none: every merchant connects its own accounts.")

    def _add(self, options: dict[str, Any]) -> None:
        carrier = CARRIERS.get(options["slug"])
        if carrier is None or not carrier.is_asked:
            raise CommandError(f"There is no carrier {options['slug']!r} that can be asked.")
        secrets = {}
        for one in carrier.secrets:
            ask = getpass if one.secret else input
            value = ask(f"{one.label}{' (may stay empty)' if one.optional else ''}: ").strip()
            if not value and not one.optional:
                raise CommandError(f"{one.label} is needed. Nothing was saved.")
            if value:
                secrets[one.name] = value
        _, is_new = PlatformAccount.objects.update_or_create(
            carrier=carrier.slug,
            defaults={
                "secrets": seal(secrets),
                "base_url": options["base_url"],
                "calls_per_second": options["per_second"],
                "calls_per_day": options["per_day"],
                "is_active": True,
                "paused_until": None,
            },
        )
        verb = "Added" if is_new else "Changed"
        self.stdout.write(f"{verb}. Merchants find it where they connect {carrier.name}.")

    def _remove(self, slug: str) -> None:
        gone, _ = PlatformAccount.objects.filter(carrier=slug).delete()
        if not gone:
            raise CommandError(f"There is no shared account with {slug!r}.")
        self.stdout.write("Removed.")
