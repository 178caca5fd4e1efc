"""The I/O of shops' APIs: one request carried, and what its answer means for everybody.

HTTP is `lib.http` on one loop thread a process; callers wait. Whatever goes wrong is a ShopError.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final
from urllib.parse import urlsplit

import httpx

from lib import http
from lib.loop_thread import LoopThread
from stores.talk import Answer, Call, ShopError

#: How much of a bad answer is kept for people to look at.
KEPT_BYTES: Final = 20_000
_TOO_FAST: Final = frozenset({423, 429, 430})
_WORDS: Final = {
    "ReadTimeout": "The shop did not answer in time",
    "TooLarge": "The shop’s answer is too long",
    # What the transport also calls a connection that was cut.
    "ConnectTimeout": "No connection to the shop, or it was cut",
}


class Wire:
    """A client on a thread of its own. `shared()` gives this process's; `options` go to httpx."""

    def __init__(self, **options: Any) -> None:
        self._options = options
        self._loop = LoopThread("stores-wire")
        self._client: httpx.AsyncClient | None = None

    def carry(self, base_url: str, call: Call) -> Answer:
        """Send it and read the whole answer. Raises ShopError for anything but a good one."""
        answer = self._loop.wait(self._carry(base_url, call))
        if 200 <= answer.status < 300 or answer.status in call.readable:
            return answer
        raise _trouble(answer)

    async def _carry(self, base_url: str, call: Call) -> Answer:
        if self._client is None:
            self._client = http.client(**self._options)
        absolute = call.path.startswith(("https://", "http://"))
        url = call.path if absolute else base_url.rstrip("/") + call.path
        try:
            request = self._client.build_request(
                call.method,
                url,
                params=call.params or None,
                headers=dict(call.headers),
                json=call.json,
                data=_form(call),
                content=call.body,
            )
            response = await http.send(self._client, request)
        except (httpx.RequestError, httpx.InvalidURL, http.RefusedAddress) as error:
            # Only the kind of error: its text may hold the address, and that a person's data.
            name = type(error).__name__
            words = _WORDS.get(name, f"Could not connect to the shop ({name})")
            raise ShopError(words, kind="unavailable") from error
        headers = {name.lower(): value for name, value in response.headers.items()}
        return Answer(response.status_code, headers, response.content)

    def close(self) -> None:
        """Close the connections and end the thread."""

        async def last() -> None:
            if self._client is not None:
                await self._client.aclose()

        self._loop.stop(last)


def _form(call: Call) -> dict[str, list[str]] | None:
    if call.form is None:
        return None
    fields: dict[str, list[str]] = {}
    for name, value in call.form:
        fields.setdefault(name, []).append(value)
    return fields


def _trouble(answer: Answer) -> ShopError:
    status, raw = answer.status, answer.body[:KEPT_BYTES]
    wait = _retry_after(answer)
    if status == 401:
        return ShopError(
            "The shop refuses our key (401)", kind="credentials", http_status=401, raw=raw
        )
    if status in _TOO_FAST:
        words = f"The shop says we ask too fast ({status})"
        return ShopError(
            words, kind="rate_limited", http_status=status, retry_after=wait, raw=raw, answer=answer
        )
    if status >= 500 or status == 408:
        words = f"The shop has trouble of its own ({status})"
        return ShopError(words, kind="unavailable", http_status=status, retry_after=wait, raw=raw)
    words = _elsewhere(answer) if 300 <= status < 400 else f"The shop says no ({status})"
    return ShopError(words, kind="refused", http_status=status, raw=raw)


def _elsewhere(answer: Answer) -> str:
    """Where we are sent is said, and not followed: our key would go to whoever is there."""
    target = urlsplit(answer.headers.get("location", ""))
    if target.scheme == "http":
        return f"The shop sends us to an address without https ({answer.status})"
    if not target.hostname:
        return f"The shop sends us to another of its pages ({answer.status})"
    return (
        f"The shop sends us to {target.hostname} ({answer.status}): connect it under that address"
    )


def _retry_after(answer: Answer) -> float | None:
    """Retry-After in seconds, given as seconds or as a date."""
    given = answer.headers.get("retry-after", "").strip()
    try:
        return max(float(given), 0.0)
    except ValueError:
        pass
    try:
        return max((parsedate_to_datetime(given) - datetime.now(UTC)).total_seconds(), 0.0)
    except (ValueError, TypeError):
        return None


_shared: Wire | None = None
_shared_pid: int | None = None


def shared() -> Wire:
    """This process's wire, made on first use; a fork makes its own."""
    global _shared, _shared_pid
    if _shared is None or _shared_pid != os.getpid():
        _shared, _shared_pid = Wire(), os.getpid()
    return _shared
