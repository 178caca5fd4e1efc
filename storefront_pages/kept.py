"""Finished pages, kept for minutes in the cache, compressed.

A page is kept under its ETag, which changes with all that it says, and under its merchant and
link: nobody is served what another link shows, nor what
the same link shows to somebody who proved more. It is looked up only after the link was found
alive, and its address in the cache has ids and a digest in it, no token and no personal data.
"""

from __future__ import annotations

import gzip
import logging
from collections.abc import Callable
from datetime import datetime
from typing import Final

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from redis.exceptions import RedisError

from storefront_pages.stamps import Stamp

#: A page may lag this much behind what only the passing of time changes ("no scan for two days").
MOST_SECONDS: Final = 600
#: Beyond this each per cent costs more time than it saves on the way.
_LEVEL: Final = 6
_log = logging.getLogger("homeward.storefront")


def address(stamp: Stamp, *, etag: str, host: str, root: str) -> str:
    """Where in the cache this page is; "" for one with an address in it, which is not kept.
    `host` and `root` are in it because the page's own links start there."""
    if not stamp.access.may_be_kept:
        return ""
    digest = etag.removeprefix("W/").strip('"')
    return f"page:{stamp.merchant.pk}:{stamp.link_id}:{stamp.access.key}:{host}{root}:{digest}"


def seconds(stamp: Stamp, *, now: datetime) -> int:
    """How long the page may be kept: not past the next look at the carrier, which it names."""
    if stamp.next_ask_at is None or stamp.next_ask_at <= now:
        return MOST_SECONDS
    return min(MOST_SECONDS, int((stamp.next_ask_at - now).total_seconds()) + 1)


def page(address: str, *, seconds: int, build: Callable[[], str]) -> bytes:
    """The page's gzipped bytes, built where they are not kept. Without the cache each is built."""
    if not address:
        return _packed(build())
    try:
        found: bytes | None = cache.get(address)
    except RedisError as error:
        _log.warning("pages are built anew, the cache does not answer: %s", type(error).__name__)
        return _packed(build())
    if found is not None:
        return found
    packed = _packed(build())
    try:
        cache.set(address, packed, timeout=seconds)
    except RedisError as error:
        _log.warning("a page was not kept, the cache does not answer: %s", type(error).__name__)
    return packed


def response(request: HttpRequest, packed: bytes) -> HttpResponse:
    """The answer with these gzipped bytes, unpacked for the few who do not take them."""
    takes = "gzip" in request.headers.get("Accept-Encoding", "")
    answer = HttpResponse(packed if takes else gzip.decompress(packed))
    if takes:
        answer.headers["Content-Encoding"] = "gzip"
    patch_vary_headers(answer, ("Accept-Encoding",))
    return answer


def _packed(html: str) -> bytes:
    return gzip.compress(html.encode(), compresslevel=_LEVEL, mtime=0)
