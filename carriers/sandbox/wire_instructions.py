"""The house carrier's delivery instructions as a server, beside UPS's tracking.

POST one with an `Idempotency-Key`, GET it by that key. The answer is always
`{"instruction": {"status", "id", "requestedDate", "reason"}}`; status RECEIVED, ACCEPTED,
REFUSED, or UNKNOWN (404) for a key that was never given.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import unquote

from carriers.sandbox.faces import WireAnswer, WireCall, json_answer
from carriers.sandbox.instructions import Given, judge
from carriers.sandbox.state import State
from carriers.sandbox.wire_ups import is_authorised, unauthorised

PATH: Final = "/api/delivery/v1/instructions"
#: The carriers of this server that take instructions.
CARRIERS: Final = frozenset({"sandbox"})


def is_meant(carrier: str, call: WireCall) -> bool:
    """Whether this request is about instructions, of a carrier that takes them."""
    return carrier in CARRIERS and call.path.startswith(PATH)


def answer(call: WireCall, carrier: str, state: State, now: datetime) -> WireAnswer:
    """One request; an instruction that is accepted moves its parcel on."""
    if not is_authorised(call):
        return unauthorised()
    if call.method == "POST" and call.path == PATH:
        return _give(call, carrier, state, now)
    if call.method == "GET":
        return _told(state.instructions.get(carrier, unquote(call.path[len(PATH) + 1 :])), now)
    return json_answer({"error": "There is nothing at this address"}, status=404)


def _give(call: WireCall, carrier: str, state: State, now: datetime) -> WireAnswer:
    key = call.headers.get("Idempotency-Key", "")
    asked = _object(call.body)
    if not key or asked is None:
        return json_answer({"error": "Idempotency-Key and a JSON object are required"}, status=422)
    known = state.instructions.get(carrier, key)
    if known is None:
        number = str(asked.get("trackingNumber", ""))
        row = state.parcels.get(carrier, number)
        gap = timedelta(seconds=row.live_gap_seconds if row else 0)
        view = state.parcels.seen(carrier, number, now)
        known = judge(asked, view, carrier=carrier, key=key, now=now, gap=gap)
        state.take(known)
        state.save(now)
    return _told(known, now)


def _told(given: Given | None, now: datetime) -> WireAnswer:
    if given is None:
        return json_answer({"instruction": {"status": "UNKNOWN"}}, status=404)
    status = "REFUSED" if given.refused else "ACCEPTED" if now >= given.decided_at else "RECEIVED"
    said: dict[str, Any] = {"id": given.reference, "status": status, "reason": given.refused}
    if given.day is not None:
        said["requestedDate"] = given.day.isoformat()
    return json_answer({"instruction": said}, status=202 if status == "RECEIVED" else 200)


def _object(body: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(body)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None
