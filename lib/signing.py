"""Random tokens, their hashes, and webhook signatures. All comparisons take constant time."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
import time
from collections.abc import Mapping
from typing import Final

#: How far the clock of a Standard Webhooks sender may be off.
_TOLERANCE_SECONDS: Final = 300


def new_token(size: int = 18) -> str:
    """An opaque URL-safe token of `size` random bytes; never derived from anybody's data."""
    return secrets.token_urlsafe(size)


def fingerprint(token: str) -> str:
    """What is stored of a secret that must only be recognised (SHA-256, hex)."""
    return hashlib.sha256(token.encode()).hexdigest()


def hmac_base64(body: bytes, secret: str) -> str:
    """Base64 of HMAC-SHA256, as Shopify and WooCommerce sign the raw body."""
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


def same(given: str, expected: str) -> bool:
    """Compare two signatures in constant time; text outside ASCII is simply wrong."""
    return hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode())


def new_webhook_secret() -> str:
    """A secret in the spelling of Standard Webhooks."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(24)).decode()


def standard_webhook_signature(body: bytes, *, secret: str, message_id: str, timestamp: str) -> str:
    """`v1,<base64>` of HMAC-SHA256 over "id.timestamp.body" (standardwebhooks.com).

    Raises ValueError for a secret that is not base64.
    """
    try:
        key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except binascii.Error as error:
        raise ValueError("the secret is not base64") from error
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def is_standard_webhook(
    body: bytes, headers: Mapping[str, str], secret: str, *, now: float | None = None
) -> bool:
    """Whether a Standard Webhooks request is genuine and at most five minutes old.

    `headers` have lower-case names; one of several signatures must fit. `now` in seconds.
    """
    message_id, stamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not (message_id and stamp.isascii() and stamp.isdigit()):
        return False
    if abs((time.time() if now is None else now) - int(stamp)) > _TOLERANCE_SECONDS:
        return False
    try:
        expected = standard_webhook_signature(
            body, secret=secret, message_id=message_id, timestamp=stamp
        )
    except ValueError:
        return False
    given = headers.get("webhook-signature", "").split()
    return any(same(one, expected) for one in given)
