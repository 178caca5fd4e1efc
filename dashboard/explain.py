"""One scan explained: what came, by which rule it was read, and what follows from it."""

from __future__ import annotations

import json
from typing import Any, Final

from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from carriers import registry
from carriers.table_version import table_version
from dashboard.clock import Clock, clock_for
from dashboard.codes import code_link
from dashboard.connections import readable
from dashboard.shell import address, page
from helpdesk.held import held_rows, is_held
from helpdesk.scans import trade_words, way_words
from inbox.models import Delivery
from lib.vocabulary import SUB_STATUSES, UNKNOWN, Fault, Party
from lib.words import MILESTONE_LABELS, doubt_sentence, place_name
from merchants.access import MerchantRequest, may, member_view
from merchants.models import Role
from tracking.fold import MappedEvent, fold
from tracking.models import CodeOverride, Event, OperatorOverride, RawAnswer

_ZONES: Final[dict[str, Promise]] = {
    "carrier": gettext_lazy("The carrier named the zone"),
    "facility": gettext_lazy("The zone of the place of the scan"),
    "assumed": gettext_lazy("Nobody named a zone: this one was assumed"),
}
_WHO: Final[dict[Party, Promise]] = {
    Party.SHOPPER: gettext_lazy("The customer"),
    Party.MERCHANT: gettext_lazy("The shop"),
    Party.CARRIER: gettext_lazy("The carrier"),
    Party.NOBODY: gettext_lazy("Nobody"),
}
_FAULTS: Final[dict[Fault, Promise]] = {
    Fault.NOBODY: gettext_lazy("Nobody’s"),
    Fault.CARRIER: gettext_lazy("The carrier’s"),
    Fault.RETAILER: gettext_lazy("The shop’s"),
    Fault.CONSIGNEE: gettext_lazy("The customer’s"),
    Fault.CUSTOMS: gettext_lazy("Of customs"),
    Fault.WEATHER: gettext_lazy("The weather’s"),
}


@require_safe
@member_view(Role.VIEWER)
def scan(request: MerchantRequest, event_id: int) -> HttpResponseBase:
    """From what the carrier sent to what we say, step by step."""
    event = get_object_or_404(
        Event.objects.select_related("shipment__order", "ruled_by"), pk=event_id
    )
    clock, shipment = clock_for(request.merchant), event.shipment
    url = address(request, "scan_rule", 0).replace("/0/", "/{id}/")
    order_url = address(request, "order", shipment.order_id)
    raw, source = _raw(event)
    context = {
        "crumbs": [
            {"label": _("Orders"), "url": address(request, "orders")},
            {"label": shipment.order.number, "url": order_url},
        ],
        "title": _("Why %(code)s is read so") % {"code": event.code or "–"},
        "sentence": trade_words(event.sub_status),
        "steps": [*_said(event, clock), *_read(event, clock), *_follows(event)],
        "place_url": code_link(request, shipment.carrier, event.code)
        if may(request.role, Role.ADMIN)
        else "",
        "held": held_rows(
            filter(is_held, [event]), clock, url=url, acts=may(request.role, Role.AGENT)
        ),
        "here": request.path,
        "raw": raw,
        "raw_source": source,
    }
    return page(request, "scan.html", context, current="orders")


def _row(label: str, value: str, why: str = "") -> dict[str, Any]:
    return {"label": label, "value": value, "why": why}


def _said(event: Event, clock: Clock) -> list[dict[str, Any]]:
    """What the carrier said, and how it came."""
    name = registry.name_of(event.shipment.carrier, language=clock.language)
    place = ", ".join(
        part for part in (place_name(event.city), event.region, event.country) if part
    )
    when = clock.at_scan(event.at, event.utc_offset) if event.at else event.raw_time
    zone = str(_ZONES.get(event.zone_source, event.zone_source))
    given = _("given as %(text)s") % {"text": event.raw_time} if event.raw_time else ""
    came = _("Received %(when)s by %(way)s") % {
        "when": clock.spoken(event.received_at),
        "way": way_words(event.source),
    }
    return [
        _row(_("Carrier"), name, came),
        _row(_("Code"), event.code or "–", event.description),
        _row(_("When"), when, " · ".join(part for part in (zone, given) if part)),
        _row(_("Where"), place or event.place_code or "–"),
    ]


