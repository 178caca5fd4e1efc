"""Access tokens are shared by all workers, sealed, and fetched by one at a time."""

from __future__ import annotations

import pytest
import redis
from django.conf import settings

from carriers.base import Token
from carriers.tokens import RedisTokens
from lib import redis_client
from lib.signing import new_token


@pytest.fixture
def client() -> redis.Redis:
    return redis_client.connect(settings.REDIS_URL)


def test_token_is_found_by_another_process_and_not_readable_in_redis(client: redis.Redis) -> None:
    key = new_token()
    RedisTokens(client).put(key, Token("the-token", 600))
    found = RedisTokens(client).get(key)
    assert found is not None
    assert found.value == "the-token"
    assert 590 < found.seconds <= 600
    assert b"the-token" not in bytes(client.get(f"carrier-token:{key}") or b"")  # type: ignore[arg-type]


def test_refused_token_is_dropped(client: redis.Redis) -> None:
    key = new_token()
    tokens = RedisTokens(client)
    tokens.put(key, Token("the-token", 600))
    tokens.drop(key)
    assert tokens.get(key) is None


def test_one_process_fetches_and_the_others_wait(client: redis.Redis) -> None:
    key = new_token()
    tokens = RedisTokens(client)
    assert [tokens.begin(key), tokens.begin(key)] == [True, False]
    tokens.end(key)
    assert tokens.begin(key) is True


def test_without_redis_everybody_fetches_its_own() -> None:
    tokens = RedisTokens(redis_client.connect("redis://127.0.0.1:1/0"))
    tokens.put("key", Token("the-token", 600))
    assert (tokens.get("key"), tokens.begin("key")) == (None, True)


def test_lock_of_another_process_stays_closed(client: redis.Redis) -> None:
    key = new_token()
    mine, theirs = RedisTokens(client), RedisTokens(client)
    assert theirs.begin(key) is True
    mine.end(key)
    assert mine.begin(key) is False
