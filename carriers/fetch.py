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
import queue
import time
from collections.abc import Awaitable, Callable, Generator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Final, TypeVar

import httpx
from django.conf import settings

from carriers.base import CarrierError, HttpCall, HubCourier, Token
from carriers.calls import Answer, Call, Errand, Listing, Registration, Returned
from carriers.tokens import OwnTokens, RedisTokens, Tokens
from lib import http, redis_client
from lib.logs import where
from lib.loop_thread import LoopThread

T = TypeVar("T")
Task = TypeVar("Task")
Ask = Call | Registration | Errand | Listing
Refused = dict[str, CarrierError]
"""What the accounts of one batch were refused with, by account key."""
log = logging.getLogger("homeward.carriers")

#: How much of a bad answer is kept for people to look at.
KEPT_BYTES: Final = 20_000
#: Of an answer that was read: a batch of fifty parcels fits.
ANSWER_BYTES: Final = 262_144
#: A token is renewed this long before it ends.
TOKEN_MARGIN_SECONDS: Final = 60.0
#: No call takes longer, with the wait for its turn: the round is over before its lease is.
LONGEST_SECONDS: Final = 120.0
#: Errors that are not one parcel's but the account's.
_OF_ACCOUNT: Final = frozenset({"credentials", "rate_limited"})
#: How long a process waits for the one that fetches the account's token.
TOKEN_WAIT_SECONDS: Final = 20.0


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
        """Space the calls that no round gave a moment to `pace` seconds apart."""
        if self.pace <= 0:
            return
        now = time.monotonic()
        mine = max(self.next_free, now)
        self.next_free = mine + self.pace
        if mine > now:
            await asyncio.sleep(mine - now)

    def keep(self, token: Token) -> str:
        self.token = token
        self.token_until = time.monotonic() + max(token.seconds - TOKEN_MARGIN_SECONDS, 1.0)
        return token.value


