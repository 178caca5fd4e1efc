"""Why this date: one parcel's window in words and numbers, and what others say of it."""

from __future__ import annotations

from typing import Any, Final
from zoneinfo import ZoneInfo

from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from carriers import registry
from dashboard.charts import day_bars, percent
from dashboard.clock import Clock, clock_for
from dashboard.dates.main_lane import MainLane
from dashboard.dates.source_words import SOURCE_WORDS
from dashboard.shell import address, page
from edd.distribution import Distribution
from edd.estimate import Estimate, Parcel, Rules, Source, estimate
from edd.opinions import Opinion, Verdict, opinions
from edd.reasons import explain
from edd.rules import load_rules
from lib.vocabulary import TERMINAL, Status
from lib.words import DESK_LABELS
from merchants.access import MerchantRequest, member_view
from merchants.models import Role
from tracking import scans
from tracking.dated_parcel import dated_parcel
from tracking.goods import read_skus
from tracking.models import Promise, Shipment

_VERDICTS: Final[dict[Verdict, Lazy]] = {
    "used": gettext_lazy("This one is shown"),
    "outranked": gettext_lazy("Another one comes first in your order"),
    "scan": gettext_lazy("Not heard: the last scan says more"),
}
#: What it means that a source names no date.
_NOTHING: Final[dict[Source, Lazy]] = {
    "merchant": gettext_lazy("The shop sent none"),
    "carrier": gettext_lazy("The carrier has named none"),
    "engine": gettext_lazy("Too few parcels were followed on this lane so far"),
    "configuration": gettext_lazy("There are no days for this lane"),
}


@require_safe
@member_view(Role.VIEWER)
def why(request: MerchantRequest, shipment_id: int) -> HttpResponseBase:
    """The steps to the date, each source's word, the chances by day, and every date given."""
    shipment = get_object_or_404(Shipment.objects.select_related("order"), pk=shipment_id)
    clock = clock_for(request.merchant)
    given = list(Promise.objects.filter(shipment=shipment).order_by("-made_at", "-pk"))
    context = {
        "crumbs": [
            {"label": _("Orders"), "url": address(request, "orders")},
            {
                "label": shipment.order.number,
                "url": address(request, "order", shipment.order_id),
            },
        ],
        "title": _title(shipment, clock),
        "sentence": _carried(shipment, clock),
        "steps": explain(str(code) for code in given[0].why) if given else [],
        "given": [_given_row(one, clock) for one in given],
        "rules_url": address(request, "dates"),
        **_now(shipment, clock),
    }
    return page(request, "dates/why.html", context, current="orders")


def _title(shipment: Shipment, clock: Clock) -> str:
    """The answer: when, where, and who says so."""
    place = MainLane(shipment.order.country, city=shipment.order.city).place(clock)
    if shipment.status == Status.DELIVERED and shipment.delivered_at:
        zone = ZoneInfo(shipment.edd_zone) if shipment.edd_zone else clock.zone
        day = clock.day(shipment.delivered_at.astimezone(zone).date())
        return _("Delivered on %(day)s in %(place)s") % {"day": day, "place": place}
    if shipment.edd_last is None or shipment.status in TERMINAL or shipment.return_leg:
        return _("No date is expected for this parcel")
    window = clock.window(shipment.edd_first, shipment.edd_last)
    return _("Expected %(window)s in %(place)s") % {"window": window, "place": place}


def _carried(shipment: Shipment, clock: Clock) -> str:
    name = registry.name_of(shipment.carrier, language=clock.language)
    label = DESK_LABELS[Status(shipment.status)]
    return f"{name} · {shipment.tracking_number} · {label}"


def _now(shipment: Shipment, clock: Clock) -> dict[str, Any]:
    """What each source says at this moment; empty once there is nothing to wait for."""
    rules = load_rules(shipment.merchant_id)
    held = scans.Parcel(shipment)
    read_skus([held], rules)
    parcel = dated_parcel(shipment, shipment.order, shipment, held.skus or ())
    made = estimate(parcel, rules, now=clock.now)
    if made is None:
        return {"opinions": []}
    found: dict[str, Any] = {"opinions": _opinion_rows(parcel, rules, made, clock)}
    if made.chances is not None:
        found |= _chances(shipment, made, made.chances, clock)
    return found


def _opinion_rows(
    parcel: Parcel, rules: Rules, made: Estimate, clock: Clock
) -> list[dict[str, Any]]:
    rows = [
        {
            "label": SOURCE_WORDS[one.source][0],
            "window": clock.window(one.first, one.last),
            "verdict": _verdict(one, parcel, made),
            "used": one.verdict == "used",
        }
        for one in opinions(parcel, rules, made, now=clock.now)
    ]
    if made.source == "scan":
        window = clock.window(made.first, made.last)
        scan = {"label": SOURCE_WORDS["scan"][0], "window": window, "used": True}
        rows.insert(0, scan | {"verdict": str(_VERDICTS["used"])})
    return rows


def _verdict(one: Opinion, parcel: Parcel, made: Estimate) -> str:
    if one.verdict == "nothing":
        return str(_NOTHING[one.source])
    if one.verdict != "not_counted":
        return str(_VERDICTS[one.verdict])
    if parcel.picked_up_at is None:
        return _("Printed with the label: it counts from the first scan on")
    if one.last is not None and one.last < made.first:
        return _("This day is over")
    return _("Too wide or too far away to be believed")


def _chances(
    shipment: Shipment, made: Estimate, chances: Distribution, clock: Clock
) -> dict[str, Any]:
    """The bars, and in one sentence what matters about them."""
    promised = shipment.promised_last
    best = chances.best()
    likeliest = percent(float(chances.mass[(best - chances.start).days]), clock)
    marks = {best: _("likeliest")}
    if promised is not None:
        marks[promised] = _("promised") if promised != best else _("likeliest, and promised")
    lines = [
        _("The single likeliest day is %(day)s: %(share)s.")
        % {"day": clock.day(best), "share": likeliest},
        _("By %(day)s, the last day we show, %(share)s of such parcels have come.")
        % {"day": clock.day(made.last), "share": percent(1 - chances.risk_after(made.last), clock)},
    ]
    if promised is not None:
        words = {"day": clock.day(promised)}
        words["share"] = percent(chances.risk_after(promised), clock)
        lines.append(_("That it comes after %(day)s, as first promised: %(share)s.") % words)
    bars = day_bars(chances, first=made.first, last=made.last, marks=marks, clock=clock)
    return {"bars": bars, "chances": lines}


def _given_row(made: Promise, clock: Clock) -> dict[str, Any]:
    known = made.stage in set(Status)
    source = SOURCE_WORDS.get(made.source)  # type: ignore[call-overload]
    return {
        **clock.pair(made.made_at),
        "stage": DESK_LABELS[Status(made.stage)] if known else made.stage,
        "window": clock.window(made.first, made.last),
        "source": source[0] if source else made.source,
    }
