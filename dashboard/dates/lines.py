"""Handling that differs and days on a lane, as the rules page lists them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from carriers.registry import name_of
from dashboard.clock import Clock
from dashboard.dates.rules_form import KINDS
from dashboard.order_list import country_name
from dashboard.shell import address
from edd.estimate import Rules
from edd.handling import Handling, fits
from edd.models import HandlingRule, LaneDays
from lib import formats
from merchants.access import MerchantRequest
from tracking.goods import Goods, goods_of, read_skus
from tracking.models import Shipment
from tracking.scans import Parcel


def handling_rows(
    request: MerchantRequest, rules: Rules, parcels: Sequence[Shipment], clock: Clock
) -> list[dict[str, Any]]:
    """Each rule, with how many of these newest parcels it is about: a typing error says 0."""
    rows = list(HandlingRule.objects.order_by("kind", "match", "pk"))
    goods = recent_goods(parcels, rules) if rows else []
    return [
        {
            "what": KINDS[HandlingRule.Kind(row.kind)],
            "match": row.match,
            "days": row.handling_days,
            "cut_off": formats.time_of_day(row.cut_off, clock.language) if row.cut_off else "",
            "fits": _fits(row, goods),
            "url": address(request, "dates_handling", row.pk),
        }
        for row in rows
    ]


def recent_goods(parcels: Sequence[Shipment], rules: Rules) -> list[Goods]:
    """What the handling of these parcels hangs on."""
    held = [Parcel(one) for one in parcels]
    read_skus(held, rules)
    return [goods_of(one.shipment, one.shipment.order, one.skus or ()) for one in held]


def lane_rows(request: MerchantRequest, clock: Clock) -> list[dict[str, Any]]:
    """Each line of days, with "any" where nothing is said."""
    return [
        {
            "carrier": name_of(row.carrier, language=clock.language) if row.carrier else _("Any"),
            "service": row.service or _("Any"),
            "from": _country(row.from_country, clock),
            "to": _country(row.to_country, clock),
            "days": f"{row.fastest}–{row.slowest}",
            "url": address(request, "dates_lane", row.pk),
        }
        for row in LaneDays.objects.order_by("to_country", "carrier", "service", "pk")
    ]


def _country(code: str, clock: Clock) -> str:
    return country_name(code, clock.language) if code else _("Any")


def _fits(row: HandlingRule, goods: Sequence[Goods]) -> str:
    rule = Handling(row.kind, row.match, row.handling_days)  # type: ignore[arg-type]
    count = sum(fits(rule, one) for one in goods)
    return _("%(n)s of the last %(all)s") % {"n": count, "all": len(goods)}
