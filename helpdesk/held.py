"""Scans that were set aside, as desk and dashboard show them, and what a person says of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, Protocol

from django.http import Http404
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from carriers.registry import name_of
from helpdesk.scans import trade_words
from lib.words import doubt_label, doubt_sentence, place_name
from merchants.access import MerchantRequest
from tracking.models import Event, Ruling
from tracking.quarantine import rule

#: What became of it: tone, icon, word.
STATES: Final[dict[str, tuple[str, str, Promise]]] = {
    "": ("wait", "hourglass", _("Waits for you")),
    Ruling.RELEASED: ("good", "circle-check", _("Counted")),
    Ruling.REJECTED: ("quiet", "ban", _("Left out")),
}


class Times(Protocol):
    """A clock as desk and dashboard have it."""

    def pair(self, moment: Any) -> dict[str, str]: ...

    def at_scan(self, moment: Any, offset_minutes: int) -> str: ...


def held_rows(
    events: Iterable[Event], times: Times, *, url: str, acts: bool, explain_url: str = ""
) -> list[dict[str, Any]]:
    """Rows of `desk/_held.html`; both addresses have {id} where the scan's goes."""
    return [
        _row(event, times, url=url, acts=acts) | {"explain_url": explain_url.format(id=event.pk)}
        for event in events
    ]


def is_held(event: Event) -> bool:
    """Set aside, or ruled about."""
    return bool(event.quarantined or event.ruling)


def _row(event: Event, times: Times, *, url: str, acts: bool) -> dict[str, Any]:
    doubt = event.ruled_for or event.quarantined
    tone, icon, word = STATES[event.ruling]
    place = ", ".join(part for part in (place_name(event.city), event.country) if part)
    return {
        "id": event.pk,
        "what": trade_words(event.sub_status),
        "carrier": name_of(event.shipment.carrier, language=get_language() or "en"),
        "number": event.shipment.tracking_number,
        "code": event.code,
        "words": event.description,
        "lang": event.language,
        "place": place,
        "at": times.at_scan(event.at, event.utc_offset) if event.at else event.raw_time,
        "at_iso": event.at.isoformat() if event.at else "",
        "doubt": doubt_label(doubt),
        "why": doubt_sentence(doubt),
        "tone": tone,
        "icon": icon,
        "state": str(word),
        "by": (event.ruled_by.name or event.ruled_by.email) if event.ruled_by else "",
        "url": url.format(id=event.pk) if acts and not event.ruling else "",
        **times.pair(event.ruled_at),
    }


def rule_posted(request: MerchantRequest, event_id: int) -> tuple[int, bool]:
    """Do what the posted `do` says (released, rejected): the order's id, and whether it was new.

    404 for a scan that is not there and for any other word.
    """
    event = Event.objects.select_related("shipment").filter(pk=event_id).first()
    if event is None or request.POST.get("do") not in Ruling.values:
        raise Http404
    ruling = Ruling(request.POST["do"])
    is_new = rule(event=event, ruling=ruling, by=request.user, now=timezone.now())
    order_id: int = event.shipment.order_id
    return order_id, is_new
