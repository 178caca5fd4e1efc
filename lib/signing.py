"""Random tokens, their hashes, and webhook signatures. All comparisons take constant time."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets


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
