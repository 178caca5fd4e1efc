"""The sandbox's own API, in plain JSON: register parcels, order failures, read the books."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final, TypeVar

from aiohttp import web

from carriers.sandbox import reading
from carriers.sandbox.journeys import Journey, JourneyStep, visible
from carriers.sandbox.scenarios import SCENARIOS
from carriers.sandbox.state import Registration, State

STATE: Final = web.AppKey("state", State)
CLOCK: Final[web.AppKey[Callable[[], datetime]]] = web.AppKey("clock")
CARRIERS: Final = web.AppKey("carriers", frozenset[str])

T = TypeVar("T")


def routes() -> list[web.RouteDef]:
    return [
        web.get("/healthz", _health),
        web.get("/control/scenarios", _scenarios),
        web.post("/control/parcels", _register),
        web.get("/control/parcels", _parcels),
        web.get("/control/parcels/{carrier}/{number}", _parcel),
        web.post("/control/failures", _fail),
        web.get("/control/failures", _failures),
        web.get("/control/calls", _calls),
    ]


async def _health(request: web.Request) -> web.Response:
    return web.json_response({"status": "ok", "parcels": len(request.app[STATE].parcels)})


async def _scenarios(request: web.Request) -> web.Response:
    rows = {
        name: {
            "title": story.title,
            "story": story.story,
            "ends": story.ends,
            "steps": [step.name for step in story.steps],
        }
        for name, story in SCENARIOS.items()
    }
    return web.json_response(rows)


async def _register(request: web.Request) -> web.Response:
    """201 when at least one parcel is new, else 200; nothing is kept when one is wrong."""
    state, now = request.app[STATE], request.app[CLOCK]()
    body = await _json(request)
    rows = _read(reading.parcels, body, request, now)
    answers = []
    for row in rows:
        created = state.parcels.add(row)
        answers.append({"carrier": row.carrier, "number": row.number, "created": created})
    created = any(answer["created"] for answer in answers)
    if created:
        state.save(now)
    content = answers if isinstance(body, list) else answers[0]
    return web.json_response(content, status=201 if created else 200)


async def _parcels(request: web.Request) -> web.Response:
    rows = [_registration(row) for row in request.app[STATE].parcels.all()]
    return web.json_response({"parcels": rows})


async def _parcel(request: web.Request) -> web.Response:
    state, now = request.app[STATE], request.app[CLOCK]()
    carrier, number = request.match_info["carrier"], request.match_info["number"]
    row, journey = state.parcels.get(carrier, number), state.parcels.journey(carrier, number)
    if row is None or journey is None:
        raise _refusal(web.HTTPNotFound, f"{carrier} has no parcel {number}")
    return web.json_response({**_registration(row), **_story(journey, now)})


async def _fail(request: web.Request) -> web.Response:
    state, now = request.app[STATE], request.app[CLOCK]()
    carrier, failure = _read(reading.failure, await _json(request), request, now)
    state.failures.set(carrier, failure)
    state.save(now)
    return await _failures(request)


async def _failures(request: web.Request) -> web.Response:
    now = request.app[CLOCK]()
    current = request.app[STATE].failures.all(now)
    rows = {}
    for carrier, failure in current.items():
        until = failure.until.isoformat() if failure.until else None
        rows[carrier] = {**asdict(failure), "until": until}
    return web.json_response({"failures": rows})


async def _calls(request: web.Request) -> web.Response:
    return web.json_response(request.app[STATE].calls.report())


def _registration(row: Registration) -> dict[str, Any]:
    return {
        "carrier": row.carrier,
        "number": row.number,
        "scenario": row.scenario,
        "origin": {"city": row.from_city, "country": row.from_country},
        "destination": {"city": row.to_city, "country": row.to_country},
        "played_until": row.played_until,
        "live_gap_seconds": row.live_gap_seconds,
        "registered_at": row.registered_at.isoformat(),
    }


def _story(journey: Journey, now: datetime) -> dict[str, Any]:
    """The whole journey, future included; `shown`: whether the carrier tells the step by now."""
    estimate = visible(journey, now).estimate
    return {
        "estimate": estimate.isoformat() if estimate else None,
        "steps": [_step(step, now) for step in journey.steps],
    }


def _step(step: JourneyStep, now: datetime) -> dict[str, Any]:
    return {
        "name": step.name,
        "kind": step.kind,
        "sub_status": step.sub_status,
        "at": step.at.isoformat(),
        "shown_at": step.shown_at.isoformat(),
        "shown": step.shown_at <= now,
        "live": step.live,
        "again": step.again,
        "city": step.spot.city,
        "country": step.spot.country,
        "estimate": step.estimate.isoformat() if step.estimate else None,
    }


async def _json(request: web.Request) -> Any:
    try:
        return await request.json()
    except ValueError as error:
        raise _refusal(web.HTTPBadRequest, f"body: is not JSON ({error})") from error


def _read(
    reader: Callable[[Any, frozenset[str], datetime], T],
    body: Any,
    request: web.Request,
    now: datetime,
) -> T:
    try:
        return reader(body, request.app[CARRIERS], now)
    except reading.InputError as error:
        raise _refusal(web.HTTPBadRequest, str(error)) from error


def _refusal(kind: type[web.HTTPError], message: str) -> web.HTTPError:
    return kind(text=web.json_response({"error": message}).text, content_type="application/json")
