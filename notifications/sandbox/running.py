"""The phones inside a test: a real server in a thread of its own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import httpx

from lib.http import trust
from notifications.sandbox.server import Phones, create_app, start
from notifications.sandbox.state import State

ACCOUNT: Final = "AC" + "0" * 32
TOKEN: Final = "local-auth-token"  # noqa: S105 - of a server on this machine


@dataclass(frozen=True, slots=True)
class RunningPhones:
    """A running server; everything goes through real HTTP."""

    url: str
    _http: httpx.Client

    @property
    def host(self) -> str:
        """`127.0.0.1:PORT`, as `OUTBOUND_ALLOW` lists it."""
        return self.url.removeprefix("http://")

    def texts(self, number: str = "") -> list[dict[str, Any]]:
        """What this number received and wrote, oldest first; everything without a number."""
        found: list[dict[str, Any]] = self._read(
            "/control/texts", **({"number": number} if number else {})
        )["texts"]
        return found

    def fail(self, mode: str, *, for_requests: int | None = None) -> None:
        self._send("/control/failures", {"mode": mode, "for_requests": for_requests})

    def undeliverable(self, number: str, error_code: int) -> None:
        self._send("/control/numbers", {"number": number, "error_code": error_code})

    def templates(self, status: str, *, name: str = "", category: str = "") -> None:
        """Templates to come, or that of this name, stand so."""
        content = {"status": status, "name": name} | ({"category": category} if category else {})
        self._send("/control/templates", content)

    def answer(
        self, number: str, body: str, *, to: str, channel: str = "sms", **fields: str
    ) -> dict[str, Any]:
        """The shopper writes back; `webhook` is what Homeward answered. `fields` as Twilio's."""
        content = {"number": number, "to": to, "channel": channel, "body": body, "fields": fields}
        return self._send("/control/answers", content)

    def device(self, name: str) -> dict[str, Any]:
        """A browser: its endpoint and keys."""
        return self._send("/control/devices", {"name": name})

    def notes(self, name: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._read(f"/control/devices/{name}")["notes"]
        return found

    def unsubscribe(self, name: str) -> None:
        self._http.delete(f"/control/devices/{name}").raise_for_status()

    def posted(self) -> list[dict[str, Any]]:
        """What the other gateways took, oldest first."""
        found: list[dict[str, Any]] = self._read("/control/posted")["posted"]
        return found

    def callbacks(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._read("/control/callbacks")["callbacks"]
        return found

    def _send(self, path: str, content: Any) -> dict[str, Any]:
        response = self._http.post(path, json=content)
        response.raise_for_status()
        found: dict[str, Any] = response.json()
        return found

    def _read(self, path: str, **params: str) -> dict[str, Any]:
        response = self._http.get(path, params=params)
        response.raise_for_status()
        found: dict[str, Any] = response.json()
        return found


@contextmanager
def running_phones(
    *, pace: float = 0.0, latency: float = 0.0, inbound_url: str = ""
) -> Iterator[RunningPhones]:
    """Run the phones on a free port; `pace` and `latency` as for `Phones`."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="phones", daemon=True)
    thread.start()
    try:
        phones = Phones(
            State(),
            account=ACCOUNT,
            token=TOKEN,
            pace=pace,
            latency=latency,
            inbound_url=inbound_url,
        )
        starting = start(create_app(phones), host="127.0.0.1", port=0)
        runner, port = asyncio.run_coroutine_threadsafe(starting, loop).result(timeout=10)
        url = f"http://127.0.0.1:{port}"
        try:
            with httpx.Client(base_url=url, verify=trust(), trust_env=False, timeout=30) as http:
                yield RunningPhones(url, http)
        finally:
            asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result(timeout=10)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(timeout=10)
        loop.close()
