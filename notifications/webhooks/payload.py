"""What is sent: `{"type", "timestamp", "sequence", "data"}`, described in docs/webhooks.md.

`data` has the parcel or the order as the REST API shows it, and `change`: what the news is.
Nothing of a person is in it that the API would not tell the same merchant's key.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from notifications.models import Message
from notifications.webhooks import shapes
from notifications.webhooks.events import TEST
from tracking.models import Change, Order, Shipment

Json = dict[str, Any]

#: What a case's change keeps beside the words that were written, which stay here.
_OF_CASE: Final = ("case", "event", "kind", "outcome")


def parcel_news(event: str, change: Change, shipment: Shipment, *, tracking_url: str) -> str:
    """The body of news about a parcel."""
    return _body(
        event,
        change,
        {
            "shipment": shapes.shipment_shape(shipment),
            "order": shapes.order_in_brief(shipment.order, tracking_url=tracking_url),
        },
    )


def order_news(event: str, change: Change, order: Order, *, tracking_url: str) -> str:
    """The body of news about an order."""
    return _body(event, change, {"order": shapes.order_shape(order, tracking_url=tracking_url)})


def message_news(event: str, message: Message, *, at: datetime) -> str:
    """The body of news about a message: which, by what, how it stands. No text, no address."""
    about = {
        "id": message.pk,
        "order_id": message.order_id,
        "shipment_id": message.shipment_id,
        "role": message.recipient.role,
        "topic": message.topic,
        "channel": message.channel,
        "language": message.language,
        "state": message.state,
        "reason_code": message.reason_code,
        "at": shapes.instant(at),
    }
    return _text(
        {
            "type": event,
            "timestamp": shapes.instant(at),
            "sequence": message.change_id,
            "data": {"message": about},
        }
    )


def test_news(*, now: datetime) -> str:
    """The body of a test: nothing happened."""
    data = {"note": "A test, sent by hand. Nothing happened."}
    return _text({"type": TEST, "timestamp": shapes.instant(now), "sequence": 0, "data": data})


def _body(event: str, change: Change, about: Json) -> str:
    return _text(
        {
            "type": event,
            "timestamp": shapes.instant(change.at),
            "sequence": change.pk,
            "data": {**about, "change": _CHANGES[change.kind](change)},
        }
    )


def _text(payload: Json) -> str:
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":"))


def _milestone(change: Change) -> Json:
    name, _, number = change.key.partition(":")
    found: Json = {"milestone": name}
    if number.isdigit():
        found |= {"attempt": int(number), "sub_status": change.data.get("sub_status", "")}
    return found


def _status(change: Change) -> Json:
    return {"sub_status": change.key.partition("@")[0]}


def _date(change: Change) -> Json:
    return {
        "was": _window(change.data.get("was")),
        "now": _window(change.data.get("now")),
        "source": change.data.get("source", ""),
    }


def _window(days: list[str] | None) -> Json | None:
    """A change keeps a day that was open as the word None."""
    if days is None:
        return None
    first, last = (None if day == str(None) else day for day in days)
    return {"from": first, "to": last}


def _flag(change: Change) -> Json:
    return {"flag": change.key.partition(":")[0]}


def _due(change: Change) -> Json:
    day = change.key.partition(":")[2]
    return {"day": day} if day else {}


def _order_fact(change: Change) -> Json:
    name, _, of = change.key.partition(":")
    if name == "case":
        return {key: change.data[key] for key in _OF_CASE if key in change.data}
    if name == "address":
        return {"needs": change.data.get("needs", [])}
    if name == "refund":
        return {"refund": of}
    return {"day": of} if name == "partly_dispatched" else {}


_CHANGES: Final[Mapping[str, Callable[[Change], Json]]] = {
    Change.Kind.MILESTONE: _milestone,
    Change.Kind.STATUS: _status,
    Change.Kind.DATE: _date,
    Change.Kind.FLAG: _flag,
    Change.Kind.DUE: _due,
    Change.Kind.ORDER: _order_fact,
}
