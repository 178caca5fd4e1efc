"""The adapters as a table for people: that of docs/carriers.md. No Django."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from carriers.base import Carrier, Limits

#: In the order of the page. A carrier at home in several of them stands under `_SEVERAL`.
_REGIONS: Final = {
    "Middle East and Africa": "AE BH DZ EG ET GH IL IQ IR JO KE KW LB LY MA NG OM PS QA SA SD SN SY"
    " TN TZ UG YE ZA ZM ZW",
    "South Asia": "AF BD BT IN LK MV NP PK",
    "East and Southeast Asia": "BN CN HK ID JP KH KR LA MM MN MO MY PH SG TH TW VN",
    "Europe": "AD AL AM AT AZ BA BE BG BY CH CY CZ DE DK EE ES FI FR GB GE GR HR HU IE IS IT KZ LI"
    " LT LU LV MC MD ME MK MT NL NO PL PT RO RS RU SE SI SK SM TR UA XK",
    "Americas": "AR BO BR CA CL CO CR DO EC GT HN JM MX NI PA PE PR PY SV US UY VE",
    "Oceania": "AU FJ NC NZ PF PG",
}
_SEVERAL: Final = "Several regions"
_ANYWHERE: Final = "Anywhere"
_HUBS: Final = "Aggregators"

_REGION_OF: Final = {code: name for name, codes in _REGIONS.items() for code in codes.split()}
_COLUMNS: Final = (
    "name", "slug", "known", "push", "batch", "limits", "needs", "countries"
)  # fmt: skip


def markdown(carriers: Iterable[Carrier]) -> str:
    """One table a region, aggregators last. Those without a fixed address are left out, as on
    the carriers page: the sandbox is for demonstrations."""
    shown = [one for one in carriers if one.base_url or not one.is_asked]
    groups: dict[str, list[Carrier]] = {
        name: [] for name in (*_REGIONS, _SEVERAL, _ANYWHERE, _HUBS)
    }
    for carrier in sorted(shown, key=lambda one: one.name.casefold()):
        groups[_region(carrier)].append(carrier)
    return "\n".join(_table(name, rows) for name, rows in groups.items() if rows)


def limits_in_words(limits: Limits) -> str:
    """Such as "5 a second, 250 a day"."""
    named = (
        (limits.per_second, "a second"), (limits.per_hour, "an hour"), (limits.per_day, "a day"),
        (limits.per_parcel_per_day, "a day for each parcel"),
    )  # fmt: skip
    return ", ".join(f"{count:,g} {words}" for count, words in named if count) or "none named"


def _region(carrier: Carrier) -> str:
    if carrier.is_hub:
        return _HUBS
    regions = {_REGION_OF.get(code, _SEVERAL) for code in carrier.countries}
    if not regions:
        return _ANYWHERE
    return regions.pop() if len(regions) == 1 else _SEVERAL


def _table(name: str, carriers: Sequence[Carrier]) -> str:
    rows = [_COLUMNS, ("---",) * len(_COLUMNS), *map(_row, carriers)]
    lines = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    return f"### {name}\n\n{lines}\n"


def _row(carrier: Carrier) -> tuple[str, ...]:
    push = "yes" if carrier.push else "–"
    return (
        carrier.name,
        f"`{carrier.slug}`",
        carrier.proven,
        "registered" if carrier.push and carrier.registers else push,
        str(carrier.batch_size) if carrier.is_asked else "–",
        limits_in_words(carrier.limits) if carrier.is_asked else "only pushes",
        ", ".join(carrier.needs) or "–",
        ", ".join(carrier.countries) or "any",
    )
