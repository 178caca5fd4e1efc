"""Problem documents (RFC 9457: title, status, detail), which several carriers answer with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from carriers.base import CarrierError, Kind
from carriers.shapes import text

_KINDS: dict[str, Kind] = {
    "400": "bad_request",
    "401": "credentials",
    "403": "credentials",
    "429": "rate_limited",
}


def unknown_number(problem: Mapping[str, Any], carrier: str) -> str:
    """The sentence of a 404, "no such number"; CarrierError for every other problem."""
    status, title = text(problem.get("status")), text(problem.get("title"))
    if not status and not title:
        raise CarrierError(f"The answer is not one of {carrier}'s", kind="unreadable")
    said = f"{carrier} says: {text(problem.get('detail')) or title or 'no reason given'} ({status})"
    if status == "404":
        return said
    kind = _KINDS.get(status, "unavailable")
    raise CarrierError(said, kind=kind, permanent=kind in {"bad_request", "credentials"})
