"""Words about days, from rows and into rows; the only writer of both tables.

The merchant's functions are called in its scope.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Any, Final, cast

from django.db.models import QuerySet

from edd.calendars import FEASTS, Day, DayRule, Part, feast_days, subdivision
from edd.models import MerchantDayRule, OperatorDayRule

_COLUMNS: Final = tuple(column.name for column in fields(DayRule) if column.init)
#: Two feasts of one kind are at least 11 months apart; so near it is the same one.
_SAME_FEAST: Final = timedelta(days=20)
#: In days. Nobody rests longer; the calendars do not believe it either.
LONGEST: Final = 60


class NotADayRule(ValueError):
    """What was said makes no rule; `args[0]` is "order", "long" or "when"."""


class FeastUnknown(ValueError):
    """No such feast is expected in this country near this day."""


@dataclass(frozen=True, slots=True)
class StoredRule:
    """A rule with the id of its row."""

    id: int
    rule: DayRule


def day_rules(merchant_id: int) -> tuple[DayRule, ...]:
    """All that is said for this merchant, its own words first, the newest before older ones."""
    own = MerchantDayRule.objects.filter(merchant_id=merchant_id)
    return tuple(stored.rule for stored in (*_stored(own), *operators_rules()))


def merchants_rules(merchant_id: int) -> list[StoredRule]:
    """A merchant's own rules, the newest first."""
    return _stored(MerchantDayRule.objects.filter(merchant_id=merchant_id))


def operators_rules(country: str = "") -> list[StoredRule]:
    """The operator's rules, the newest first; of one country where it is given."""
    rows = OperatorDayRule.objects.all()
    return _stored(rows.filter(country=country) if country else rows)


def add_for_merchant(*, merchant_id: int, rule: DayRule) -> StoredRule:
    """Keep a merchant's word. Raises NotADayRule."""
    row = MerchantDayRule.objects.create(merchant_id=merchant_id, **_columns(rule))
    return StoredRule(row.pk, rule)


def remove_for_merchant(*, merchant_id: int, rule_id: int) -> DayRule | None:
    """Take a merchant's word back; None where there is none."""
    row = MerchantDayRule.objects.filter(merchant_id=merchant_id, pk=rule_id).first()
    if row is None:
        return None
    row.delete()
    return _rule(row)


def add_for_all(*, rule: DayRule) -> StoredRule:
    """Keep the operator's word. Raises NotADayRule."""
    row = OperatorDayRule.objects.create(**_columns(rule))
    return StoredRule(row.pk, rule)


def remove_for_all(*, rule_id: int) -> DayRule | None:
    """Take the operator's word back; None where there is none."""
    row = OperatorDayRule.objects.filter(pk=rule_id).first()
    if row is None:
        return None
    row.delete()
    return _rule(row)


def confirm_feast(*, feast: str, country: str, begins: date, last: date | None) -> StoredRule:
    """Say when a feast is: its days of rest move as a whole, so that it begins on that day.

    `begins` is 1 Shawwal or 10 Dhu al-Hijja there; days before it (Arafah) move along. `last` is
    the last day of rest, where it is announced otherwise. Raises FeastUnknown.
    """
    found = feast_days(country, feast, near=begins)
    if feast not in FEASTS or found is None:
        raise FeastUnknown(f"No {feast} is expected in {country} near {begins}")
    first = begins - (found.begins - found.first)
    last = last or begins + (found.last - found.begins)
    rule = DayRule(country=country, first=first, last=last, name=feast)
    columns = _columns(rule)
    OperatorDayRule.objects.filter(
        country=country,
        name=feast,
        first__range=(first - _SAME_FEAST, first + _SAME_FEAST),
    ).delete()
    return StoredRule(OperatorDayRule.objects.create(**columns).pk, rule)


def _stored(rows: QuerySet[Any]) -> list[StoredRule]:
    return [StoredRule(row.pk, _rule(row)) for row in rows.order_by("-pk")]


def _rule(row: MerchantDayRule | OperatorDayRule) -> DayRule:
    return DayRule(
        country=row.country,
        region=row.region,
        carrier=row.carrier,
        service=row.service,
        first=row.first,
        last=row.last,
        kind=Day(row.kind),
        name=row.name,
        certain=row.certain,
        part=cast("Part", row.part),
        weekday=row.weekday,
    )


def _columns(rule: DayRule) -> dict[str, Any]:
    """The rule as a row's values; regions by their code where they have one."""
    if rule.first and rule.last and rule.first > rule.last:
        raise NotADayRule("order")
    if rule.weekday == 0 and not (rule.first and rule.last):
        raise NotADayRule("when")
    rests = rule.weekday == 0 and rule.kind is Day.REST
    if rests and rule.first and rule.last and (rule.last - rule.first).days >= LONGEST:
        raise NotADayRule("long")
    code = subdivision(rule.country, rule.region)
    values = {name: getattr(rule, name) for name in _COLUMNS}
    return values | {"region": code or rule.region}
