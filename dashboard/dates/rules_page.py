"""The rules for dates: what they come to now, the usual values, the order of the sources."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from dashboard.clock import Clock, clock_for
from dashboard.dates.consequence import level_rows, levels_note, promise_sentence, valid_until
from dashboard.dates.lines import handling_rows, lane_rows
from dashboard.dates.main_lane import main_lane, recent_parcels
from dashboard.dates.rules_form import UsualForm
from dashboard.dates.source_words import SOURCE_WORDS
from dashboard.dates.tabs import date_tabs
from dashboard.form_fields import components
from dashboard.setup.country import weekend_words
from dashboard.shell import address, go, page
from edd.calendars import weekend
from edd.estimate import Rules, Source
from edd.rule_writing import save_sources, save_usual
from edd.rules import load_rules
from edd.zones import zones_of
from merchants.access import MerchantRequest, member_view, record
from merchants.models import Role
from tracking.models import Shipment
from tracking.redating import date_again, is_dating


@require_safe
@member_view(Role.VIEWER)
def dates(request: MerchantRequest) -> HttpResponseBase:
    """Everybody reads; admins find forms."""
    return _rules_page(request, None, status=200)


@require_POST
@member_view(Role.ADMIN)
def save(request: MerchantRequest) -> HttpResponseBase:
    """Keep the usual values; 400 for what cannot be kept."""
    rules = load_rules(request.merchant.pk)
    form = UsualForm(request.POST, zones=_zones(request, rules, recent_parcels()))
    if not form.is_valid():
        return _rules_page(request, form, status=400)
    usual = form.usual(shop_zone=request.merchant.zone)
    changed = save_usual(merchant_id=request.merchant.pk, usual=usual)
    if not changed:
        messages.info(request, _("Nothing was changed."))
        return go(request, "dates")
    record(merchant=request.merchant, user=request.user, action="dates.changed", **changed)
    say_saved(request)
    return go(request, "dates")


@require_POST
@member_view(Role.ADMIN)
def order(request: MerchantRequest) -> HttpResponseBase:
    """Move one source a place up or down: `move` is "carrier:up"."""
    sources = list(load_rules(request.merchant.pk).sources)
    name, _colon, way = request.POST.get("move", "").partition(":")
    step = {"up": -1, "down": 1}.get(way)
    if step is None or name not in sources:
        raise Http404
    at = sources.index(name)
    to = at + step
    if 0 <= to < len(sources):
        before = ", ".join(sources)
        sources[at], sources[to] = sources[to], sources[at]
        save_sources(merchant_id=request.merchant.pk, sources=sources)
        record(
            merchant=request.merchant, user=request.user, action="dates.order_changed",
            sources=[before, ", ".join(sources)],
        )  # fmt: skip
        say_saved(request)
    return go(request, "dates")


def say_saved(request: MerchantRequest) -> None:
    """New rules: open parcels get their dates by them, in the background."""
    date_again(merchant_id=request.merchant.pk, now=timezone.now())
    messages.success(request, _("Saved."))


def _rules_page(
    request: MerchantRequest, form: UsualForm | None, *, status: int
) -> HttpResponseBase:
    clock, rules = clock_for(request.merchant), load_rules(request.merchant.pk)
    parcels = recent_parcels()
    lane = main_lane(parcels, request.merchant.country)
    promise = lane.promise(rules, clock)
    form = form or UsualForm.showing(rules, zones=_zones(request, rules, parcels))
    levels = level_rows(lane, rules, clock, chosen=str(form["level"].value()))
    context = {
        "tabs": date_tabs(request, "dates"),
        "title": promise_sentence(lane, promise, rules, clock),
        "sentence": valid_until(promise, clock),
        "is_dating": is_dating(request.merchant.pk),
        "fields": {one["name"]: one for one in components(form)},
        "rest_days": _rest_days(form),
        "own_weekend": _own_weekend(request, clock),
        "levels": levels,
        "levels_note": levels_note(levels, lane, clock),
        "save_url": address(request, "dates_save"),
        "facts": _facts(rules, request, clock),
        "sources": _sources(rules.sources),
        "order_url": address(request, "dates_order"),
        "handling": handling_rows(request, rules, parcels, clock),
        "lanes": lane_rows(request, clock),
        "new_handling_url": address(request, "dates_handling_new"),
        "new_lane_url": address(request, "dates_lane_new"),
    }
    return page(request, "dates/rules.html", context, current="dates", status=status)


def _zones(request: MerchantRequest, rules: Rules, parcels: list[Shipment]) -> list[str]:
    """The clocks of the countries that parcels leave from, the shop's own first."""
    countries = dict.fromkeys(
        [request.merchant.country, *(one.order.ship_from_country for one in parcels)]
    )
    zones = [zone for country in countries if country for zone in zones_of(country)]
    return list(dict.fromkeys([request.merchant.zone, rules.zone, *zones]))


def _rest_days(form: UsualForm) -> list[dict[str, Any]]:
    bound = form["rest_days"]
    chosen = {str(value) for value in bound.value() or ()}
    choices = form.fields["rest_days"].choices  # type: ignore[attr-defined]
    return [
        {"value": value, "label": label, "checked": str(value) in chosen}
        for value, label in choices
    ]


def _own_weekend(request: MerchantRequest, clock: Clock) -> str:
    """ "Saturday and Sunday": what counts where no day is chosen."""
    days = weekend(request.merchant.country, year=clock.today.year)
    return weekend_words(",".join(str(day) for day in sorted(days)), clock.language)


def _facts(rules: Rules, request: MerchantRequest, clock: Clock) -> list[dict[str, str]]:
    """The usual values for those who may not change them."""
    rest = weekend_words(",".join(map(str, rules.rest_days)), clock.language)
    return [
        {"label": _("Cut-off"), "value": f"{rules.cut_off:%H:%M}", "why": rules.zone},
        {"label": _("Handling, in working days"), "value": str(rules.handling_days)},
        {"label": _("The warehouse rests on"), "value": rest or _own_weekend(request, clock)},
        {
            "label": _("Tell customers from so many days on"),
            "value": str(rules.announce_days),
        },
    ]


def _sources(sources: tuple[Source, ...]) -> list[dict[str, Any]]:
    last = len(sources) - 1
    return [
        {
            "name": name,
            "label": SOURCE_WORDS[name][0],
            "about": SOURCE_WORDS[name][1],
            "up": place > 0,
            "down": place < last,
        }
        for place, name in enumerate(sources)
    ]
