"""One parcel's story: what we know, which scan proves it, and why this date."""

from __future__ import annotations

import json
from typing import Any, Final

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from carriers import registry
from dashboard.clock import Clock
from dashboard.order_facts import origin_words
from dashboard.order_list import flags_of
from dashboard.order_story import Story, item_row
from dashboard.story_changes import meaning
from edd.reasons import explain
from helpdesk.given import given_rows, leg_rows
from helpdesk.held import held_rows, is_held
from helpdesk.hits import LATE
from helpdesk.scans import agreed_window, cut_off_words, dated, silence_words
from lib.carrier_words import own_words_of
from lib.headlines import headline
from lib.vocabulary import RAIL, SUB_STATUSES, Party, Status
from lib.words import DESK_LABELS, MILESTONE_LABELS, place_name, sentence
from notifications.heading import heading_state
from tracking.answers import agreed_day
from tracking.dating import other_dates
from tracking.fold import MappedEvent, ParcelState, fold
from tracking.models import Event, Order, Promise, Shipment, Watch

_RESULTS: Final[dict[str, Lazy]] = {
    "changed": gettext_lazy("Something new"),
    "unchanged": gettext_lazy("Nothing new"),
    "not_found": gettext_lazy("The carrier does not know the number yet"),
    "no_account": gettext_lazy("Not asked: no account of this carrier"),
    "paused": gettext_lazy("Not asked: the account is paused"),
    "needs_field": gettext_lazy("Not asked: the carrier needs more than the number"),
    "budget": gettext_lazy("Not asked: the daily limit is used up"),
    "credentials": gettext_lazy("Credentials refused"),
    "rate_limited": gettext_lazy("Asked to wait"),
    "unavailable": gettext_lazy("No answer"),
    "unreadable": gettext_lazy("Unreadable answer"),
    "bad_request": gettext_lazy("Question refused"),
}
_SOURCES: Final[dict[str, Lazy]] = {
    "merchant": gettext_lazy("as your shop promised"),
    "configuration": gettext_lazy("by your days and the lane's"),
    "carrier": gettext_lazy("by the carrier's own date"),
    "scan": gettext_lazy("by the last scan"),
}
_WHO: Final[dict[Party, Lazy]] = {
    Party.SHOPPER: gettext_lazy("The customer acts next"),
    Party.MERCHANT: gettext_lazy("You act next"),
    Party.CARRIER: gettext_lazy("The carrier acts next"),
}

Overrides = dict[tuple[str, str], int]
"""The merchant's corrections in force: (carrier, code) to version."""


def parcel(
    story: Story,
    shipment: Shipment,
    overrides: Overrides,
    clock: Clock,
    *,
    held_url: str,
    scan_url: str,
    why_url: str,
) -> dict[str, Any]:
    """Everything `order.html` shows about one parcel. `scan_url` explains a scan, with {id} for
    it; `held_url` is where a doubted one is ruled about, "" for who may not;
    `why_url` explains the date."""
    scans: list[Event] = shipment.scans
    counted = [scan for scan in scans if not scan.quarantined]
    by_key = {scan.key: scan for scan in counted}
    state = fold(
        MappedEvent(s.key, s.at or s.received_at, s.sub_status, s.attempt, s.city) for s in counted
    )
    newest = sorted(scans, key=lambda s: (s.at or s.received_at, s.pk), reverse=True)
    return {
        "card": _card(story, shipment, clock),
        "facts": [
            *_facts(shipment, state, by_key, overrides, clock),
            *_other_dates(shipment, story.order),
        ],
        "proofs": _proofs(state, by_key, clock),
        "ledger": _ledger(shipment, clock),
        "why_url": why_url,
        "events": [
            _event(shipment, scan, overrides, clock) | {"explain_url": scan_url.format(id=scan.pk)}
            for scan in newest
            if not scan.quarantined
        ],
        "held": held_rows(
            filter(is_held, newest), clock, url=held_url, acts=bool(held_url), explain_url=scan_url
        ),
    }


