"""The carriers that hubs serve: thousands, listed by the hubs themselves and found by name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

from django.core.cache import cache
from django.db.models import Q, QuerySet
from redis.exceptions import RedisError

from carriers import carrier_names, registry
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
        one.code[:80]: Courier(
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
    with suppress(RedisError):  # the names are read anew after a while
        cache.delete(_NAMES)
    return len(rows)


def slug_for(name: str) -> str:
    """Our slug for a carrier's name: our own adapter's, or the one that shops' names lead to."""
    plain = _plain(name)
    own = _own_slugs().get(plain) or carrier_names.slug_of_exact(name)
    return own or plain[:40].strip("_")


def slug_listed(hub: str, code: str) -> str:
    """Our slug for a code of this hub's list; empty when it lists none."""
    slugs = Courier.objects.filter(hub=hub, code=code).values_list("slug", flat=True)
    return slugs.first() or ""


def slug_told(words: str, *, hub: str = "") -> str:
    """Our slug for a carrier as a carrier writes it, or the hub that told; empty for nothing."""
    return (slug_listed(hub, words) if hub else "") or slug_for(words)


def codes_of(hubs: Iterable[str], slugs: Iterable[str]) -> dict[tuple[str, str], str]:
    """(hub, our slug) → the hub's code.

    A hub may list a carrier country by country ("DPD", "DPD Poland"): the plain name goes first.
    """
    rows = Courier.objects.filter(hub__in=list(hubs), slug__in=list(slugs))
    best: dict[tuple[str, str], Courier] = {}
    for row in sorted(rows, key=lambda one: (len(one.name), one.pk)):
        best.setdefault((row.hub, row.slug), row)
    return {key: row.code for key, row in best.items()}


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
    try:
        names: dict[str, str] | None = cache.get(_NAMES)
        if names is None:
            names = dict(Courier.objects.order_by("-pk").values_list("slug", "name"))
            cache.set(_NAMES, names, _NAMES_SECONDS)
    except RedisError:  # a page is shown without a cache, too
        row = Courier.objects.filter(slug=slug).order_by("pk").first()
        return row.name if row else ""
    return names.get(slug, "")


def _own_slugs() -> dict[str, str]:
    return {_plain(one.name): one.slug for one in registry.CARRIERS.values() if not one.is_hub}


def _plain(name: str) -> str:
    """`Österreichische Post` as `osterreichische_post`; names in other scripts become empty."""
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "_", letters).strip("_")
