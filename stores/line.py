"""One shop's API, spoken to: its credentials, its pace, its failures. Outside of transactions.

The callers hold a dialogue of the adapter; what they save afterwards is their business. Every
call is paced by the platform's limits in Redis, where all workers see them; an access token is
renewed by one worker at a time and saved before it is used.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, TypeVar

import redis
from django.conf import settings
from django.db.models import Q

from carriers.pacing import take_calls
from lib.encryption import seal
from lib.logs import where
from lib.redis_client import connect
from merchants.scope import merchant_scope
from stores import registry, wire
from stores.base import Store
from stores.line_health import note_failure, note_success
from stores.models import ApiState, StoreConnection
from stores.our_apps import app_of
from stores.payload import StoreError
from stores.shop import Shop
from stores.talk import Answer, Call, ShopError, Talk

T = TypeVar("T")
log = logging.getLogger("homeward.stores")

#: A worker waits in its place no longer than this; it has other shops to ask.
PATIENCE_SECONDS: Final = 15.0
#: A dialogue that never ends is a mistake of its adapter.
MOST_CALLS: Final = 2_000
#: As long as a refresh may take before another worker believes that it died.
_REFRESH_LEASE: Final = timedelta(seconds=60)


class Line:
    """For one connection and one job; `doing` says which, for the list of failures."""

    def __init__(
        self, connection: StoreConnection, *, doing: str, carrier: wire.Wire | None = None
    ) -> None:
        self.connection = connection
        self.adapter: Store = registry.get(connection.platform)
        self._doing = doing
        self._wire = carrier or wire.shared()
        self._pace = _Pace(connection.pk, self.adapter)

    def shop(self, *, now: datetime, credentials: Mapping[str, str] | None = None) -> Shop:
        """The connection as its adapter sees it."""
        return Shop(
            name=self.connection.external_id,
            credentials=self.connection.credentials if credentials is None else credentials,
            now=now,
            app=app_of(self.connection.platform),
            api_url=settings.STORE_API_URLS.get(self.connection.platform, ""),
        )

    def hold(self, talk: Callable[[Shop], Talk[T]], *, now: datetime) -> T:
        """Hold the dialogue to its end. Raises ShopError; whatever happened is written down.

        A dialogue that the shop breaks off because the token ended is held once more from its
        beginning, with a new token.
        """
        self._check(now)
        try:
            found = self._hold_renewing(talk, now)
        except ShopError as error:
            if error.kind != "refused":
                note_failure(self.connection, error, doing=self._doing, now=now)
            raise
        note_success(self.connection)
        return found

    def _check(self, now: datetime) -> None:
        paused = self.connection.paused_until
        if paused is not None and paused > now:
            seconds = (paused - now).total_seconds()
            raise ShopError("The shop is left in peace for now", kind="rate_limited",
                            retry_after=seconds)  # fmt: skip
        if self.connection.api_state == ApiState.REFUSED:
            raise ShopError("The shop must be connected again", kind="credentials")

    def _hold_renewing(self, talk: Callable[[Shop], Talk[T]], now: datetime) -> T:
        shop = self.shop(now=now)
        if self.adapter.is_expiring(shop):
            shop = self._renewed(shop, now)
        try:
            return self._run(talk(shop), shop)
        except ShopError as error:
            if error.kind != "credentials" or not self.adapter.can_renew(shop):
                raise
        return self._run(talk(renewed := self._renewed(shop, now)), renewed)

    def _run(self, talk: Talk[T], shop: Shop) -> T:
        answer: Answer | None = None
        try:
            call = next(talk)
            for _ in range(MOST_CALLS):
                answer = self._carry(call, shop)
                call = talk.send(answer)
        except StopIteration as end:
            result: T = end.value
            return result
        except (StoreError, KeyError, TypeError, ValueError, AttributeError) as error:
            # What the shop said has a shape that the adapter did not expect.
            log.error("the adapter %s failed: %s", self.adapter.slug, where(error))
            words = str(error) if isinstance(error, StoreError) else type(error).__name__
            raw = answer.body[: wire.KEPT_BYTES] if answer else b""
            raise ShopError(
                f"We could not read the shop’s answer ({words})", kind="unreadable", raw=raw
            ) from error
        finally:
            talk.close()
        raise ShopError("The shop’s answers never end", kind="unreadable")

    def _carry(self, call: Call, shop: Shop) -> Answer:
        """Carry one call; a short wait that the shop asks for is waited out here, once."""
        sent = call if call.plain else replace(
            call, headers={**self.adapter.authorization(shop), **call.headers}
        )  # fmt: skip
        for is_last in (False, True):
            self._pace.wait(call.cost)
            try:
                answer = self._wire.carry(self.adapter.base_url(shop), sent)
                trouble = self.adapter.refusal(answer)
                self._pace.rest(self.adapter.rest(answer, call.cost))
                if trouble is not None:
                    raise trouble
                return answer
            except ShopError as error:
                if error.retry_after is None and error.answer is not None:
                    # Some platforms say in a header of their own when their patience is back.
                    error.retry_after = self.adapter.rest(error.answer, call.cost) or None
                wait = error.retry_after or 1.0
                if is_last or error.kind != "rate_limited" or wait > PATIENCE_SECONDS:
                    raise
                self._pace.rest(wait)
        raise AssertionError("the second try returns or raises")

    def _renewed(self, shop: Shop, now: datetime) -> Shop:
        """The shop with a token that is good: renewed here, or by whoever was first."""
        if not self._claim_refresh(now):
            return self._await_refresh(shop, now)
        try:
            # Between our look and our claim somebody may have finished.
            with merchant_scope(self.connection.merchant_id):
                self.connection.refresh_from_db(fields=["secrets"])
            current = self.shop(now=now)
            if dict(current.credentials) != dict(shop.credentials):
                return current
            credentials = self._run(self.adapter.refresh(current), current)
            self._keep(credentials)
        except ShopError as error:
            if error.kind == "refused":  # a refresh token that was used up, or taken back
                raise ShopError(
                    "The shop does not renew our access", kind="credentials",
                    http_status=error.http_status, raw=error.raw,
                ) from error  # fmt: skip
            raise
        finally:
            self._update(refreshing_until=None)
        return self.shop(now=now)

    def _claim_refresh(self, now: datetime) -> bool:
        free = Q(refreshing_until__isnull=True) | Q(refreshing_until__lt=now)
        with merchant_scope(self.connection.merchant_id):
            mine = StoreConnection.objects.filter(free, pk=self.connection.pk)
            return bool(mine.update(refreshing_until=now + _REFRESH_LEASE))

    def _await_refresh(self, shop: Shop, now: datetime) -> Shop:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            time.sleep(0.2)
            with merchant_scope(self.connection.merchant_id):
                self.connection.refresh_from_db(fields=["secrets", "refreshing_until"])
            current = self.shop(now=now)
            if dict(current.credentials) != dict(shop.credentials):
                return current
        raise ShopError("The access to the shop is being renewed", kind="unavailable")

    def _keep(self, credentials: Mapping[str, str]) -> None:
        """Save before the first use: a refresh token may be good for one use only."""
        self.connection.secrets = seal(dict(credentials))
        self._update(secrets=self.connection.secrets)

    def _update(self, **values: object) -> None:
        with merchant_scope(self.connection.merchant_id):
            StoreConnection.objects.filter(pk=self.connection.pk).update(**values)


class _Pace:
    """This connection's turn, by the platform's limits and by what its answers said."""

    def __init__(self, connection_id: int, adapter: Store) -> None:
        self._key = f"store:{connection_id}"
        self._limits = adapter.limits
        self._redis = connect(settings.REDIS_URL)
        self._rest_until = 0.0

    def wait(self, cost: float) -> None:
        """Sleep until the call may go. Raises ShopError where that is too long."""
        self._sleep(self._resting())
        try:
            now = datetime.now().astimezone()
            grant = take_calls(self._key, 1, self._limits, now=now)
        except redis.RedisError:
            return  # the shop's own 429 is the last line
        if grant.count:
            self._sleep(grant.delay)
            return
        seconds = (grant.again - now).total_seconds() if grant.again else 60.0
        raise ShopError("The shop’s allowance is used up", kind="rate_limited", retry_after=seconds)

    def rest(self, seconds: float) -> None:
        """Nobody asks this shop before."""
        if seconds <= 0:
            return
        self._rest_until = time.time() + seconds
        try:
            self._redis.set(
                f"store-rest:{self._key}", str(self._rest_until), px=int(seconds * 1000) + 1
            )
        except redis.RedisError:
            log.warning("Redis cannot be reached; other workers do not know of a shop's rest")

    def _resting(self) -> float:
        until = self._rest_until
        try:
            told = self._redis.get(f"store-rest:{self._key}")
            until = max(until, float(told)) if told else until
        except redis.RedisError:
            pass
        return until - time.time()

    @staticmethod
    def _sleep(seconds: float) -> None:
        if seconds > PATIENCE_SECONDS:
            raise ShopError("The shop asked us to wait", kind="rate_limited", retry_after=seconds)
        if seconds > 0:
            time.sleep(seconds)