class _Line:
    """One call's way to the carrier; remembers the last answer, for whoever looks at a failure."""

    def __init__(self, client: httpx.AsyncClient, refused: Refused) -> None:
        self._client = client
        self.refused = refused
        self.status: int | None = None
        self.raw = b""

    def check(self, account_key: str) -> None:
        """Raise what this batch's account was refused with: to ask on gets accounts blocked."""
        known = self.refused.get(account_key)
        if known is not None:
            raise CarrierError(
                str(known), kind=known.kind, permanent=known.permanent,
                retry_after=known.retry_after,
            ) from None  # fmt: skip

    async def transmit(self, url: str, call: HttpCall) -> httpx.Response:
        try:
            request = self._client.build_request(
                call.method,
                url,
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
    """A loop thread with one HTTP client. `shared()` gives this process's own.

    `tokens` is where access tokens are kept; the process's own memory unless given.
    """

    def __init__(self, *, tokens: Tokens | None = None, **client_options: Any) -> None:
        self._tokens: Tokens = tokens or OwnTokens()
        self._options = client_options
        self._loop = LoopThread("carriers-fetch")
        self._lanes: dict[str, _Lane] = {}
        self._client: httpx.AsyncClient | None = None

    def fetch(self, calls: Sequence[Call | Registration]) -> list[Answer]:
        """Ask them all at once, at the moments they were given; answers in the order of `calls`."""
        return self._loop.wait(self._all(calls, partial(self._one, {}))) if calls else []

    def fetch_each(
        self, groups: Sequence[Sequence[Call | Registration]]
    ) -> Generator[tuple[int, list[Answer]], None, None]:
        """The same for groups of calls: (its index, its answers), each as soon as it is complete.

        The caller writes one group down while the others are still asked. Closed early, it
        calls the rest off.
        """
        done: queue.SimpleQueue[tuple[int, Future[list[Answer]]]] = queue.SimpleQueue()
        refused: Refused = {}
        begun = []
        try:
            for index, calls in enumerate(groups):
                work = self._all(calls, partial(self._one, refused))
                answers = self._loop.begin(work)
                begun.append(answers)
                answers.add_done_callback(partial(_put, done, index))
            for _ in groups:
                index, finished = done.get()
                yield index, finished.result()
        finally:
            for one in begun:
                one.cancel()

    def couriers(self, listing: Listing) -> list[HubCourier]:
        """Which carriers a hub serves. Raises CarrierError."""

        async def ask() -> list[HubCourier]:
            line = _Line(self._http(), {})
            return await self._heard(line, listing, listing.carrier.parse_couriers)

        return self._loop.wait(ask())

    def carry(self, errands: Sequence[Errand]) -> list[Returned]:
        """Run these errands at once, within each account's limits; in the order of `errands`."""
        return self._loop.wait(self._all(errands, partial(self._run_errand, {}))) if errands else []

    def close(self) -> None:
        """Close the connections and end the thread."""

        async def close_client() -> None:
            if self._client is not None:
                await self._client.aclose()

        self._loop.stop(close_client)

    async def _all(
        self, tasks: Sequence[Task], one: Callable[[httpx.AsyncClient, Task], Awaitable[T]]
    ) -> list[T]:
        client = self._http()
        return list(await asyncio.gather(*(one(client, task) for task in tasks)))

    def _http(self) -> httpx.AsyncClient:
        """The client of this loop, made on first use."""
        if self._client is None:
            self._client = http.client(**self._options)
        return self._client

    async def _one(
        self, refused: Refused, client: httpx.AsyncClient, call: Call | Registration
    ) -> Answer:
        line = _Line(client, refused)
        if call.after > 0:
            await asyncio.sleep(call.after)
        try:
            async with asyncio.timeout(LONGEST_SECONDS):
                answer = await self._heard(line, call, call.read)
        except TimeoutError:
            late = CarrierError("No answer in time, and others wait for one", kind="unavailable")
            return Answer(call, error=late)
        except CarrierError as error:
            return Answer(call, error=error, http_status=line.status, raw=line.raw[:KEPT_BYTES])
        return replace(answer, http_status=line.status, raw=line.raw)

    async def _run_errand(
        self, refused: Refused, client: httpx.AsyncClient, errand: Errand
    ) -> Returned:
        try:
            verdict = await self._heard(_Line(client, refused), errand, errand.carrier.parse_answer)
        except CarrierError as error:
            return Returned(errand, error=error)
        return Returned(errand, verdict=verdict)

    async def _heard(self, line: _Line, call: Ask, read: Callable[[bytes], T]) -> T:
        """What the carrier said, read; whatever goes wrong on the way is a CarrierError."""
        lane = self._lane(call)
        async with lane.slots:
            try:
                line.check(call.account.key)
                response = await self._ask(line, call, lane)
                _refuse(response, readable=call.carrier.readable_statuses)
                return read(response.content)
            except CarrierError as error:
                if error.kind in _OF_ACCOUNT:
                    line.refused.setdefault(call.account.key, error)
                raise
            except Exception as error:
                log.error("the adapter %s failed: %s", call.carrier.slug, where(error))
                words = f"We could not read the answer ({type(error).__name__})"
                raise CarrierError(words, kind="unreadable") from error

    def _lane(self, call: Ask) -> _Lane:
        lane = self._lanes.get(call.account.key)
        if lane is None:
            limits = call.carrier.limits
            pace = 1.0 / limits.per_second if limits.per_second else 0.0
            slots = max(limits.concurrent, call.account.concurrent)
            lane = _Lane(asyncio.Semaphore(slots), pace)
            self._lanes[call.account.key] = lane
        return lane

    async def _ask(self, line: _Line, call: Ask, lane: _Lane) -> httpx.Response:
        _complete(call)
        token = await self._token(line, call, lane)
        response = await self._send(line, call, lane, token)
        if token is not None and (
            response.status_code == 401
            or (response.is_success and call.carrier.refuses_token(response.content))
        ):
            # The carrier ended the token early: one new one, then we believe the refusal.
            if lane.token is not None and lane.token.value == token:
                lane.token = None
                self._tokens.drop(call.account.key)
            token = await self._token(line, call, lane)
            response = await self._send(line, call, lane, token)
        return response

    async def _send(self, line: _Line, call: Ask, lane: _Lane, token: str | None) -> httpx.Response:
        if not isinstance(call, Call | Registration):
            await lane.wait_turn()  # the others came with a moment of their own
        wanted = call.wanted(token)
        return await line.transmit(call.account.address_of(call.carrier, wanted), wanted)

    async def _token(self, line: _Line, call: Ask, lane: _Lane) -> str | None:
        wanted = call.carrier.token_request(call.account.credentials)
        if wanted is None:
            return None
        if lane.token is not None and time.monotonic() < lane.token_until:
            return lane.token.value
        async with lane.token_lock:
            if lane.token is not None and time.monotonic() < lane.token_until:
                return lane.token.value
            line.check(call.account.key)
            try:
                return await self._renew(line, call, lane, wanted)
            except CarrierError as error:
                # Whoever waited for this token does not ask for it again.
                line.refused.setdefault(call.account.key, error)
                raise

    async def _renew(self, line: _Line, call: Ask, lane: _Lane, wanted: HttpCall) -> str:
        """Another process's token where there is one; else ask for one, alone."""
        key, patience = call.account.key, time.monotonic() + TOKEN_WAIT_SECONDS
        # Off the loop: while Redis is slow, the other accounts' calls go on.
        while True:
            kept = await asyncio.to_thread(self._tokens.get, key)
            if kept is not None and kept.seconds > TOKEN_MARGIN_SECONDS:
                return lane.keep(kept)
            if await asyncio.to_thread(self._tokens.begin, key) or time.monotonic() > patience:
                break
            await asyncio.sleep(0.1)
        try:
            response = await line.transmit(call.account.address_of(call.carrier, wanted), wanted)
            _refuse(response, readable=frozenset())
            token = call.carrier.parse_token(response.content)
            await asyncio.to_thread(self._tokens.put, key, token)
            return lane.keep(token)
        finally:
            await asyncio.to_thread(self._tokens.end, key)


def _complete(call: Ask) -> None:
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
    wait = http.retry_after(response)
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


def _put(
    done: queue.SimpleQueue[tuple[int, Future[list[Answer]]]],
    index: int,
    finished: Future[list[Answer]],
) -> None:
    done.put((index, finished))


_shared: Fetcher | None = None
_shared_pid: int | None = None


def shared() -> Fetcher:
    """This process's fetcher, made on first use; a fork makes its own."""
    global _shared, _shared_pid
    if _shared is None or _shared_pid != os.getpid():
        tokens = RedisTokens(redis_client.connect(settings.REDIS_URL))
        _shared, _shared_pid = Fetcher(tokens=tokens), os.getpid()
    return _shared
