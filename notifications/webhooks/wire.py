"""One webhook over the line: signed before, read as far as a log has room, never raising.

All of a process go out on one loop thread with one client, so that they wait side by side.
"""

from __future__ import annotations

import logging
import os
import queue
import ssl
import time
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, Final

import httpx
from django.utils.translation import gettext_noop

from lib import http
from lib.logs import where
from lib.loop_thread import LoopThread

log = logging.getLogger("homeward.notifications")

#: How long an endpoint may take.
SECONDS: Final = 15.0
#: How much of an answer is kept.
KEPT_BYTES: Final = 4_096

TIME_OUT: Final = gettext_noop("No answer within 15 seconds.")
NO_CONNECTION: Final = gettext_noop("No connection, or it was cut before an answer came.")
NOT_TRUSTED: Final = gettext_noop("Its certificate cannot be trusted.")
PRIVATE: Final = gettext_noop("The address leads into a private network, which we do not call.")


@dataclass(frozen=True, slots=True)
class Parcel:
    """One delivery in our hands, as it leaves; `lease` names the claim."""

    delivery_id: int
    endpoint_id: int
    merchant_id: int
    lease: datetime
    url: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; `problem` says why nothing did."""

    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""
    problem: str = ""
    retry_after: float | None = None
    took_ms: int = 0

    @property
    def is_success(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


Done = queue.SimpleQueue[tuple[Parcel, Answer]]


class Wire:
    """A loop thread with one HTTP client. `shared()` gives this process's own."""

    def __init__(self, **client_options: Any) -> None:
        self._options = client_options
        self._loop = LoopThread("webhooks-send")
        self._client: httpx.AsyncClient | None = None

    def begin(self, parcel: Parcel, done: Done) -> None:
        """Send it; its answer lands in `done`, whatever happens."""
        self._loop.begin(self._carry(parcel)).add_done_callback(partial(_put, done, parcel))

    def close(self) -> None:
        """Close the connections and end the thread."""

        async def close_client() -> None:
            if self._client is not None:
                await self._client.aclose()

        self._loop.stop(close_client)

    async def _carry(self, parcel: Parcel) -> Answer:
        if self._client is None:
            self._client = http.client(**self._options)
        started = time.monotonic()
        try:
            request = self._client.build_request(
                "POST", parcel.url, content=parcel.body, headers=dict(parcel.headers)
            )
            response = await http.send(self._client, request, seconds=SECONDS, keep=KEPT_BYTES)
        except (httpx.RequestError, httpx.InvalidURL, http.RefusedAddress) as error:
            return Answer(problem=why_no_answer(error), took_ms=_since(started))
        return Answer(
            status=response.status_code,
            headers=_shown(response.headers),
            body=_text(response),
            retry_after=http.retry_after(response),
            took_ms=_since(started),
        )


def why_no_answer(error: Exception) -> str:
    """Why nothing came back, as one of the sentences above."""
    causes = list(_causes(error))
    if any(isinstance(one, http.RefusedAddress) for one in causes):
        return PRIVATE
    if any(isinstance(one, ssl.SSLError) for one in causes):
        return NOT_TRUSTED
    return TIME_OUT if isinstance(error, httpx.ReadTimeout) else NO_CONNECTION


def _causes(error: BaseException | None) -> list[BaseException]:
    found: list[BaseException] = []
    while error is not None and error not in found:
        found.append(error)
        error = error.__cause__ or error.__context__
    return found


def _put(done: Done, parcel: Parcel, ended: Future[Answer]) -> None:
    error = ended.exception()
    if error is not None:
        log.error("a webhook was not sent: %s", where(error))
    done.put((parcel, Answer(problem=NO_CONNECTION) if error else ended.result()))


def _since(started: float) -> int:
    return round((time.monotonic() - started) * 1000)


def _shown(headers: httpx.Headers) -> dict[str, str]:
    """An answer's headers, as far as a log has room; cookies are nobody's business."""
    named = [(name, value) for name, value in headers.items() if name != "set-cookie"]
    return {_clean(name)[:100]: _clean(value)[:500] for name, value in named[:40]}


def _text(response: httpx.Response) -> str:
    return _clean(response.content[:KEPT_BYTES].decode("utf-8", "replace"))


def _clean(text: str) -> str:
    """PostgreSQL keeps no NUL."""
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}")


_shared: Wire | None = None
_shared_pid: int | None = None


def shared() -> Wire:
    """This process's wire, made on first use; a fork makes its own."""
    global _shared, _shared_pid
    if _shared is None or _shared_pid != os.getpid():
        _shared, _shared_pid = Wire(), os.getpid()
    return _shared
