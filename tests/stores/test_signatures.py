"""Every registered store: nothing unsigned gets in."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from pathlib import Path

import pytest

from lib.signing import new_webhook_secret
from stores.base import StandardWebhooks, Store
from stores.registry import STORES
from tests.stores.whole_way import standard_headers

BODY = '{"id": 1, "name": "نور"}'.encode()


#: Stores that sign as most do; the others have tests of their own beside their payloads'.
_USUAL = sorted(
    slug
    for slug, one in STORES.items()
    if type(one).sign is Store.sign and type(one).proves is Store.proves and one.signature_header
)


@pytest.fixture(params=_USUAL)
def store(request: pytest.FixtureRequest) -> Store:
    return STORES[request.param]


def signed(body: bytes, secret: str) -> str:
    """The platforms' rule, written out a second time."""
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


def test_right_signature_verifies(store: Store) -> None:
    headers = {store.signature_header: signed(BODY, "s3cret")}
    assert store.verify(body=BODY, headers=headers, secrets={"secret": "s3cret"}) is True


def test_previous_secret_verifies_during_a_rotation(store: Store) -> None:
    headers = {store.signature_header: signed(BODY, "old")}
    secrets = {"secret": "new", "previous_secret": "old"}
    assert store.verify(body=BODY, headers=headers, secrets=secrets) is True


def test_one_byte_changed_does_not_verify(store: Store) -> None:
    headers = {store.signature_header: signed(BODY, "s3cret")}
    changed = BODY.replace(b"1", b"2")
    assert store.verify(body=changed, headers=headers, secrets={"secret": "s3cret"}) is False


@pytest.mark.parametrize("given", ["", "é", "AAAA"])
def test_missing_or_odd_signature_does_not_verify(store: Store, given: str) -> None:
    headers = {store.signature_header: given}
    assert store.verify(body=BODY, headers=headers, secrets={"secret": "s3cret"}) is False


def test_empty_secret_signs_nothing(store: Store) -> None:
    headers = {store.signature_header: signed(BODY, "")}
    assert store.verify(body=BODY, headers=headers, secrets={"secret": ""}) is False


def test_algorithm_is_that_of_the_vectors(store: Store, samples: Path) -> None:
    vectors = json.loads((samples / "signature_vectors.json").read_text())
    (vector,) = [one for one in vectors if one["name"] == f"{store.slug} webhook"]
    header = vector["algorithm"].split()[1].lower()
    assert header == store.signature_header
    assert store.sign(BODY, "s3cret") == signed(BODY, "s3cret")


def test_delivery_without_id_is_known_by_its_content(store: Store) -> None:
    first = store.unique_key(headers={}, body=BODY)
    assert first == store.unique_key(headers={}, body=BODY)
    assert first != store.unique_key(headers={}, body=BODY + b" ")
    named = store.unique_key(headers={store.key_header: "abc-1"}, body=BODY)
    assert named.partition(":")[0] == "abc-1"


@pytest.mark.parametrize("slug", sorted(STORES))
def test_every_store_names_its_documents_and_how_orders_come(slug: str) -> None:
    found = STORES[slug]
    assert found.documentation.startswith("https://")
    assert len(found.topics) > 0 or found.has_api


@pytest.mark.parametrize(
    "slug", sorted(slug for slug, one in STORES.items() if isinstance(one, StandardWebhooks))
)
def test_standard_webhook_is_signed_with_the_store_s_own_secret(slug: str) -> None:
    found, secret = STORES[slug], new_webhook_secret()
    headers = standard_headers(BODY, secret=written_down(found, secret))
    assert found.verify(body=BODY, headers=headers, secrets={"secret": secret}) is True
    assert found.verify(body=BODY + b" ", headers=headers, secrets={"secret": secret}) is False
    assert found.verify(body=BODY, headers=headers, secrets={"secret": "other"}) is False
    assert found.verify(body=BODY, headers={}, secrets={"secret": secret}) is False
    assert found.unique_key(headers=headers, body=BODY) == "msg_1"


def written_down(store: Store, secret: str) -> str:
    """BigCommerce's client secret is the key itself; elsewhere the key is base64 in the secret."""
    return base64.b64encode(secret.encode()).decode() if store.slug == "bigcommerce" else secret
