"""A merchant's configured rules, loaded once for a batch of parcels."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any, Final

from django.db import connection
from django.db.models import Model

from edd.day_rules import day_rules
from edd.disruption_rows import load_disruptions
from edd.estimate import SOURCES, Rules
from edd.handling import Handling
from edd.knowledge import known_to
from edd.lanes import Lane, Transit
from edd.ledger import load_calibrations
from edd.models import (
    Calibration,
    DateRules,
    HandlingRule,
    LaneDays,
    MerchantDayRule,
    MerchantDisruption,
    OperatorDayRule,
    OperatorDisruption,
)
from merchants.models import Merchant

_OWN: Final = "merchant_id = %(merchant)s"
_LIVE: Final = "settled_at IS NULL AND withdrawn_at IS NULL"
#: Who may have something to say: most merchants have said little, and are asked for little.
_SPEAKERS: Final[dict[type[Model], str]] = {
    DateRules: _OWN,
    LaneDays: _OWN,
    HandlingRule: _OWN,
    Calibration: _OWN,
    MerchantDayRule: _OWN,
    OperatorDayRule: "true",
    MerchantDisruption: f"{_OWN} AND {_LIVE}",
    OperatorDisruption: _LIVE,
}
_ASKED: Final = ", ".join(
    f"EXISTS (SELECT FROM {model._meta.db_table} WHERE {which})"
    for model, which in _SPEAKERS.items()
)
_WHO_SPEAKS: Final = (
    f"SELECT country, zone, {_ASKED} FROM {Merchant._meta.db_table}"  # noqa: S608 - our own names
    " WHERE id = %(merchant)s"
)


def load_rules(merchant_id: int) -> Rules:
    """The merchant's rules, or the defaults in its own zone; in its scope. One query, and one for
    each table with something to say; what was learned is loaded anew after each night's learning.
    """
    country, zone, speaking = _who_speaks(merchant_id)
    rules = Rules(
        merchant=merchant_id,
        zone=zone,
        country=country,
        lanes=_lanes(merchant_id) if LaneDays in speaking else (),
        handling=_handling(merchant_id) if HandlingRule in speaking else (),
        day_rules=day_rules(merchant_id) if speaking & {MerchantDayRule, OperatorDayRule} else (),
        known=known_to(merchant_id),
        disruptions=load_disruptions(merchant_id)
        if speaking & {MerchantDisruption, OperatorDisruption}
        else (),
        calibrations=load_calibrations(merchant_id) if Calibration in speaking else (),
    )
    if DateRules not in speaking:
        return rules
    return _with_own(rules, DateRules.objects.get(merchant_id=merchant_id))


def _who_speaks(merchant_id: int) -> tuple[str, str, set[type[Model]]]:
    """The merchant's country and zone, and the tables with something to say to it."""
    with connection.cursor() as cursor:
        cursor.execute(_WHO_SPEAKS, {"merchant": merchant_id})
        found: tuple[Any, ...] | None = cursor.fetchone()
    if found is None:
        raise Merchant.DoesNotExist(f"There is no merchant {merchant_id}")
    country, zone, *speak = found
    return country, zone, {model for model, speaks in zip(_SPEAKERS, speak, strict=True) if speaks}


def _lanes(merchant_id: int) -> tuple[Lane, ...]:
    return tuple(
        Lane(
            lane.carrier,
            lane.service,
            lane.from_country,
            lane.to_country,
            Transit(lane.fastest, lane.slowest),
        )
        for lane in LaneDays.objects.filter(merchant_id=merchant_id).order_by("id")
    )


def _handling(merchant_id: int) -> tuple[Handling, ...]:
    return tuple(
        Handling(rule.kind, rule.match, rule.handling_days, rule.cut_off)  # type: ignore[arg-type]
        for rule in HandlingRule.objects.filter(merchant_id=merchant_id).order_by("id")
    )


def _with_own(rules: Rules, row: DateRules) -> Rules:
    """With what the merchant said of its warehouse and of how sure a date is to be."""
    return replace(
        rules,
        zone=row.zone or rules.zone,
        cut_off=row.cut_off,
        handling_days=row.handling_days,
        rest_days=tuple(row.rest_days),
        closures=tuple(date.fromisoformat(day) for day in row.closures),
        level=row.level,
        sources=tuple(row.sources) or SOURCES,
        announce_days=row.announce_days,
    )
