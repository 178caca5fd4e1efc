"""`edd.ics`: the expected days as a calendar that moves with them. Nothing personal is in it.

Calendars are shared and synchronised, so the page's own address, which is the proof of who may
read it, is not in them either.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from carriers.registry import name_of
from lib import icalendar, limits
from lib.icalendar import AllDay
from merchants.scope import merchant_scope
from storefront_pages.preferences import Held, held_by
from storefront_pages.views import private
from tracking.calendar_entries import entries_of
from tracking.models import CalendarEntry, Shipment

#: Looks of all programs that have one link's calendar.
LOOKS_A_LINK: Final = (120, 3600)
#: How often a program should look again.
_EVERY: Final = timedelta(hours=1)
_STATUS: Final[dict[str, Literal["TENTATIVE", "CONFIRMED", "CANCELLED"]]] = {
    CalendarEntry.State.TENTATIVE: "TENTATIVE",
    CalendarEntry.State.CONFIRMED: "CONFIRMED",
    CalendarEntry.State.CANCELLED: "CANCELLED",
}


@require_safe
@private
def calendar(request: HttpRequest, token: str, merchant: str = "") -> HttpResponse:
    """The order's days; 304 where nothing moved, 404 for a link that is none or was revoked,
    429 with Retry-After for too many looks."""
    held = held_by(request, token, merchant)
    if isinstance(held, HttpResponse):
        return held
    limit, seconds = LOOKS_A_LINK
    window = limits.count(f"calendar:{held.marked.link_id}", limit=limit, seconds=seconds)
    if window.is_over:
        refused = HttpResponse("Too many requests.\n", status=429, content_type="text/plain")
        refused.headers["Retry-After"] = str(window.seconds_left)
        return refused
    text = _calendar(held, language=held.language(request), now=datetime.now(UTC))
    etag = f'"{hashlib.blake2b(text.encode(), digest_size=12).hexdigest()}"'
    known = request.headers.get("If-None-Match", "")
    if etag in (one.strip().removeprefix("W/") for one in known.split(",")):
        response: HttpResponse = HttpResponseNotModified()
    else:
        response = HttpResponse(text, content_type=icalendar.MEDIA_TYPE)
        how = "attachment" if "download" in request.GET else "inline"
        response.headers["Content-Disposition"] = f'{how}; filename="parcel.ics"'
    response.headers["ETag"] = etag
    return response


def _calendar(held: Held, *, language: str, now: datetime) -> str:
    with merchant_scope(held.merchant.pk):
        entries = entries_of(held.order, now=now)
        carriers = _carriers(held, entries, language=language)
    with translation.override(language):
        named = {"number": held.order.number, "shop": held.merchant.name}
        events = [_event(one, carriers[one.shipment_id], named) for one in entries]
        return icalendar.calendar(_("Order %(number)s") % named, events, every=_EVERY)


def _carriers(held: Held, entries: Sequence[CalendarEntry], *, language: str) -> dict[int, str]:
    """Who brings each parcel, in the reader's script; "" where the shop does not tell."""
    ids = [one.shipment_id for one in entries]
    if held.marked.brand.get("hide_carrier"):
        return dict.fromkeys(ids, "")
    rows = Shipment.objects.filter(pk__in=ids).values_list("pk", "carrier")
    return {pk: name_of(slug, language=language) for pk, slug in rows}


def _event(entry: CalendarEntry, carrier: str, named: dict[str, Any]) -> AllDay:
    is_pickup = entry.what == CalendarEntry.What.PICKUP
    summary = (
        _("Last day to collect order %(number)s from %(shop)s")
        if is_pickup
        else _("Expected: order %(number)s from %(shop)s")
    )
    return AllDay(
        uid=str(entry.uid),
        sequence=entry.sequence,
        stamp=entry.changed_at,
        first=entry.first,
        last=entry.last,
        summary=summary % named,
        description=carrier,
        status=_STATUS[entry.state],
    )
