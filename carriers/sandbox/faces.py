"""What the server and a vendor's wire format say to each other: one request, one answer.

A face is a pure function: it reads the request as its vendor would, looks parcels up and
renders them. It knows neither sockets nor clocks. `REFUSED` is the one bad credential:
anything else that is not empty is let in, so that a demonstration needs no set-up.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from carriers.sandbox.journeys import View

#: A user name, password, key or secret with this value is refused by every face.
REFUSED: Final = "wrong"

Find = Callable[[str], View | None]
"""A parcel by its number, as its carrier knows it now; None while it has no scan to show."""


@dataclass(frozen=True, slots=True)
class WireCall:
    """A request below a carrier's own prefix."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class WireAnswer:
    """An answer, and for the books how many parcels were asked about."""

    body: bytes
    status: int = 200
    content_type: str = "application/json"
    parcels: int = 0


Face = Callable[[WireCall, Find], WireAnswer]


def json_answer(data: Any, *, status: int = 200, parcels: int = 0) -> WireAnswer:
    """Compact UTF-8 JSON."""
    body = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
    return WireAnswer(body, status=status, parcels=parcels)


def is_let_in(*credentials: str) -> bool:
    """Whether all credentials are there and none is the refused one."""
    return all(value and value != REFUSED for value in credentials)
