"""What the widget asks: a place no finer than the beginning of a postcode, and a way to send."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.http import QueryDict
from django.utils.translation.trans_real import parse_accept_lang_header

from carriers import registry
from carriers.carrier_names import NAMED
from carriers.countries import country_codes
from edd.quotes import Ask, prefix_of
from lib.gazetteer import find_town

_TEXTS: Final = ("region", "city", "service")
_KNOWN: Final = frozenset(
    {"country", "region", "city", "postcode", "carrier", "service", "sku", "tag", "lang"}
)
_LONGEST: Final = 80
_MOST_NAMES: Final = 20


@dataclass(frozen=True, slots=True)
class Mistake:
    field: str
    message: str


class Wrong(ValueError):
    """The question cannot be answered; `mistakes` say why."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        super().__init__("wrong question")
        self.mistakes = mistakes


def question(query: QueryDict, *, home: str) -> Ask:
    """The question in the address. Raises Wrong. Of a postcode only its beginning is taken.

    Without a country the merchant's own is meant, `home`. A town that we know, in either script,
    is taken with its region.
    """
    mistakes = [
        Mistake(name[:40], "There is no such field. Known here: " + ", ".join(sorted(_KNOWN)) + ".")
        for name in query
        if name not in _KNOWN
    ]
    mistakes += [
        Mistake(name, f"At most {_LONGEST} characters.")
        for name in _TEXTS
        if len(query.get(name, "")) > _LONGEST
    ]
    country = query.get("country", home).strip().upper()
    if country not in country_codes():
        mistakes.append(Mistake("country", "Use ISO 3166-1 alpha-2, e.g. AE."))
    carrier = query.get("carrier", "").strip()
    if carrier and carrier not in registry.CARRIERS and carrier not in NAMED:
        mistakes.append(Mistake("carrier", "We do not know this carrier; it is named by its slug."))
    if any(len(query.getlist(name)) > _MOST_NAMES for name in ("sku", "tag")):
        mistakes.append(Mistake("sku", f"At most {_MOST_NAMES} of each."))
    if mistakes:
        raise Wrong(mistakes)
    region, city, service = (query.get(name, "").strip() for name in _TEXTS)
    town = find_town(country, city)
    return Ask(
        country=country,
        region=region or (town.region if town else ""),
        city=town.names["en"] if town else city,
        prefix=prefix_of(query.get("postcode", "")[:20]),
        carrier=carrier,
        service=service,
        tags=_names(query, "tag"),
        skus=_names(query, "sku"),
    )


def language_of(query: QueryDict, accepted: str, offered: tuple[str, ...]) -> str:
    """The language of the sentences: the address's, the browser's, the merchant's."""
    wishes = [query.get("lang", ""), *(tag for tag, _ in parse_accept_lang_header(accepted))]
    tags = (wish.replace("_", "-").partition("-")[0].lower() for wish in wishes)
    return next((tag for tag in tags if tag in offered), offered[0])


def _names(query: QueryDict, name: str) -> tuple[str, ...]:
    return tuple(sorted({one[:_LONGEST] for one in query.getlist(name) if one}))
