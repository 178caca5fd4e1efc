"""A store's feed: is it silent, what is expected by hour, and the gaps that were found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from dashboard.clock import Clock, clock_for
from dashboard.feed_words import cause_words, feed_sentence, length, name_of
from dashboard.shell import address, page
from lib import formats
from merchants.access import MerchantRequest, member_view
from merchants.models import Role
from stores.feed.reading import Day, feed_of, last_week
from stores.models import Gap, StoreConnection

_SHOWN: Final = 50
#: The chart's measures, in its own units: an hour's column, and the height of the highest.
_COLUMN: Final = 20
_HEIGHT: Final = 44
_PARTS: Final = ((0, 6), (6, 12), (12, 18), (18, 24))


@require_safe
@member_view(Role.VIEWER)
def feed(request: MerchantRequest, store_id: int) -> HttpResponseBase:
    store = get_object_or_404(StoreConnection.objects.select_related("merchant"), pk=store_id)
    clock = clock_for(request.merchant)
    found = feed_of(store, now=clock.now)
    days = last_week(store, now=clock.now)
    gaps = list(Gap.objects.filter(store=store).order_by("-suspected_at", "-pk")[:_SHOWN])
    context = {
        "crumbs": [
            {"label": _("Stores"), "url": address(request, "stores")},
            {"label": store.name, "url": address(request, "store", store.pk)},
        ],
        "title": feed_sentence(found, clock),
        "sentence": _last_heard(store, clock),
        "days": chart(days, clock),
        "columns": [_("Day"), *(_hours(start, end) for start, end in _PARTS)],
        "gaps": [_gap_row(gap, store, clock) for gap in gaps],
    }
    return page(request, "feed.html", context, current="stores")


def chart(days: Sequence[Day], clock: Clock) -> list[dict[str, Any]]:
    """Each day as columns and a line of steps, on one scale, with its table row."""
    highest = max(
        (value or 0 for day in days for value in (*day.expected, *day.came)), default=0
    )  # fmt: skip
    scale = _HEIGHT / highest if highest else 0.0
    return [_day(day, scale, clock) for day in days]


def _day(day: Day, scale: float, clock: Clock) -> dict[str, Any]:
    bars = [
        {
            "x": hour * _COLUMN + 3,
            "y": f"{_HEIGHT + 2 - n * scale:.1f}",
            "height": f"{n * scale:.1f}",
        }
        for hour, n in enumerate(day.came)
        if n
    ]
    steps = " ".join(
        f"{'M' if hour == 0 else 'L'}{hour * _COLUMN} {_HEIGHT + 2 - rate * scale:.1f}h{_COLUMN}"
        for hour, rate in enumerate(day.expected)
    )
    return {
        "label": clock.day(day.day),
        "bars": bars,
        "steps": steps,
        "sum": _came_of(day.came, day.expected, clock),
        "parts": [
            _came_of(day.came[start:end], day.expected[start:end], clock) for start, end in _PARTS
        ],
    }


def _came_of(came: Sequence[int | None], expected: Sequence[float], clock: Clock) -> str:
    """ "7 of 8 expected", of the hours that are over; "–" where none is."""
    over = [(n, rate) for n, rate in zip(came, expected, strict=True) if n is not None]
    if not over:
        return "–"
    return _("%(n)s, expected %(expected)s") % {
        "n": formats.number(sum(n for n, _rate in over), clock.language),
        "expected": formats.number(round(sum(rate for _n, rate in over)), clock.language),
    }


def _hours(start: int, end: int) -> str:
    return f"{start:02d}:00–{end:02d}:00"


def _last_heard(store: StoreConnection, clock: Clock) -> str:
    if store.last_received_at is None:
        return ""
    return _("Last webhook: %(when)s.") % {"when": clock.spoken(store.last_received_at)}


def _gap_row(gap: Gap, store: StoreConnection, clock: Clock) -> dict[str, Any]:
    end = gap.closed_at or clock.now
    if gap.found:
        tone, icon = "good", "package-check"
        words = ngettext("%(n)s order came back", "%(n)s orders came back", gap.found)
        what = words % {"n": formats.number(gap.found, clock.language)}
        why = cause_words(gap, name_of(store))
    elif gap.closed_at is None:
        tone, icon = "act", "plug-zap"
        what = _("The shop refuses to answer") if gap.problem else _("We are asking the shop")
        why = gap.problem
    else:
        tone, icon, what, why = "quiet", "check", _("Nothing was missing"), ""
    if gap.webhook_repaired:
        why = f"{why} {_('The webhook is on again.')}".strip()
    return {
        "tone": tone,
        "icon": icon,
        "what": what,
        "why": why,
        "length": length(gap.silent_since, end, clock.language),
        **clock.pair(gap.silent_since),
    }
