"""A shop's API, played on this machine: a real server in a thread, answering from a platform's
documents. Each platform's test module writes its handlers; failures can be put in their way."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

from aiohttp import web

Failure = Literal["500", "429", "401", "silence", "garbage", "html", "reset"]


@dataclass(frozen=True)
class Asked:
    """One request as it came; `query` and `form` with the last of repeated names."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Said:
    """The answer; `body` is JSON unless it is bytes."""

    body: Any = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


Handler = Callable[[Asked], Said]


class Played:
    """A running server. `asked` is what came; `fail` puts failures before the next answers."""

    def __init__(self, handler: Handler) -> None:
        self.handler = handler
        self.asked: list[Asked] = []
        self.url = ""
        self._failures: deque[Failure] = deque()
        self._down = False
        #: Calls allowed a second; more are answered 429 with Retry-After, as shops do.
        self.per_second: float | None = None
        self._times: deque[float] = deque()

    @property
    def host(self) -> str:
        """`127.0.0.1:PORT`, as `OUTBOUND_ALLOW` lists it."""
        return self.url.removeprefix("http://")

    def fail(self, mode: Failure, *, times: int = 1) -> None:
        self._failures.extend([mode] * times)

    def go_down(self) -> None:
        """Answer nothing but 503 until `come_back`."""
        self._down = True

    def come_back(self) -> None:
        self._down = False

    def calls(self, method: str, path: str) -> list[Asked]:
        """What was asked of a path that begins so."""
        return [one for one in self.asked if one.method == method and one.path.startswith(path)]

    async def answer(self, request: web.Request) -> web.StreamResponse:
        asked = Asked(
            request.method,
            request.path,
            dict(request.query),
            {name.lower(): value for name, value in request.headers.items()},
            await request.read(),
        )
        self.asked.append(asked)
        if self._down:
            return web.Response(status=503, text="down for maintenance")
        if self._too_fast():
            return web.Response(status=429, headers={"Retry-After": "1"}, text="too fast")
        if self._failures:
            return await self._failed(request, self._failures.popleft())
        said = await asyncio.to_thread(self.handler, asked)
        if isinstance(said.body, bytes):
            return web.Response(body=said.body, status=said.status, headers=said.headers)
        return web.json_response(said.body, status=said.status, headers=said.headers)

    def _too_fast(self) -> bool:
        now = time.monotonic()
        while self._times and self._times[0] <= now - 1:
            self._times.popleft()
        if self.per_second is not None and len(self._times) >= self.per_second:
            return True
        self._times.append(now)
        return False

    async def _failed(self, request: web.Request, mode: Failure) -> web.StreamResponse:
        if mode == "silence":
            await asyncio.sleep(60)
        if mode == "reset":
            assert request.transport is not None
            request.transport.abort()
        if mode == "garbage":
            return web.Response(body=b"\x00\xff{", content_type="application/json")
        if mode == "html":
            return web.Response(text="<h1>Sign in</h1>", content_type="text/html")
        headers = {"Retry-After": "1"} if mode == "429" else {}
        return web.Response(status=int(mode) if mode.isdecimal() else 500, headers=headers)


@contextmanager
def playing(handler: Handler) -> Iterator[Played]:
    """Serve on a free port until the end of the block."""
    played = Played(handler)
    loop = asyncio.new_event_loop()
    ready = threading.Event()

    async def serve() -> web.AppRunner:
        app = web.Application(client_max_size=50_000_000)
        app.router.add_route("*", "/{rest:.*}", played.answer)
        # A silent answer is let go of as soon as its client has given up, or the server stops.
        runner = web.AppRunner(
            app, access_log=None, handler_cancellation=True, shutdown_timeout=0.2
        )
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        port = runner.addresses[0][1]
        played.url = f"http://127.0.0.1:{port}"
        return runner

    def run() -> None:
        asyncio.set_event_loop(loop)
        runner = loop.run_until_complete(serve())
        ready.set()
        loop.run_forever()
        loop.run_until_complete(runner.cleanup())
        loop.close()

    thread = threading.Thread(target=run, name="played-shop", daemon=True)
    thread.start()
    assert ready.wait(10)
    try:
        yield played
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(timeout=10)
