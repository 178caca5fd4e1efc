"""The carriers that hubs serve: thousands, listed by the hubs themselves and found by name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.core.cache import cache
from django.db.models import Q, QuerySet

from carriers import registry
from carriers.base import HubCourier
from carriers.models import Courier

#: A list this old is asked for again.
STALE_AFTER: Final = timedelta(days=7)
_NAMES: Final = "courier-names"
_NAMES_SECONDS: Final = 600


def keep_couriers(hub: str, found: Sequence[HubCourier], *, now: datetime) -> int:
    """Write a hub's list down; what it no longer lists goes. Returns how many it serves.

    An empty list changes nothing: a hub without carriers is a mistake.
    """
    rows = {
        one.code: Courier(
            hub=hub,
            code=one.code[:80],
            slug=slug_for(one.name),
            name=one.name[:120],
            countries=",".join(one.countries)[:200],
            seen_at=now,
        )
        for one in found
        if one.code and slug_for(one.name)
    }
    if not rows:
        return 0
    Courier.objects.bulk_create(
        rows.values(),
        update_conflicts=True,
        unique_fields=["hub", "code"],
        update_fields=["slug", "name", "countries", "seen_at"],
        batch_size=500,
    )
    Courier.objects.filter(hub=hub, seen_at__lt=now).delete()
    cache.delete(_NAMES)
    return len(rows)


def slug_for(name: str) -> str:
    """Our slug for a hub's name of a carrier: that of our own adapter where the names agree."""
    plain = _plain(name)
    own = _own_slugs().get(plain)
    return own or plain[:40].strip("_")


def served_by(hubs: Iterable[str], *, words: str = "", limit: int = 50) -> list[Courier]:
    """Carriers of these hubs whose name or slug holds the words, one a slug, by name."""
    found = list(served(hubs, words=words)[:limit])
    return sorted(found, key=lambda one: one.name.casefold())


def served(hubs: Iterable[str], *, words: str = "") -> QuerySet[Courier]:
    """The same, unlimited and by slug."""
    rows = Courier.objects.filter(hub__in=list(hubs))
    if words.strip():
        held = Q(name__icontains=words.strip())
        plain = _plain(words)
        rows = rows.filter(held | Q(slug__icontains=plain) if plain else held)
    return rows.order_by("slug", "pk").distinct("slug")


def is_stale(hub: str, *, now: datetime) -> bool:
    """Whether a hub's list is missing or old."""
    return not Courier.objects.filter(hub=hub, seen_at__gte=now - STALE_AFTER).exists()


def name_of(slug: str) -> str:
    """A hub's name for a carrier without an adapter of ours; empty when no hub knows it."""
    names: dict[str, str] | None = cache.get(_NAMES)
    if names is None:
        names = dict(Courier.objects.order_by("-pk").values_list("slug", "name"))
        cache.set(_NAMES, names, _NAMES_SECONDS)
    return names.get(slug, "")


def _own_slugs() -> dict[str, str]:
    return {_plain(one.name): one.slug for one in registry.CARRIERS.values() if not one.is_hub}


def _plain(name: str) -> str:
    """`Österreichische Post` as `osterreichische_post`; names in other scripts become empty."""
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "_", letters).strip("_")
