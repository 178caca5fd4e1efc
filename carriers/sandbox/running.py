"""The sandbox inside a test or a benchmark: a real server in a thread of its own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import httpx

from carriers.sandbox.server import create_app, start
from carriers.sandbox.state import State
from lib.http import trust

_JEDDAH: Final = {"city": "Jeddah", "country": "SA"}
_RIYADH: Final = {"city": "Riyadh", "country": "SA"}


@dataclass(frozen=True, slots=True)
class RunningSandbox:
    """A running server; `url` has no slash at its end. Everything goes through real HTTP."""

    url: str
    _http: httpx.Client

    @property
    def host(self) -> str:
        """`127.0.0.1:PORT`, as `OUTBOUND_ALLOW` lists it."""
        return self.url.removeprefix("http://")

    def base_url(self, carrier: str) -> str:
        """What an account of this carrier has as its address."""
        return f"{self.url}/{carrier}"

    def register(
        self,
        carrier: str,
        number: str,
        scenario: str = "happy",
        *,
        origin: Mapping[str, str] = _JEDDAH,
        destination: Mapping[str, str] = _RIYADH,
        **options: Any,
    ) -> dict[str, Any]:
        """Register one parcel; options: `played_until`, `live_gap_seconds`, `registered_at`."""
        parcel = {
            "carrier": carrier,
            "number": number,
            "scenario": scenario,
            "origin": origin,
            "destination": destination,
            **options,
        }
        created: dict[str, Any] = self._send("/control/parcels", parcel)
        return created

    def register_all(self, parcels: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Register many at once, in the control API's own shape."""
        created: list[dict[str, Any]] = self._send("/control/parcels", list(parcels))
        return created

    def fail(self, carrier: str, mode: str, **options: float) -> None:
        """Let a carrier fail (`retry_after`, `for_requests`, `for_seconds`); "none" mends it."""
        self._send("/control/failures", {"carrier": carrier, "mode": mode, **options})

    def calls(self) -> dict[str, Any]:
        """The books: `carriers` (totals by slug) and `recent` (newest first)."""
        return self._read("/control/calls")

    def parcel(self, carrier: str, number: str) -> dict[str, Any]:
        """One parcel's whole journey, future included."""
        return self._read(f"/control/parcels/{carrier}/{number}")

    def _send(self, path: str, content: Any) -> Any:
        response = self._http.post(path, json=content)
        if response.is_error:
            raise ValueError(response.json()["error"])
        return response.json()

    def _read(self, path: str) -> dict[str, Any]:
        response = self._http.get(path)
        response.raise_for_status()
        found: dict[str, Any] = response.json()
        return found


@contextmanager
def running_sandbox(
    state: Path | None = None,
    *,
    latency: float = 0.0,
    clock: Callable[[], datetime] | None = None,
) -> Iterator[RunningSandbox]:
    """Run a sandbox on a free port; `state` as for `--state`, `latency` in seconds, `clock` where
    its time is not that of the wall."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="sandbox", daemon=True)
    thread.start()
    try:
        app = create_app(State(state), latency=latency, clock=clock)
        starting = start(app, host="127.0.0.1", port=0)
        runner, port = asyncio.run_coroutine_threadsafe(starting, loop).result(timeout=10)
        url = f"http://127.0.0.1:{port}"
        try:
            with httpx.Client(base_url=url, verify=trust(), trust_env=False, timeout=30) as http:
                yield RunningSandbox(url, http)
        finally:
            asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result(timeout=10)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(timeout=10)
        loop.close()
