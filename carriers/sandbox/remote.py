"""Asks a running sandbox for a parcel, over its control API."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import httpx

from carriers.base import CarrierError, read_json
from lib import http

_CONTROL: Final = "/control/parcels"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A parcel to make. Cities and countries (ISO alpha-2) of both ends; what is left of the
    journey after `played_until` is played live, one step every `live_gap_seconds`."""

    carrier: str
    number: str
    scenario: str
    from_city: str
    from_country: str
    to_city: str
    to_country: str
    played_until: int | str | None
    live_gap_seconds: float
    registered_at: datetime


@dataclass(frozen=True, slots=True)
class Begun:
    """A journey's first scan, and the local day that the carrier promised first, if any."""

    at: datetime
    promised: date | None


def register(url: str, wanted: Wanted) -> Begun:
    """Make the parcel; returns how its journey begins.

    `url` is the sandbox's, without a slash at its end. A private address is refused unless
    OUTBOUND_ALLOW names it. Raises CarrierError.
    """
    body = {
        "carrier": wanted.carrier,
        "number": wanted.number,
        "scenario": wanted.scenario,
        "origin": {"city": wanted.from_city, "country": wanted.from_country},
        "destination": {"city": wanted.to_city, "country": wanted.to_country},
        "played_until": wanted.played_until,
        "live_gap_seconds": wanted.live_gap_seconds,
        "registered_at": wanted.registered_at.isoformat(),
    }
    journey = asyncio.run(_register(url, body))
    try:
        return begun(journey)
    except (KeyError, TypeError, ValueError) as error:
        raise CarrierError("The sandbox tells no journey", kind="unreadable") from error


def begun(journey: Mapping[str, Any]) -> Begun:
    """How the journey begins that the control API tells."""
    days = [step["estimate"] for step in journey["steps"] if step["estimate"]]
    return Begun(
        at=min(datetime.fromisoformat(step["at"]) for step in journey["steps"]),
        promised=date.fromisoformat(days[0]) if days else None,
    )


async def _register(url: str, body: dict[str, Any]) -> Any:
    client = http.client(connections=1)
    try:
        await _call(client, client.build_request("POST", url + _CONTROL, json=body))
        path = f"{url}{_CONTROL}/{body['carrier']}/{body['number']}"
        return await _call(client, client.build_request("GET", path))
    finally:
        await client.aclose()


async def _call(client: httpx.AsyncClient, request: httpx.Request) -> Any:
    try:
        response = await http.send(client, request)
    except (httpx.RequestError, http.RefusedAddress) as error:
        raise CarrierError(
            f"The sandbox does not answer ({type(error).__name__})", kind="unavailable"
        ) from error
    if response.is_error:
        raise CarrierError(
            f"The sandbox refused the parcel ({response.status_code})", kind="bad_request"
        )
    return read_json(response.content)
