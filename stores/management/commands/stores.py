"""`manage.py stores`: every platform that can be connected, as the table of docs/stores.md."""

from __future__ import annotations

from typing import Any, Final

from django.core.management.base import BaseCommand

from stores.base import Store, Way
from stores.registry import STORES

_WAYS: Final[dict[Way, str]] = {
    "oauth": "consent",
    "handshake": "consent at the shop",
    "install": "our app, installed",
    "keys": "keys",
    "by_hand": "webhooks by hand",
}
_WRITES: Final = {"parcel": "parcels", "address": "address", "tags": "tags", "note": "notes"}


class Command(BaseCommand):
    help = "List the shops and marketplaces Homeward can be connected to."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(table())


def table() -> str:
    """The platforms as Markdown, by name."""
    head = "| platform | known | connected by | told by | writes back |\n|---|---|---|---|---|"
    stores = sorted(STORES.values(), key=lambda one: one.name.casefold())
    return "\n".join([head, *(_row(store) for store in stores)])


def _row(store: Store) -> str:
    told = ["webhooks"] if store.topics or store.app_topics else []
    told += ["asking"] if store.has_api else []
    writes = ", ".join(word for kind, word in _WRITES.items() if kind in store.writes)
    name = f"[{store.name}]({store.documentation})"
    ways = ", ".join(_WAYS[way] for way in store.ways)
    return f"| {name} | {store.proven} | {ways} | {' and '.join(told)} | {writes or '–'} |"