def _card(story: Story, shipment: Shipment, clock: Clock) -> dict[str, Any]:
    place = list(story.parcels).index(shipment) + 1
    title = _("Parcel")
    if len(story.parcels) > 1:
        title = _("Parcel %(n)s of %(all)s") % {"n": place, "all": len(story.parcels)}
    agreed = agreed_day(shipment, story.answers, today=clock.today)
    return {
        "title": title,
        "status": shipment.status,
        "flags": [one for one in flags_of([shipment]) if agreed is None or one not in LATE],
        "carrier": registry.name_of(shipment.carrier, language=clock.language),
        "tracking_number": shipment.tracking_number,
        "carrier_url": "",
        "window": agreed_window(clock.day(agreed)) if agreed else _window(shipment, clock),
        "items": [item_row(content.item, content.quantity) for content in shipment.packed],
        "sentence": headline(
            heading_state(story.order, shipment, language=clock.language, now=clock.now),
            clock.language,
        ),
        "url": "",
    }


def _window(shipment: Shipment, clock: Clock) -> dict[str, str] | None:
    """Expected when, with the first promise where it was another one."""
    if shipment.status in {Status.DELIVERED, Status.RETURNED, Status.CANCELLED}:
        return None
    now = clock.window(shipment.edd_first, shipment.edd_last)
    if not now or shipment.return_leg:
        return None
    was = clock.window(shipment.promised_first, shipment.promised_last)
    return {
        "text": dated(shipment, now, clock.language),
        "was": was if was != now else "",
        "sure": str(_SOURCES.get(shipment.edd_source, "")),
    }


def _other_dates(shipment: Shipment, order: Order) -> list[dict[str, Any]]:
    """What shop and carrier said and is not shown, and how likely the promise is missed."""
    said = explain(other_dates(shipment, order))
    return [{"label": _("Other dates"), "value": one, "why": ""} for one in said]


def _facts(
    shipment: Shipment,
    state: ParcelState,
    by_key: dict[str, Event],
    overrides: Overrides,
    clock: Clock,
) -> list[dict[str, Any]]:
    rows = [_status_fact(shipment, state, by_key, overrides, clock)]
    row = SUB_STATUSES.get(shipment.sub_status)
    if row is not None and row.who in _WHO:
        rows.append({"label": _("Who acts"), "value": _WHO[row.who], "why": ""})
    rows += _watch_facts(shipment, clock)
    rows.append(
        {
            "label": _("Number"),
            "value": shipment.tracking_number,
            "mono": True,
            "why": _("Used before; this is its parcel number %(n)s.") % {"n": shipment.generation}
            if shipment.generation > 1
            else "",
        }
    )
    rows += given_rows(shipment.details, language=clock.language, shows_people=True)
    if shipment.service:
        rows.append({"label": _("Service"), "value": shipment.service, "why": ""})
    origin, where = origin_words(shipment.ship_from, "", clock)
    if origin:
        rows.append({"label": _("Sent from"), "value": origin, "why": where})
    return rows + leg_rows(shipment.further_legs, language=clock.language)


def _status_fact(
    shipment: Shipment,
    state: ParcelState,
    by_key: dict[str, Event],
    overrides: Overrides,
    clock: Clock,
) -> dict[str, Any]:
    """Which scan gave the status, and by which rule."""
    scan = by_key.get(state.status_key)
    if shipment.status == Status.EXPIRED:
        why = _("No scan for 45 days. We have stopped asking.")
    elif shipment.withdrawn_at and shipment.status == Status.CANCELLED:
        why = _("The shop took it back, and nobody has scanned it.")
    elif scan is None:
        why = _("No scan has said otherwise.")
    else:
        words = {
            "code": scan.code,
            "when": clock.at_scan(scan.at or scan.received_at, scan.utc_offset),
            "rule": rule(shipment.carrier, scan, overrides),
        }
        why = _("From code %(code)s of %(when)s, %(rule)s") % words
    return {"label": _("Status"), "value": DESK_LABELS[Status(shipment.status)], "why": why}


def rule(carrier: str, scan: Event, overrides: Overrides) -> str:
    """ "read by the adapter map" or "read by your correction, version 2"."""
    version = overrides.get((carrier, scan.code))
    if version is not None:
        return _("read by your correction, version %(n)s") % {"n": version}
    return _("read by the adapter map")


