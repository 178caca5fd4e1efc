"""Fixed windows, and who is counted."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.test import RequestFactory
from redis.exceptions import ConnectionError as RedisDown

from lib.limits import Window, client_address, count


def test_window_fills_and_starts_anew() -> None:
    found = [count("t", limit=2, seconds=10, clock=1003.0) for _ in range(3)]
    assert [one.used for one in found] == [1, 2, 3]
    assert [one.is_over for one in found] == [False, False, True]
    assert (found[2].remaining, found[2].seconds_left) == (0, 7)
    assert count("t", limit=2, seconds=10, clock=1010.0).used == 1
    assert count("other", limit=2, seconds=10, clock=1003.0).used == 1


def test_without_a_cache_nothing_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    def down(*args: Any, **options: Any) -> None:
        raise RedisDown("refused")

    monkeypatch.setattr(cache, "add", down)
    assert count("t", limit=1, seconds=10, clock=1000.0) == Window(1, 1, 10)


@pytest.mark.parametrize(
    ("proxies", "forwarded", "remote", "address"),
    [
        (0, "9.9.9.9", "1.2.3.4", "1.2.3.4"),
        (1, "9.9.9.9, 5.6.7.8", "10.0.0.1", "5.6.7.8"),
        (2, "9.9.9.9, 5.6.7.8, 10.0.0.2", "10.0.0.1", "5.6.7.8"),
        (2, "5.6.7.8", "10.0.0.1", "10.0.0.1"),
        (0, "", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        (1, "junk", "10.0.0.1", "unknown"),
    ],
)
def test_address_is_what_a_trusted_proxy_saw(
    settings: Any, proxies: int, forwarded: str, remote: str, address: str
) -> None:
    settings.TRUSTED_PROXIES = proxies
    request = RequestFactory().get("/", REMOTE_ADDR=remote, headers={"X-Forwarded-For": forwarded})
    assert client_address(request) == address
