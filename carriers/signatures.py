"""Checking that a push is genuine; everything is compared in constant time."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterable, Mapping

from lib.signing import same


def digest(secret: str | bytes, message: bytes) -> bytes:
    """HMAC-SHA256 of the message."""
    key = secret.encode("utf-8", "replace") if isinstance(secret, str) else secret
    return hmac.new(key, message, hashlib.sha256).digest()


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
    signed = f"{headers.get('webhook-id', '')}.{headers.get('webhook-timestamp', '')}.".encode()
    expected = f"v1,{in_base64(digest(key, signed + body))}"
    return is_one_of(expected, headers.get("webhook-signature", "").split())
