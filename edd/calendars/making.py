"""The three calendars of a promise: the warehouse's, the pick-up's and the courier's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Literal

from edd.calendars.calendar import Calendar
from edd.calendars.days import DayRule, narrowed
from edd.calendars.facts import (
    COURIER_KEEPS,
    COURIER_REST,
    GULF,
    NATIONAL_ONLY,
    OFFICE_DAY_SERVICES,
)
from edd.calendars.national import subdivision


@lru_cache(maxsize=4096)
def delivery_calendar(
    country: str,
    carrier: str,
    service: str = "",
    region: str = "",
    rules: tuple[DayRule, ...] = (),
) -> Calendar:
    """The days on which this carrier delivers there with this service.

    `region` is a code or name as an address has it; `rules` are all that anybody said.
    """
    return _courier(country, carrier, service, region, rules, part="delivery")


def warehouse_calendar(
    country: str,
    *,
    rest_days: Iterable[int] = (),
    closures: Iterable[date] = (),
    rules: tuple[DayRule, ...] = (),
    region: str = "",
) -> Calendar:
    """The days on which a merchant's warehouse packs parcels.

    No rest days mean the country's own; a week of seven is a mistake and means the same.
    """
    own = frozenset(rest_days)
    return Calendar(
        country,
        own if 0 < len(own) < 7 else None,
        frozenset(closures),
        region=region,
        rules=narrowed(rules, part="warehouse", country=country, region=region),
        slows=True,
    )


def pickup_calendar(
    warehouse: Calendar, carrier: str, service: str = "", rules: tuple[DayRule, ...] = ()
) -> Calendar:
    """The days on which this carrier collects: the warehouse is open, and the carrier works there.

    Not slow: a lorry that comes takes what is ready.
    """
    courier = _courier(warehouse.country, carrier, service, "", rules, part="pickup")
    return replace(warehouse, slows=False, also=courier)


def _courier(
    country: str,
    carrier: str,
    service: str,
    region: str,
    rules: tuple[DayRule, ...],
    *,
    part: Literal["pickup", "delivery"],
) -> Calendar:
    rest = COURIER_REST.get((country, carrier), COURIER_REST.get((country, "")))
    if service.casefold().startswith(OFFICE_DAY_SERVICES) and country not in GULF:
        rest = None
    keeps = COURIER_KEEPS.get((country, carrier), COURIER_KEEPS.get((country, ""), "couriers"))
    code = subdivision(country, region)
    return Calendar(
        country,
        rest,
        region="" if country in NATIONAL_ONLY else code,
        rules=narrowed(
            rules, part=part, country=country, region=code or region, carrier=carrier,
            service=service,
        ),
        keeps=keeps,
    )  # fmt: skip