def _read(event: Event, clock: Clock) -> list[dict[str, Any]]:
    """The rule, and what the code means by it."""
    row = SUB_STATUSES.get(event.sub_status)
    rows = [
        _row(_("Rule"), *_rule(event, clock)),
        _row(_("Means"), trade_words(event.sub_status), event.sub_status),
    ]
    if row is not None:
        rows += [
            _row(_("Who acts next"), str(_WHO[row.who])),
            _row(_("Whose fault"), str(_FAULTS[row.fault])),
        ]
    return rows


def _rule(event: Event, clock: Clock) -> tuple[str, str]:
    """Which table the meaning is from: (its name, its edition and author)."""
    key = {"carrier": event.shipment.carrier, "code": event.code}
    own = CodeOverride.objects.select_related("author").filter(**key).first()
    if own is not None:
        by = (own.author.name or own.author.email) if own.author else _("Somebody who left")
        words = {"n": own.version, "by": by, "when": clock.spoken(own.changed_at)}
        return _("Your correction"), _("Version %(n)s by %(by)s, %(when)s") % words
    operator = OperatorOverride.objects.filter(**key).first()
    if operator is not None:
        words = {"n": operator.version, "when": clock.spoken(operator.changed_at)}
        why = _("Version %(n)s, %(when)s") % words
        return _("The operator’s correction"), f"{why} · {operator.note}".rstrip(" ·")
    edition = table_version(event.shipment.carrier)
    if event.source in {"api", "manual", "csv"} or not edition:
        return _("Your own word"), _("It was sent with its meaning")
    if event.sub_status == UNKNOWN:
        words = {"edition": edition}
        return _("No rule"), _("The code is not in the adapter’s table (%(edition)s)") % words
    return _("The adapter’s own table"), _("Edition %(edition)s") % {"edition": edition}


def _follows(event: Event) -> list[dict[str, Any]]:
    """Whether it counts, and what it gave the parcel."""
    if event.quarantined:
        return [_row(_("Counts"), _("No, it is set aside"), doubt_sentence(event.quarantined))]
    if event.sub_status == UNKNOWN:
        why = _("It is kept, and changes nothing but the last place and time")
        return [_row(_("Counts"), _("No, it cannot be read"), why)]
    rows = Event.objects.filter(shipment_id=event.shipment_id, quarantined="").values_list(
        "key", "at", "received_at", "sub_status", "attempt", "city"
    )
    state = fold(
        MappedEvent(key, at or received, sub_status, attempt, city)
        for key, at, received, sub_status, attempt, city in rows
    )
    gave = [str(MILESTONE_LABELS[name]) for name, reached in state.milestones.items()
            if reached.key == event.key]  # fmt: skip
    if state.status_key == event.key:
        why = _("The parcel stands where this scan says")
    else:
        why = _("Another scan says where the parcel stands now")
    found = [_row(_("Counts"), _("Yes"), why)]
    if gave:
        found.append(_row(_("Proves"), " · ".join(gave)))
    return found


def _raw(event: Event) -> tuple[str, str]:
    """The body it was read from, as text, and what that is; "" once it is forgotten."""
    if event.poll_id is not None:
        answer = RawAnswer.objects.filter(pk=event.poll_id).first()
        if answer is not None:
            return _shown(answer.text), _("The carrier’s answer, as it came")
    if event.push_id is not None:
        delivery = Delivery.objects.filter(pk=event.push_id).first()
        if delivery is not None and delivery.body:
            return _shown(bytes(delivery.body)), _("The carrier’s webhook, as it came")
    return "", ""


def _shown(body: bytes) -> str:
    """JSON with its lines broken; anything else as it is."""
    try:
        return readable(json.dumps(json.loads(body), ensure_ascii=False, indent=1).encode())
    except (ValueError, RecursionError):
        return readable(body)
