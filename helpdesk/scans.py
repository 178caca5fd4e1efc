"""One parcel for the desk: its card, its scans in the trade's words, what we know and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, Final, Protocol

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from carriers.registry import name_of
from edd.reasons import explain
from helpdesk.hits import flags_of
from helpdesk.reader import Reader
from lib.carrier_words import own_words_of
from lib.headlines import vouched
from lib.silence_words import Usual, for_work
from lib.vocabulary import TERMINAL, UNKNOWN, Status, status_of
from lib.words import DESK_LABELS, place_name, sentence
from tracking.dating import other_dates
from tracking.models import Event, Order, Shipment, Watch

#: Days of silence that are worth no word.
_SHORT_SILENCE: Final = 2
_NOT_REACHED: Final = frozenset(
    {"unavailable", "unreadable", "credentials", "rate_limited", "paused", "budget"}
)
_ACTS: Final = frozenset({Status.ATTEMPT_FAILED, Status.EXCEPTION, Status.LOST_OR_DESTROYED})


def card(
    parcel: Shipment,
    reader: Reader,
    *,
    index: int,
    count: int,
    items: Sequence[dict[str, Any]],
    agreed: date | None = None,
) -> dict[str, Any]:
    """What `components/parcel.html` takes; `agreed` is the day the carrier comes again."""
    title = _("Parcel")
    if count > 1:
        title = _("Parcel %(index)s of %(count)s") % {"index": index, "count": count}
    return {
        "title": title,
        "status": parcel.status,
        "flags": flags_of([parcel], agreed=agreed),
        "carrier": name_of(parcel.carrier, language=reader.language) if parcel.carrier else "",
        "tracking_number": parcel.tracking_number,
        "carrier_url": "",
        "window": agreed_window(reader.day(agreed)) if agreed else _window(parcel, reader),
        "items": items,
        "sentence": "",
        "url": "",
    }


def agreed_window(day: str) -> dict[str, str]:
    """Of a parcel whose carrier agreed to a day, for `components/window.html`."""
    return {"text": _("Agreed with the carrier for %(day)s") % {"day": day}, "was": "", "sure": ""}


def _window(parcel: Shipment, reader: Reader) -> dict[str, str] | None:
    if parcel.edd_last is None or parcel.status in TERMINAL:
        return None
    now = (parcel.edd_first, parcel.edd_last)
    first = (parcel.promised_first, parcel.promised_last)
    return {
        "text": dated(parcel, reader.window(*now), reader.language),
        "was": reader.window(*first) if first != now and first[1] else "",
        "sure": "",
    }


def dated(parcel: Shipment, when: str, language: str) -> str:
    """The window with what it is worth: only expected, owed by the carrier, or an appointment."""
    kind = parcel.edd_kind if parcel.edd_source == "carrier" else ""
    return vouched(kind, when) or _("Expected %(when)s") % {"when": when}


def trade_words(sub_status: str) -> str:
    """A scan in the trade's words: the status as carriers and merchants name it, and the detail."""
    status = status_of(sub_status)
    if status is None:
        return sentence(UNKNOWN)
    label, detail = str(DESK_LABELS[status]), sentence(sub_status)
    if sub_status.endswith(".generic"):
        return label
    if detail.casefold().startswith(label.casefold()):
        return detail
    return f"{label} · {detail}"


def timeline(events: Iterable[Event], reader: Reader, *, carrier: str) -> list[dict[str, Any]]:
    """What `components/timeline.html` takes; `events` newest first."""
    return [_event(event, reader, carrier) for event in events]


def _event(event: Event, reader: Reader, carrier: str) -> dict[str, Any]:
    at = event.at
    status = status_of(event.sub_status)
    city = place_name(event.city) or event.place_code
    return {
        "sentence": trade_words(event.sub_status),
        "place": ", ".join(part for part in (city, event.country) if part),
        "time": reader.at_scan(at, event.utc_offset) if at else event.raw_time,
        "iso": reader.iso(at) if at else "",
        "whose": own_words_of(carrier),
        "carrier_words": event.description or event.code,
        "carrier_lang": event.language,
        "code": event.code if event.description else "",
        "why": _why(event, reader),
        "raw": "",
        "act": status in _ACTS,
    }


