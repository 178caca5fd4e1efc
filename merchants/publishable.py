"""Keys that stand in a shop's own pages: made, changed, replaced, revoked, found."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from lib.signing import new_token
from merchants.models import Merchant, PublishableKey, User

_FORM: Final = re.compile(r"pk_[\w-]{32}", re.ASCII)
_HOST: Final = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*")
#: Origins of one key.
MOST_ORIGINS: Final = 20


class NotAnOrigin(ValueError):
    """A text that is no origin; the text is the argument."""


def origin_of(text: str) -> str:
    """The origin of an address: "Shop.example/cart" is on "https://shop.example".

    A scheme that is not said is https; http is taken as it is said. Raises NotAnOrigin.
    """
    given = text.strip()
    try:
        parts = urlsplit(given if "://" in given else f"https://{given}")
        host, port = (parts.hostname or ""), parts.port
        host = host.encode("idna").decode()
    except (ValueError, UnicodeError) as error:
        raise NotAnOrigin(text) from error
    if parts.scheme not in {"http", "https"} or not _HOST.fullmatch(host) or "@" in parts.netloc:
        raise NotAnOrigin(text)
    usual = port is None or port == {"http": 80, "https": 443}[parts.scheme]
    return f"{parts.scheme}://{host}" + ("" if usual else f":{port}")


def issue(
    *, merchant: Merchant, origins: list[str], fallback: str, by: User | None
) -> PublishableKey:
    """A new key, on; `origins` as `origin_of` gives them."""
    return PublishableKey.objects.create(
        merchant=merchant,
        key=f"pk_{new_token(24)}",
        origins=list(dict.fromkeys(origins)),
        fallback=fallback,
        created_by=by,
    )


def change(key: PublishableKey, *, origins: list[str], fallback: str, is_on: bool) -> bool:
    """What a key may do; False when it is revoked, for then nothing changes."""
    live = PublishableKey.objects.filter(pk=key.pk, revoked_at__isnull=True)
    return bool(live.update(origins=list(dict.fromkeys(origins)), fallback=fallback, is_on=is_on))


def replace(key: PublishableKey, *, by: User | None) -> PublishableKey:
    """A second key like this one; the old one goes on until it is revoked."""
    return issue(merchant=key.merchant, origins=list(key.origins), fallback=key.fallback, by=by)


def revoke(key: PublishableKey, *, now: datetime) -> bool:
    """The key stops working, for good; False when it had stopped before."""
    live = PublishableKey.objects.filter(pk=key.pk, revoked_at__isnull=True)
    return bool(live.update(revoked_at=now))


def looks_like_a_key(text: str) -> bool:
    """Whether it is worth looking up."""
    return _FORM.fullmatch(text) is not None


def find(text: str) -> PublishableKey | None:
    """The live key with its merchant. A door look-up: nobody is known yet."""
    live = PublishableKey.objects.filter(revoked_at__isnull=True, is_on=True)
    return live.select_related("merchant").filter(key=text).first()
