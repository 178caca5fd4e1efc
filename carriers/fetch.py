"""Asking carriers: the I/O of every adapter, in one place.

HTTP is async on one loop thread a process; the callers are synchronous and hand in whole
batches. Tokens are cached per account (fetching one per poll gets credentials blocked),
calls are paced per account by the adapter's limits, and whatever happens becomes an
Answer: nothing is raised for one call's sake.
"""

from __future__ import annotations

import asyncio
import logging
import os
import threading
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final, TypeVar

import httpx

from carriers.answers import Instruction, Verdict
from carriers.base import Ask, Carrier, CarrierError, HttpCall, Token
from carriers.updates import TrackingUpdate
from lib import http
from lib.logs import where

T = TypeVar("T")
Task = TypeVar("Task")
log = logging.getLogger("homeward.carriers")

#: How much of a bad answer is kept for people to look at.
KEPT_BYTES: Final = 20_000
#: Of an answer that was read: a batch of fifty parcels fits.
ANSWER_BYTES: Final = 262_144
#: A token is renewed this long before it ends.
TOKEN_MARGIN_SECONDS: Final = 60.0


@dataclass(frozen=True, slots=True)
class Account:
    """One set of credentials as plain values; `key` identifies it for tokens and pacing."""

    key: str
    base_url: str
    credentials: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Call:
    """One question: at most `carrier.batch_size` parcels, with one account."""

    carrier: Carrier
    account: Account
    asks: tuple[Ask, ...]

    def wanted(self, token: str | None) -> HttpCall:
        return self.carrier.request(self.asks, self.account.credentials, token)


@dataclass(frozen=True, slots=True)
class Errand:
    """A shopper's answer to hand over, or to ask about where the carrier may have it already."""

    carrier: Carrier
    account: Account
    instruction: Instruction
    is_question: bool = False

    def wanted(self, token: str | None) -> HttpCall:
        credentials = self.account.credentials
        if self.is_question:
            return self.carrier.answer_question(self.instruction.key, credentials, token)
        return self.carrier.answer_request(self.instruction, credentials, token)