def _why(event: Event, reader: Reader) -> str:
    """How we came to read it so: by which way it came, how the code and the time were read."""
    parts = [
        _("Received %(when)s by %(way)s")
        % {"when": reader.near(event.received_at), "way": way_words(event.source)}
    ]
    if event.sub_status == UNKNOWN:
        parts.append(_("the code %(code)s is in no table of ours") % {"code": event.code})
    else:
        parts.append(
            _("the code %(code)s means %(result)s")
            % {"code": event.code, "result": event.sub_status}
        )
    if event.zone_source == "assumed":
        parts.append(_("the carrier names no time zone"))
    return pgettext("between the parts of a sentence", ", ").join(parts)


def way_words(source: str) -> str:
    """By which way a scan came to us."""
    ways = {
        "poll": pgettext("how a scan came", "polling"),
        "push": pgettext("how a scan came", "the carrier’s webhook"),
        "api": pgettext("how a scan came", "the API"),
        "csv": pgettext("how a scan came", "a file"),
        "manual": pgettext("how a scan came", "a colleague"),
        "store": pgettext("how a scan came", "the shop"),
    }
    return ways.get(source, source)


def facts(
    parcel: Shipment,
    order: Order,
    watch: Watch | None,
    why: Sequence[str],
    reader: Reader,
    *,
    why_url: str,
) -> list[dict[str, str]]:
    """What `components/kv.html` takes: the status's source, the date's reasons, the next look.

    `why_url` explains the date at length.
    """
    rows = [
        {"label": _("Status"), "value": trade_words(parcel.sub_status), "why": parcel.sub_status}
    ]
    if parcel.edd_last is not None:
        rows.append(
            {
                "label": _("Date"),
                "value": reader.window(parcel.edd_first, parcel.edd_last),
                "why": ". ".join(explain([*why, *other_dates(parcel, order)])),
                "url": why_url,
            }
        )
    if parcel.attempts:
        text = ngettext("%(n)s failed attempt", "%(n)s failed attempts", parcel.attempts)
        rows.append({"label": _("Attempts"), "value": text % {"n": parcel.attempts}})
    if parcel.service:
        rows.append({"label": _("Service"), "value": parcel.service})
    if watch is not None:
        rows += _looks(parcel, watch, reader)
    return rows


class Times(Protocol):
    """A clock as desk and dashboard have it."""

    def spoken(self, moment: datetime) -> str: ...


def silence_words(parcel: Shipment, *, now: datetime) -> str:
    """Whether the carrier's silence is normal here; "" while it is short or nothing is awaited."""
    if parcel.last_event_at is None or parcel.status in TERMINAL:
        return ""
    days = (now - parcel.last_event_at).days
    if days < _SHORT_SILENCE and not parcel.stalled:
        return ""
    return for_work(Usual.read(parcel.usual_silence), days=max(days, 1), is_stalled=parcel.stalled)


def cut_off_words(watch: Watch, times: Times) -> str:
    """Since when we do not reach the carrier; "" when the last look was answered."""
    if watch.result not in _NOT_REACHED or watch.answered_at is None:
        return ""
    when = times.spoken(watch.answered_at)
    words = _("We could not reach the carrier since %(when)s") % {"when": when}
    return f"{words}: {watch.problem}" if watch.problem else words


def _looks(parcel: Shipment, watch: Watch, reader: Reader) -> list[dict[str, str]]:
    """When the carrier was asked last, with what result, and when next."""
    rows = []
    if watch.carrier_said_at:
        said = reader.pair(watch.carrier_said_at)
        silence = silence_words(parcel, now=reader.now)
        rows.append({"label": _("Carrier said last"), "value": said["time"], "iso": said["iso"],
                     "why": silence})  # fmt: skip
    if watch.asked_at:
        asked = reader.pair(watch.asked_at)
        rows.append(
            {
                "label": _("Last look"),
                "value": asked["time"],
                "iso": asked["iso"],
                "why": cut_off_words(watch, reader) or watch.problem,
            }
        )
    if watch.next_ask_at:
        rows.append({"label": _("Next look"), "value": reader.near(watch.next_ask_at)})
    elif watch.asked_at:
        rows.append({"label": _("Next look"), "value": _("none is planned")})
    return rows
