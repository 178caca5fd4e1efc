"""A merchant's configured rules, loaded once for a batch of parcels."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from edd.day_rules import day_rules
from edd.disruption_rows import load_disruptions
from edd.estimate import SOURCES, Rules
from edd.handling import Handling
from edd.knowledge import known_to
from edd.lanes import Lane, Transit
from edd.ledger import load_calibrations
from edd.models import DateRules, HandlingRule, LaneDays
from merchants.models import Merchant


def load_rules(merchant_id: int) -> Rules:
    """The merchant's rules, or the defaults in its own zone; nine queries, in its scope;
    what was learned is loaded anew after each night's learning."""
    country, zone = Merchant.objects.values_list("country", "zone").get(pk=merchant_id)
    row = DateRules.objects.filter(merchant_id=merchant_id).first()
    lanes = tuple(
        Lane(
            lane.carrier,
            lane.service,
            lane.from_country,
            lane.to_country,
            Transit(lane.fastest, lane.slowest),
        )
        for lane in LaneDays.objects.filter(merchant_id=merchant_id).order_by("id")
    )
    handling = tuple(
        Handling(rule.kind, rule.match, rule.handling_days, rule.cut_off)  # type: ignore[arg-type]
        for rule in HandlingRule.objects.filter(merchant_id=merchant_id).order_by("id")
    )
    rules = Rules(
        merchant=merchant_id,
        zone=zone,
        country=country,
        lanes=lanes,
        handling=handling,
        day_rules=day_rules(merchant_id),
        known=known_to(merchant_id),
        disruptions=load_disruptions(merchant_id),
        calibrations=load_calibrations(merchant_id),
    )
    return rules if row is None else _with_own(rules, row)


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
