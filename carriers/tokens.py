"""Carriers' access tokens, shared by all workers and sealed: one fetch an account, not one a poll.

FedEx locks an address out for ten minutes after a few token requests in a row, so the
process that finds none asks alone, and the others wait for what it got.
"""

from __future__ import annotations

import time
from contextlib import suppress
from typing import Final, Protocol

import redis

from carriers.base import Token
from lib.encryption import CannotDecrypt, seal, unseal
from lib.signing import new_token

#: Opens the lock only for who closed it: it may have run out, and be another's by now.
_END: Final = """
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
"""


class Tokens(Protocol):
    """Where tokens are kept between processes."""

    def get(self, key: str) -> Token | None:
        """The token that is still good, with the seconds it has left."""

    def put(self, key: str, token: Token) -> None: ...

    def drop(self, key: str) -> None:
        """It was refused before its time."""

    def begin(self, key: str) -> bool:
        """Whether this process is the one to fetch it; asked again after a while."""

    def end(self, key: str) -> None:
        """Done, well or not; does nothing to another process that fetches it by now."""


class RedisTokens:
    """Tokens in Redis. Without Redis every process fetches its own, as slowly as it needs to."""

    def __init__(self, client: redis.Redis) -> None:
        self._client = client
        self._me = new_token()
        self._end = client.register_script(_END)

    def get(self, key: str) -> Token | None:
        try:
            kept = self._client.get(f"carrier-token:{key}")
            found = unseal(kept if isinstance(kept, str) else kept.decode()) if kept else None
        except (redis.RedisError, CannotDecrypt):
            return None
        if found is None:
            return None
        seconds = float(found["until"]) - time.time()
        return Token(found["value"], seconds) if seconds > 0 else None

    def put(self, key: str, token: Token) -> None:
        sealed = seal({"value": token.value, "until": str(time.time() + token.seconds)})
        with suppress(redis.RedisError):
            self._client.set(f"carrier-token:{key}", sealed, ex=max(int(token.seconds), 1))

    def drop(self, key: str) -> None:
        with suppress(redis.RedisError):
            self._client.delete(f"carrier-token:{key}")

    def begin(self, key: str) -> bool:
        try:
            return bool(self._client.set(f"carrier-token-lock:{key}", self._me, nx=True, ex=30))
        except redis.RedisError:
            return True

    def end(self, key: str) -> None:
        with suppress(redis.RedisError):
            self._end(keys=[f"carrier-token-lock:{key}"], args=[self._me])


class OwnTokens:
    """Tokens of this process alone: for a fetcher that shares with nobody (tests, benchmarks)."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[Token, float]] = {}

    def get(self, key: str) -> Token | None:
        token, until = self._kept.get(key, (None, 0.0))
        left = until - time.time()
        return Token(token.value, left) if token is not None and left > 0 else None

    def put(self, key: str, token: Token) -> None:
        self._kept[key] = token, time.time() + token.seconds

    def drop(self, key: str) -> None:
        self._kept.pop(key, None)

    def begin(self, key: str) -> bool:
        return True

    def end(self, key: str) -> None:
        return
