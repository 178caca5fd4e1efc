"""Keys in a shop's own pages: their origins, and what becomes of them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from merchants import publishable
from merchants.models import Merchant, PublishableKey
from merchants.publishable import NotAnOrigin, origin_of

NOW = datetime(2026, 11, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("given", "origin"),
    [
        ("shop.example", "https://shop.example"),
        (" https://Shop.Example/cart?x=1 ", "https://shop.example"),
        ("http://localhost:8080/", "http://localhost:8080"),
        ("https://shop.example:443", "https://shop.example"),
        ("http://shop.example:80", "http://shop.example"),
        ("null", "https://null"),  # never the bare word, which sandboxed pages send
        ("متجر.example", "https://xn--pgbep1f.example"),
    ],
)
def test_origin_is_what_browsers_send(given: str, origin: str) -> None:
    assert origin_of(given) == origin


@pytest.mark.parametrize(
    "given", ["", "*", "https://*", "https://*.shop.example", "ftp://shop.example",
              "https://me@shop.example", "https://shop.example:x", "https://", "a b"]
)  # fmt: skip
def test_what_is_no_origin_is_refused(given: str) -> None:
    with pytest.raises(NotAnOrigin):
        origin_of(given)


def issue(merchant: Merchant) -> PublishableKey:
    return publishable.issue(
        merchant=merchant, origins=["https://a.example"], fallback="usual", by=None
    )


def test_key_is_found_while_it_is_on(merchant: Merchant) -> None:
    key = issue(merchant)
    assert publishable.looks_like_a_key(key.key)
    assert publishable.find(key.key) == key
    publishable.change(key, origins=[], fallback="nothing", is_on=False)
    assert publishable.find(key.key) is None


def test_replaced_key_goes_on_until_it_is_revoked(merchant: Merchant) -> None:
    old = issue(merchant)
    new = publishable.replace(old, by=None)
    assert (new.origins, new.key != old.key) == (old.origins, True)
    assert publishable.find(old.key) == old
    assert publishable.revoke(old, now=NOW)
    assert publishable.find(old.key) is None
    assert publishable.find(new.key) == new


def test_revoked_key_stays_as_it_was(merchant: Merchant) -> None:
    key = issue(merchant)
    publishable.revoke(key, now=NOW)
    assert publishable.revoke(key, now=NOW) is False
    assert publishable.change(key, origins=[], fallback="usual", is_on=True) is False
    key.refresh_from_db()
    assert key.origins == ["https://a.example"]
