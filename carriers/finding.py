"""Which carrier somebody means by a name: ours, or one that a connected hub serves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from carriers import registry
from carriers.base import Carrier
from carriers.carrier_names import OWN_FLEET, slug_of
from carriers.couriers import served_by, slug_for
from carriers.models import Courier
from lib.folding import fold

#: So many names are offered for one that we do not know.
_OFFERED: Final = 3
#: How alike two names are at least, where one may be a slip of the other.
_ALIKE: Final = 0.75


@dataclass(frozen=True, slots=True)
class Found:
    """The carrier's slug; or none, and the names that may have been meant, best first.

    `is_shared`: the words stand in all of these names, so they were too few.
    """

    slug: str = ""
    near: tuple[str, ...] = ()
    is_shared: bool = False


def find_carrier(text: str, *, hubs: Sequence[str], language: str = "en") -> Found:
    """The carrier of a name (or slug) in any usual spelling; nothing is guessed.

    `hubs` are those of the merchant. A hub's own name goes before the first word of a longer
    one: "DPD Romania" is what the hub calls so, and DPD only where no hub knows better.
    """
    words = fold(text)
    slug = _own_names().get(words) or _courier(text, hubs) or slug_of(text)
    if slug or not words:
        return Found(slug)
    holding = list(_holding(words, text, hubs, language))
    if holding:
        return Found(near=tuple(holding[:_OFFERED]), is_shared=len(holding) > 1)
    return Found(near=tuple(_alike(words, hubs, language)))


def own_carriers() -> list[Carrier]:
    """Everybody who carries parcels and has an adapter of ours, by name."""
    found = [one for one in registry.CARRIERS.values() if not one.is_hub]
    return sorted(found, key=lambda one: one.name.casefold())


def hubs_among(slugs: Iterable[str]) -> list[str]:
    """The hubs among connected carriers."""
    return [slug for slug in slugs if slug in registry.CARRIERS and registry.get(slug).is_hub]


def _own_names() -> dict[str, str]:
    names = {fold(name): one.slug for one in own_carriers() for name in (one.name, one.name_ar)}
    names.pop("", None)
    return names | {one.slug: one.slug for one in own_carriers()} | {OWN_FLEET: OWN_FLEET}


def _courier(text: str, hubs: Sequence[str]) -> str:
    """The slug of a hub's carrier with exactly this name, apart from case and accents."""
    slug = slug_for(text[:120]) if hubs else ""
    if not slug:
        return ""
    return slug if Courier.objects.filter(hub__in=hubs, slug=slug).exists() else ""


def _holding(words: str, text: str, hubs: Sequence[str], language: str) -> Iterator[str]:
    """Names that hold the words: ours first."""
    own = own_carriers()
    for one in own:
        if words in fold(f"{one.name} {one.name_ar}"):
            yield registry.name_of(one.slug, language=language)
    known = {one.slug for one in own}
    for courier in served_by(hubs, words=text, limit=_OFFERED) if hubs else ():
        if courier.slug not in known:
            yield courier.name


def _alike(words: str, hubs: Sequence[str], language: str) -> list[str]:
    names = {
        fold(name): registry.name_of(one.slug, language=language)
        for one in own_carriers()
        for name in (one.name, one.name_ar)
        if name
    }
    if hubs:
        listed = Courier.objects.filter(hub__in=hubs).values_list("name", flat=True)
        names = {fold(name): name for name in listed} | names
    near = get_close_matches(words, names, n=_OFFERED, cutoff=_ALIKE)
    return list(dict.fromkeys(names[one] for one in near))