def _watch_facts(shipment: Shipment, clock: Clock) -> list[dict[str, Any]]:
    watch = getattr(shipment, "watch", None)
    if not isinstance(watch, Watch):
        return []
    rows: list[dict[str, Any]] = []
    if watch.carrier_said_at:
        silence = silence_words(shipment, now=clock.now)
        rows.append(_moment(_("Carrier said last"), watch.carrier_said_at, clock, why=silence))
    if watch.asked_at:
        result = str(_RESULTS.get(watch.result, watch.result))
        cut_off = cut_off_words(watch, clock)
        parts = [part for part in (result, cut_off or watch.problem) if part]
        rows.append(_moment(_("Asked last"), watch.asked_at, clock, why=": ".join(parts)))
    elif watch.problem:
        result = str(_RESULTS.get(watch.result, watch.result))
        rows.append({"label": _("Asked last"), "value": _("Never"), "why": result})
    if watch.next_ask_at:
        why = ""
        if watch.failures:
            why = _("After %(n)s tries without an answer we wait longer.") % {"n": watch.failures}
        rows.append(_moment(_("Asked next"), watch.next_ask_at, clock, why=why))
    else:
        why = _("Nothing more is expected, or the carrier tells us by itself.")
        rows.append({"label": _("Asked next"), "value": _("Not planned"), "why": why})
    return rows


def _moment(label: str, moment: Any, clock: Clock, *, why: str = "") -> dict[str, Any]:
    return {"label": label, "value": clock.spoken(moment), "iso": clock.iso(moment), "why": why}


def _proofs(state: ParcelState, by_key: dict[str, Event], clock: Clock) -> list[dict[str, str]]:
    """Each milestone with the scan that proves it."""
    rows = []
    for name in RAIL:
        reached = state.milestones.get(name)
        if reached is None:
            continue
        scan = by_key[reached.key]
        words = {"code": scan.code, "meaning": meaning(scan.sub_status)}
        own, implied = _("Code %(code)s (%(meaning)s)"), _("Implied by %(code)s (%(meaning)s)")
        why = (implied if reached.implied else own) % words
        when = clock.at_scan(reached.at, scan.utc_offset)
        rows.append({"label": str(MILESTONE_LABELS[name]), "value": when, "why": why})
    return rows


def _ledger(shipment: Shipment, clock: Clock) -> list[dict[str, Any]]:
    """Every date we gave, newest first, with its reasons."""
    promises: list[Promise] = shipment.ledger
    return [
        {
            "window": clock.window(made.first, made.last),
            "stage": DESK_LABELS[Status(made.stage)] if made.stage in set(Status) else made.stage,
            "source": _SOURCES.get(made.source, made.source),
            "why": explain(str(code) for code in made.why),
            **clock.pair(made.made_at),
        }
        for made in reversed(promises)
    ]


def _event(
    shipment: Shipment, scan: Event, overrides: Overrides, clock: Clock
) -> dict[str, Any]:  # fmt: skip
    row = SUB_STATUSES.get(scan.sub_status)
    why = "{}: {} · {}".format(
        scan.code or "–", scan.sub_status, rule(shipment.carrier, scan, overrides)
    )
    return {
        "sentence": sentence(scan.sub_status),
        "place": ", ".join(part for part in (place_name(scan.city), scan.country) if part),
        "time": clock.at_scan(scan.at, scan.utc_offset) if scan.at else scan.raw_time,
        "iso": scan.at.isoformat() if scan.at else "",
        "whose": own_words_of(registry.name_of(shipment.carrier, language=clock.language)),
        "carrier_words": scan.description or scan.code or "–",
        "carrier_lang": scan.language if scan.description else "",
        "code": scan.code,
        "why": why,
        "raw": _raw(scan),
        "act": row is not None and row.who in {Party.SHOPPER, Party.MERCHANT},
    }


def _raw(scan: Event) -> str:
    """The scan as it was stored, field by field."""
    fields = {
        "code": scan.code,
        "description": scan.description,
        "at": scan.at.isoformat() if scan.at else None,
        "raw_time": scan.raw_time,
        "zone_source": scan.zone_source,
        "city": scan.city,
        "region": scan.region,
        "country": scan.country,
        "place_code": scan.place_code,
        "attempt": scan.attempt,
        "source": scan.source,
        "received_at": scan.received_at.isoformat(timespec="seconds"),
    }
    kept = {name: value for name, value in fields.items() if value not in ("", None)}
    return json.dumps(kept, ensure_ascii=False, indent=1)
