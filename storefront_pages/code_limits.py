"""How often codes are sent and entered: by address, by link, by shop, by whom it is sent to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from django.http import HttpRequest
from django.utils.translation import ngettext

from lib import limits
from lib.signing import fingerprint
from storefront_pages.stamps import Stamp

Limit = tuple[int, int]

#: (times, seconds)
SENDS_AN_ADDRESS: Final = (10, 3600)
SENDS_A_LINK: Final = (5, 3600)
SENDS_A_TARGET: Final = (5, 3600)
SENDS_A_SHOP: Final = (300, 3600)
ENTRIES_AN_ADDRESS: Final = (30, 600)
ENTRIES_A_LINK: Final = (15, 3600)


def wait_to_send(request: HttpRequest, marked: Stamp, *, to: str) -> int:
    """Counts one more code; seconds to wait, 0 when there is no need."""
    shop, client = marked.merchant.pk, limits.client_address(request)
    target = fingerprint(f"{shop}:{to.lower()}")[:24]
    return _wait(
        (
            (f"code:{client}", SENDS_AN_ADDRESS),
            (f"code:{shop}:{marked.link_id}", SENDS_A_LINK),
            (f"code:{shop}:to:{target}", SENDS_A_TARGET),
            (f"code:{shop}", SENDS_A_SHOP),
        )
    )


def wait_to_enter(request: HttpRequest, marked: Stamp) -> int:
    """Counts one more entry; seconds to wait, 0 when there is no need."""
    return _wait(
        (
            (f"code-entry:{limits.client_address(request)}", ENTRIES_AN_ADDRESS),
            (f"code-entry:{marked.merchant.pk}:{marked.link_id}", ENTRIES_A_LINK),
        )
    )


def wait_words(seconds: int) -> str:
    """When to come back."""
    minutes = max(seconds // 60, 1)
    return ngettext(
        "Too many tries. Please try again in %(n)s minute.",
        "Too many tries. Please try again in %(n)s minutes.",
        minutes,
    ) % {"n": minutes}


def _wait(counted: Iterable[tuple[str, Limit]]) -> int:
    windows = [
        limits.count(name, limit=limit, seconds=seconds) for name, (limit, seconds) in counted
    ]
    return max((window.seconds_left for window in windows if window.is_over), default=0)
