"""The sandbox over HTTP: each carrier under its own prefix, and ways to fail.

`http://127.0.0.1:PORT/<slug>` is a carrier's base URL; `/control/…` is ours. A token
request counts as a request of its carrier: it fails with it, and is in its books.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from aiohttp import web

from carriers.sandbox import (
    control,
    wire_aramex,
    wire_dhl,
    wire_instructions,
    wire_ship24,
    wire_smsa,
    wire_ups,
)
from carriers.sandbox.control import CARRIERS, CLOCK, STATE
from carriers.sandbox.faces import Face, WireAnswer, WireCall
from carriers.sandbox.journeys import View
from carriers.sandbox.state import Failure, State

#: Carrier's slug → the face it wears.
FACES: Final[dict[str, Face]] = {
    "aramex": wire_aramex.answer,
    "dhl_universal": wire_dhl.answer,
    "sandbox": wire_ups.answer,
    "ship24": wire_ship24.answer,
    "smsa": wire_smsa.answer,
    "ups": wire_ups.answer,
}
LATENCY: Final = web.AppKey("latency", float)

#: How long a silent carrier holds a connection: longer than any client of ours waits.
SILENCE_SECONDS: Final = 120.0
DEFAULT_RETRY_AFTER: Final = 30.0
#: Failures that come before the work: the other ones lose an answer to what was done.
_NOTHING_DONE: Final = frozenset({"429", "500"})
_GARBAGE: Final = bytes((n * 73 + 41) % 256 for n in range(512))
_HTML: Final = (
    b"<!DOCTYPE html><html><head><title>Maintenance</title></head>"
    b"<body><h1>We will be back soon</h1></body></html>"
)


def create_app(
    state: State, *, latency: float = 0.0, clock: Callable[[], datetime] | None = None
) -> web.Application:
    """The application; `latency` in seconds is added to every answer of a carrier."""
    app = web.Application(client_max_size=64 * 1024**2)
    app[STATE] = state
    app[CLOCK] = clock or _utc_now
    app[CARRIERS] = frozenset(FACES)
    app[LATENCY] = latency
    app.add_routes(control.routes())
    app.on_shutdown.append(_save)
    app.router.add_route("*", "/{carrier:" + "|".join(FACES) + "}{path:/.*}", _carrier)
    return app


async def start(app: web.Application, *, host: str, port: int) -> tuple[web.AppRunner, int]:
    """Listen; the port that was taken (0 asks for a free one). Raises OSError when in use."""
    # Cancelling lets go of a silent request as soon as its client has given up.
    runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=0.2)
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port, backlog=1024)
        await site.start()
    except OSError:
        await runner.cleanup()
        raise
    taken: int = runner.addresses[0][1]
    return runner, taken


def _utc_now() -> datetime:
    return datetime.now(UTC)


async def _save(app: web.Application) -> None:
    """Keep what was used up since the last order: requests that a failure still has to meet."""
    app[STATE].save(app[CLOCK]())


async def _carrier(request: web.Request) -> web.StreamResponse:
    state, now = request.app[STATE], request.app[CLOCK]()
    slug = request.match_info["carrier"]

    def find(number: str) -> View | None:
        return state.parcels.seen(slug, number, now)

    call = WireCall(
        method=request.method,
        path=request.match_info["path"],
        query=request.query,
        headers=request.headers,
        body=await request.read(),
    )
    if request.app[LATENCY]:
        await asyncio.sleep(request.app[LATENCY])
    failure = state.failures.take(slug, now)
    if not wire_instructions.is_meant(slug, call):
        answer = FACES[slug](call, find)
    elif failure is not None and failure.mode in _NOTHING_DONE:
        answer = WireAnswer(b"")
    else:
        answer = wire_instructions.answer(call, slug, state, now)
    response = _response(answer) if failure is None else _failed(answer, failure)
    state.calls.note(
        slug,
        {
            "time": now.isoformat(timespec="milliseconds"),
            "method": call.method,
            "path": call.path,
            "parcels": answer.parcels,
            "status": response.status if response is not None else None,
            "failure": failure.mode if failure is not None else None,
        },
    )
    if response is not None:
        return response
    if failure is not None and failure.mode == "silence":
        await asyncio.sleep(SILENCE_SECONDS)
    return _reset(request)


def _response(answer: WireAnswer, *, body: bytes | None = None) -> web.Response:
    return web.Response(
        body=answer.body if body is None else body,
        status=answer.status,
        headers={"Content-Type": f"{answer.content_type}; charset=utf-8"},
    )


def _failed(answer: WireAnswer, failure: Failure) -> web.Response | None:
    """The failing answer; None where the carrier gives no answer at all."""
    if failure.mode == "429":
        wait = failure.retry_after or DEFAULT_RETRY_AFTER
        return web.json_response(
            {"error": "Too many requests"}, status=429, headers={"Retry-After": f"{wait:g}"}
        )
    if failure.mode == "500":
        return web.json_response({"error": "Internal server error"}, status=500)
    if failure.mode == "garbage":
        return _response(answer, body=_GARBAGE)
    if failure.mode == "html":
        return web.Response(body=_HTML, content_type="text/html")
    if failure.mode == "truncated":
        return _response(answer, body=answer.body[: len(answer.body) // 2])
    return None


def _reset(request: web.Request) -> web.Response:
    """Cut the connection off with a TCP reset, in the middle of the exchange."""
    transport = request.transport
    if transport is not None:
        raw = transport.get_extra_info("socket")
        with contextlib.suppress(OSError):
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
    return web.Response(status=500)