@dataclass(frozen=True, slots=True)
class Returned:
    """What an errand came back with: a verdict, or an error."""

    errand: Errand
    verdict: Verdict | None = None
    error: CarrierError | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: updates, or an error; `raw` is its body, cut (a failure's shorter)."""

    call: Call
    updates: tuple[TrackingUpdate, ...] = ()
    error: CarrierError | None = None
    http_status: int | None = None
    raw: bytes = b""


@dataclass(slots=True)
class _Lane:
    """What one account shares between its calls on this process's loop."""

    slots: asyncio.Semaphore
    pace: float
    next_free: float = 0.0
    token: Token | None = None
    token_until: float = 0.0
    token_lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def wait_turn(self) -> None:
        """Space the calls `pace` seconds apart."""
        if self.pace <= 0:
            return
        now = time.monotonic()
        mine = max(self.next_free, now)
        self.next_free = mine + self.pace
        if mine > now:
            await asyncio.sleep(mine - now)


class _Line:
    """One call's way to the carrier; remembers the last answer, for whoever looks at a failure."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client
        self.status: int | None = None
        self.raw = b""

    async def transmit(self, base_url: str, call: HttpCall) -> httpx.Response:
        try:
            request = self._client.build_request(
                call.method,
                base_url.rstrip("/") + call.path,
                params=dict(call.params) or None,
                headers=dict(call.headers),
                json=call.json,
                data=dict(call.form) if call.form is not None else None,
                content=call.body,
            )
            response = await http.send(self._client, request)
        except (httpx.RequestError, httpx.InvalidURL, http.RefusedAddress) as error:
            # Only the kind of error: its text may hold the URL, and the URL the tracking number.
            self.status, self.raw = None, b""
            words = {
                "ReadTimeout": "No answer in time",
                "TooLarge": "The answer is too long",
                # What the transport also calls a connection that was cut.
                "ConnectTimeout": "No connection, or it was cut",
            }
            name = type(error).__name__
            raise CarrierError(
                words.get(name, f"Could not connect ({name})"), kind="unavailable"
            ) from error
        self.status, self.raw = response.status_code, response.content[:ANSWER_BYTES]
        return response


class Fetcher:
    """A loop thread with one HTTP client. `shared()` gives this process's own."""

    def __init__(self, **client_options: Any) -> None:
        self._options = client_options
        self._loop = asyncio.new_event_loop()
        self._lanes: dict[str, _Lane] = {}
        self._client: httpx.AsyncClient | None = None
        self._thread = threading.Thread(target=self._run, name="carriers-fetch", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()

    def _wait(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def fetch(self, calls: Sequence[Call]) -> list[Answer]:
        """Ask them all at once, within each account's limits; answers in the order of `calls`."""
        return self._wait(self._all(calls, self._one)) if calls else []

    def carry(self, errands: Sequence[Errand]) -> list[Returned]:
        """Run these errands at once, within each account's limits; in the order of `errands`."""
        return self._wait(self._all(errands, self._run_errand)) if errands else []

    def close(self) -> None:
        """Close the connections and end the thread."""

        async def close_client() -> None:
            if self._client is not None:
                await self._client.aclose()

        self._wait(close_client())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=5)
        self._loop.close()

    async def _all(
        self, tasks: Sequence[Task], one: Callable[[httpx.AsyncClient, Task], Awaitable[T]]
    ) -> list[T]:
        if self._client is None:
            self._client = http.client(**self._options)
        return list(await asyncio.gather(*(one(self._client, task) for task in tasks)))

    async def _one(self, client: httpx.AsyncClient, call: Call) -> Answer:
        line = _Line(client)
        try:
            updates = await self._heard(line, call, call.carrier.parse)
        except CarrierError as error:
            return Answer(call, error=error, http_status=line.status, raw=line.raw[:KEPT_BYTES])
        return Answer(call, updates=tuple(updates), http_status=line.status, raw=line.raw)

    async def _run_errand(self, client: httpx.AsyncClient, errand: Errand) -> Returned:
        try:
            verdict = await self._heard(_Line(client), errand, errand.carrier.parse_answer)
        except CarrierError as error:
            return Returned(errand, error=error)
        return Returned(errand, verdict=verdict)

    async def _heard(self, line: _Line, call: Call | Errand, read: Callable[[bytes], T]) -> T:
        """What the carrier said, read; whatever goes wrong on the way is a CarrierError."""
        lane = self._lane(call)
        async with lane.slots:
            try:
                response = await self._ask(line, call, lane)
                _refuse(response, readable=call.carrier.readable_statuses)
                return read(response.content)
            except CarrierError:
                raise
            except Exception as error:
                log.error("the adapter %s failed: %s", call.carrier.slug, where(error))
                words = f"We could not read the answer ({type(error).__name__})"
                raise CarrierError(words, kind="unreadable") from error

    def _lane(self, call: Call | Errand) -> _Lane:
        lane = self._lanes.get(call.account.key)
        if lane is None:
            limits = call.carrier.limits
            pace = 1.0 / limits.per_second if limits.per_second else 0.0
            lane = _Lane(asyncio.Semaphore(limits.concurrent), pace)
            self._lanes[call.account.key] = lane
        return lane

    async def _ask(self, line: _Line, call: Call | Errand, lane: _Lane) -> httpx.Response:
        _complete(call)
        token = await self._token(line, call, lane)
        response = await self._send(line, call, lane, token)
        if response.status_code == 401 and token is not None:
            # The carrier ended the token early: one new one, then we believe the refusal.
            lane.token = None
            token = await self._token(line, call, lane)
            response = await self._send(line, call, lane, token)
        return response

    async def _send(
        self, line: _Line, call: Call | Errand, lane: _Lane, token: str | None
    ) -> httpx.Response:
        await lane.wait_turn()
        base_url = call.account.base_url or call.carrier.base_url
        return await line.transmit(base_url, call.wanted(token))

    async def _token(self, line: _Line, call: Call | Errand, lane: _Lane) -> str | None:
        wanted = call.carrier.token_request(call.account.credentials)
        if wanted is None:
            return None
        async with lane.token_lock:
            if lane.token is None or time.monotonic() >= lane.token_until:
                base_url = call.account.base_url or call.carrier.base_url
                response = await line.transmit(base_url, wanted)
                _refuse(response, readable=frozenset())
                lane.token = call.carrier.parse_token(response.content)
                seconds = max(lane.token.seconds - TOKEN_MARGIN_SECONDS, 1.0)
                lane.token_until = time.monotonic() + seconds
            return lane.token.value


def _complete(call: Call | Errand) -> None:
    """Refuse to ask with half the credentials: the carrier would count it against the account."""
    missing = [
        secret.label
        for secret in call.carrier.secrets
        if not secret.optional and not call.account.credentials.get(secret.name)
    ]
    if missing:
        words = f"The account lacks: {', '.join(missing)}"
        raise CarrierError(words, kind="credentials", permanent=True)


def _refuse(response: httpx.Response, *, readable: frozenset[int]) -> None:
    """Raise the CarrierError that an HTTP status stands for; return where it can be read."""
    status = response.status_code
    if response.is_success or status in readable:
        return
    wait = _retry_after(response)
    if status == 429:
        raise CarrierError(
            "The carrier says we ask too often (429)", kind="rate_limited", retry_after=wait
        )
    if status in {401, 403}:
        raise CarrierError(
            f"The carrier refused the credentials ({status})", kind="credentials", permanent=True
        )
    if status >= 500:
        raise CarrierError(
            f"The carrier's server failed ({status})", kind="unavailable", retry_after=wait
        )
    raise CarrierError(f"The carrier refused the request ({status})", kind="bad_request")


def _retry_after(response: httpx.Response) -> float | None:
    """Retry-After in seconds, given as seconds or as an HTTP date; None when absent or odd."""
    value = response.headers.get("retry-after", "").strip()
    if value.isdigit():
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    return max((moment - datetime.now(UTC)).total_seconds(), 0.0) if moment.tzinfo else None


_shared: Fetcher | None = None
_shared_pid: int | None = None


def shared() -> Fetcher:
    """This process's fetcher, made on first use; a fork makes its own."""
    global _shared, _shared_pid
    if _shared is None or _shared_pid != os.getpid():
        _shared, _shared_pid = Fetcher(), os.getpid()
    return _shared
