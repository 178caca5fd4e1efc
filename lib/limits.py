"""Fixed-window rate limits in the cache. Without a cache nothing is limited: a shop's door
must not close because Redis did."""

from __future__ import annotations

import ipaddress
import time
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from redis.exceptions import RedisError


@dataclass(frozen=True, slots=True)
class Window:
    """One count in one window: how many of `limit` are used, and seconds until it starts anew."""

    limit: int
    used: int
    seconds_left: int

    @property
    def is_over(self) -> bool:
        return self.used > self.limit

    @property
    def remaining(self) -> int:
        return max(self.limit - self.used, 0)


def count(name: str, *, limit: int, seconds: int, clock: float | None = None) -> Window:
    """Count one more under this name; names must hold no personal data beyond an address.

    `clock` is seconds since 1970, for tests.
    """
    now = time.time() if clock is None else clock
    window = int(now // seconds)
    left = max(int((window + 1) * seconds - now), 1)
    key = f"limit:{name}:{seconds}:{window}"
    try:
        cache.add(key, 0, timeout=seconds * 2)
        used = cache.incr(key)
    except (RedisError, ValueError):
        # ValueError: the key was evicted between the two calls.
        used = 1
    return Window(limit=limit, used=used, seconds_left=left)


def client_address(request: HttpRequest) -> str:
    """Who asks, for counting: behind TRUSTED_PROXIES the address that the outermost of them saw.

    A shop's own proxy that proved itself (`storefront_pages.own_path`) is believed instead.
    An IPv6 network counts as one: a single machine has 2^64 addresses.
    """
    address = getattr(request, "client_behind", "") or request.META.get("REMOTE_ADDR", "")
    if settings.TRUSTED_PROXIES and not getattr(request, "client_behind", ""):
        chain = request.headers.get("X-Forwarded-For", "").split(",")
        if len(chain) >= settings.TRUSTED_PROXIES:
            address = chain[-settings.TRUSTED_PROXIES].strip()
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(found, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)
