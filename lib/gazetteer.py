"""Places that matter to parcels: where they are, and how they are written in which script.

`gazetteer.csv` is ours: the larger towns of the Gulf first, then the hubs of the world's carriers.
`region` is the emirate, governorate, province or state. `also` are spellings that carriers use,
`parts` districts and airports that lie there and have names of their own, both set apart by ";";
`codes` are IATA's. Places are degrees rounded to a hundredth, from general knowledge; a region
stands where its main town is. `gazetteer_names.csv` has the names in further languages where they
are written otherwise than in English.

`offered` are the places that people choose from a list, where a postcode leads nowhere; those most
parcels go to stand first in their country. Not offered is what only a map needs: quarters of
industry that are part of a city in the list, countries whose shoppers give a postcode, and those
of which we know so few towns that a list would read as if we went nowhere else.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

from lib.folding import fold

_HERE: Final = Path(__file__).parent
#: What follows a city on the same line: "Dubai, AE", "DUBAI - UAE", "Riyadh (North)".
_AFTER: Final = re.compile(r"\s*(?:[,/(،]|\s-\s).*")
_STATE: Final = re.compile(r"[A-Z]{2}")


@dataclass(frozen=True, slots=True)
class City:
    """One place; `latitude` and `longitude` in degrees. `names` by language, "en" always.

    The English name is the one that merchants' rules and carriers write.
    """

    country: str
    region: str
    latitude: float
    longitude: float
    names: dict[str, str] = field(hash=False)

    def name(self, language: str) -> str:
        """As it is written in this language ("zh-hans", "ar-SA"); in English where nobody knows."""
        tag = language.lower().replace("_", "-")
        return self.names.get(tag) or self.names.get(tag.partition("-")[0]) or self.names["en"]


def find(city: str) -> City | None:
    """The city of this name in any spelling; None for a name that is unknown, or of two cities."""
    return _only(_by_name().get(fold(city), ()), "", "")


def locate(city: str, country: str, *, region: str = "", code: str = "") -> City | None:
    """Where a carrier or a shop says that something is; None where that is not certain.

    `country` is ISO 3166-1 alpha-2; without it a name that two countries share is nobody's.
    `code` is the carrier's own for the place, which counts only as an airport of that country.
    """
    for text in (city, _AFTER.sub("", city)):
        named = _by_name().get(fold(text), ()) or _by_part().get(fold(text), ())
        if found := _only(named, country, region):
            return found
    airports = (_by_code().get((country, text.strip().upper())) for text in (code, city))
    return next((found for found in airports if found is not None), None)


def towns_of(country: str) -> tuple[City, ...]:
    """The towns to choose from, those most parcels go to first; empty where nobody does."""
    return _offered().get(country, ())


def find_town(country: str, text: str) -> City | None:
    """The town to choose that somebody means who writes this; None for one that is not offered.

    In any of its names and spellings, with and without the article.
    """
    return _town_by_name().get((country, fold(text))) if text else None


def _only(found: tuple[City, ...], country: str, region: str) -> City | None:
    """The one of these cities in the country and the region, as far as those are known."""
    fits = [
        one
        for one in found
        if country in {"", one.country} and not _elsewhere(one.region, region.strip().upper())
    ]
    return fits[0] if len(fits) == 1 else None


def _elsewhere(known: str, said: str) -> bool:
    """Whether two states are known by their letters and differ: Portland is in Maine as well."""
    return bool(_STATE.fullmatch(known) and _STATE.fullmatch(said) and known != said)


@cache
def _by_name() -> dict[str, tuple[City, ...]]:
    return _keyed((city, (row["en"], row["ar"], *_list(row["also"]))) for city, row in _cities())


@cache
def _by_part() -> dict[str, tuple[City, ...]]:
    return _keyed((city, _list(row["parts"])) for city, row in _cities())


@cache
def _by_code() -> dict[tuple[str, str], City]:
    return {(city.country, code): city for city, row in _cities() for code in row["codes"].split()}


@cache
def _offered() -> dict[str, tuple[City, ...]]:
    towns: dict[str, tuple[City, ...]] = defaultdict(tuple)
    for city, row in _cities():
        if row["offered"]:
            towns[city.country] += (city,)
    return dict(towns)


@cache
def _town_by_name() -> dict[tuple[str, str], City]:
    found: dict[tuple[str, str], City] = {}
    for city, row in _cities():
        for text in (*city.names.values(), *_list(row["also"])) if row["offered"] else ():
            key = fold(text)
            for spelling in (key, key.removeprefix("al ").removeprefix("ال")):
                found.setdefault((city.country, spelling), city)
    return found


def _keyed(spelled: Iterable[tuple[City, Iterable[str]]]) -> dict[str, tuple[City, ...]]:
    found: dict[str, tuple[City, ...]] = defaultdict(tuple)
    for city, spellings in spelled:
        for key in dict.fromkeys(fold(text) for text in spellings):
            found[key] += (city,)
    return dict(found)


@cache
def _cities() -> tuple[tuple[City, dict[str, str]], ...]:
    """Each city with its row."""
    further = {row.pop("en"): {k: v for k, v in row.items() if v} for row in _rows("_names")}
    return tuple((_city(row, further), row) for row in _rows())


def _city(row: dict[str, str], further: dict[str, dict[str, str]]) -> City:
    return City(
        country=row["country"],
        region=row["region"],
        latitude=float(row["latitude"]),
        longitude=float(row["longitude"]),
        names={"en": row["en"], "ar": row["ar"], **further.get(row["en"], {})},
    )


def _list(text: str) -> list[str]:
    return [one for one in text.split(";") if one]


def _rows(part: str = "") -> Iterator[dict[str, str]]:
    with (_HERE / f"gazetteer{part}.csv").open(encoding="utf-8", newline="") as table:
        yield from csv.DictReader(table)
