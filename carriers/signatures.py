"""Checking that a push is genuine; everything is compared in constant time."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterable, Mapping

from lib.signing import same


def digest(secret: str | bytes, message: str | bytes) -> bytes:
    """HMAC-SHA256 of the message; whatever text a header holds."""
    return hmac.new(_raw(secret), _raw(message), hashlib.sha256).digest()


def _raw(value: str | bytes) -> bytes:
    return value.encode("utf-8", "replace") if isinstance(value, str) else value


def in_base64(mark: bytes) -> str:
    return base64.b64encode(mark).decode()


def is_one_of(given: str, expected: Iterable[str]) -> bool:
    """Whether it is one of these; all are compared, whatever the first says."""
    results = [same(given, one) for one in expected]
    return bool(given) and any(results)


def is_standard_webhook(body: bytes, headers: Mapping[str, str], secret: str) -> bool:
    """https://www.standardwebhooks.com: `webhook-signature` over id, time and body.

    The header may list several signatures ("v1,…" each). How old the time is, is not
    looked at: the same push twice is one push.
    """
    encoded = secret.removeprefix("whsec_")
    try:
        key = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        return False
    about = f"{headers.get('webhook-id', '')}.{headers.get('webhook-timestamp', '')}."
    expected = f"v1,{in_base64(digest(key, _raw(about) + body))}"
    given = headers.get("webhook-signature", "").split()
    return any([same(one, expected) for one in given])  # noqa: C419 all are compared
