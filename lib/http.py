"""The only maker of HTTP clients.

Every client has time-outs, a size limit and refuses private addresses, because a
merchant (or a redirect) may choose where we call. `OUTBOUND_ALLOW` lists the
exceptions as `host:port`, for the demonstration's and the tests' local servers.

The transport is aiohttp's pool behind httpx's interface: httpcore's own pool does
quadratic work in the number of connections.
"""

from __future__ import annotations

import asyncio
import ipaddress
import os
import socket
import ssl
from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from typing import Any, Final

import aiohttp
import httpx
from aiohttp.abc import AbstractResolver, ResolveResult
from httpx_aiohttp import AiohttpTransport

CONNECT_SECONDS: Final = 5.0
READ_SECONDS: Final = 15.0
MAX_BODY_BYTES: Final = 5_000_000
USER_AGENT: Final = "Homeward/1 (+parcel tracking)"


class RefusedAddress(OSError):
    """The host resolves to an address that we do not call (private, loopback, link-local …)."""


class TooLarge(httpx.RequestError):
    """The answer is longer than we are willing to read."""


def allowed_from_environment() -> frozenset[str]:
    """`OUTBOUND_ALLOW="127.0.0.1:9001,localhost:9002"` as a set of `host:port`."""
    entries = os.environ.get("OUTBOUND_ALLOW", "").split(",")
    return frozenset(entry.strip() for entry in entries if entry.strip())


def is_public(address: str) -> bool:
    """Whether an IP address literal is one of the public internet's."""
    ip = ipaddress.ip_address(address.split("%")[0])
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped is not None:
        ip = ip.ipv4_mapped
    return ip.is_global and not ip.is_multicast


class GuardedResolver(AbstractResolver):
    """Resolves at connect time, so that a name cannot change between check and use."""

    def __init__(self, allow: frozenset[str]) -> None:
        self.allow = allow
        self._resolver: AbstractResolver | None = None

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        if self._resolver is None:
            self._resolver = aiohttp.DefaultResolver()
        found = await self._resolver.resolve(host, port, family)
        if f"{host}:{port}" in self.allow:
            return found
        if not found or not all(is_public(result["host"]) for result in found):
            raise RefusedAddress(f"{host} is not a public address")
        return found

    async def close(self) -> None:
        if self._resolver is not None:
            await self._resolver.close()


@cache
def trust() -> ssl.SSLContext:
    """The certificates we believe, read once a process: reading takes as long as a call."""
    return httpx.create_ssl_context()


class GuardedTransport(AiohttpTransport):
    """aiohttp's pool; refuses literal private addresses and reads no more than the limit."""

    def __init__(self, *, allow: frozenset[str], connections: int) -> None:
        self._allow = allow

        def session() -> aiohttp.ClientSession:
            connector = aiohttp.TCPConnector(
                limit=connections,
                resolver=GuardedResolver(allow),
                ssl=trust(),
                ttl_dns_cache=60,
            )
            return aiohttp.ClientSession(connector=connector, trust_env=False)

        super().__init__(verify=trust(), client=session)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        host = request.url.host
        port = request.url.port or (443 if request.url.scheme == "https" else 80)
        try:
            literal_is_public = is_public(host)
        except ValueError:
            literal_is_public = True  # a name: the resolver decides
        if not literal_is_public and f"{host}:{port}" not in self._allow:
            error = RefusedAddress(f"{host} is not a public address")
            raise httpx.ConnectError(str(error), request=request) from error
        return await super().handle_async_request(request)


def client(
    *, connections: int = 100, allow: Iterable[str] | None = None, **options: Any
) -> httpx.AsyncClient:
    """A client with our time-outs that refuses private addresses.

    `allow` overrides `OUTBOUND_ALLOW`; `options` go to `httpx.AsyncClient` (tests pass
    `transport=httpx.MockTransport(...)`). Close it with `aclose()`.
    """
    allowed = frozenset(allow) if allow is not None else allowed_from_environment()
    options.setdefault("transport", GuardedTransport(allow=allowed, connections=connections))
    return httpx.AsyncClient(
        timeout=httpx.Timeout(READ_SECONDS, connect=CONNECT_SECONDS),
        headers={"user-agent": USER_AGENT},
        follow_redirects=False,
        trust_env=False,
        **options,
    )


async def send(
    http: httpx.AsyncClient,
    request: httpx.Request,
    *,
    seconds: float = READ_SECONDS * 2,
    keep: int | None = None,
) -> httpx.Response:
    """Send and read the answer within so many seconds: the whole of it, up to `MAX_BODY_BYTES`, or
    its first `keep` bytes, and the rest is left unread.

    Raises httpx.RequestError (connection, time-out, `TooLarge`); the answer's status is
    the caller's to judge.
    """
    try:
        async with asyncio.timeout(seconds):
            response = await http.send(request, stream=True)
            try:
                content = await _read(response, keep=keep)
            finally:
                await response.aclose()
    except TimeoutError as error:
        raise httpx.ReadTimeout("no answer in time", request=request) from error
    return httpx.Response(
        response.status_code,
        # The body is decoded by now; its old length and encoding would be lies.
        headers=[
            (name, value)
            for name, value in response.headers.multi_items()
            if name.lower() not in {"content-encoding", "content-length", "transfer-encoding"}
        ],
        content=content,
        request=request,
    )


async def _read(response: httpx.Response, *, keep: int | None) -> bytes:
    chunks: list[bytes] = []
    size = 0
    async for chunk in response.aiter_bytes():
        size += len(chunk)
        chunks.append(chunk)
        if keep is not None and size >= keep:
            break
        if size > MAX_BODY_BYTES:
            raise TooLarge("the answer is too long", request=response.request)
    return b"".join(chunks)[:keep]


def retry_after(response: httpx.Response) -> float | None:
    """Retry-After in seconds, given as seconds or as an HTTP date; None when absent or odd."""
    value = response.headers.get("retry-after", "").strip()
    if value.isascii() and value.isdigit():
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    return max((moment - datetime.now(UTC)).total_seconds(), 0.0) if moment.tzinfo else None
