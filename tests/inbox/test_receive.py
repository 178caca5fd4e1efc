"""Stored once, as it came."""

from __future__ import annotations

from inbox.models import Delivery
from inbox.receive import Inbound, keep_headers, receive
from merchants.models import Merchant
from merchants.scope import every_merchant
from tests.factories import NOW


def inbound(key: str = "k", connection_id: int | None = 1) -> Inbound:
    return Inbound("store", "shopify", connection_id, "orders/create", key, {"a": "b"}, b"\x00\xff")


def test_request_is_stored_raw_and_due_at_once(scope: Merchant) -> None:
    received = receive(merchant_id=scope.pk, inbound=inbound(), now=NOW)
    row = Delivery.objects.get(pk=received.delivery_id)
    assert received.is_new is True
    assert (bytes(row.body), row.headers, row.outcome) == (b"\x00\xff", {"a": "b"}, "waiting")
    assert (row.received_at, row.next_attempt_at) == (NOW, NOW)


def test_same_key_of_the_same_connection_is_one_row(scope: Merchant) -> None:
    first = receive(merchant_id=scope.pk, inbound=inbound(), now=NOW)
    again = receive(merchant_id=scope.pk, inbound=inbound(), now=NOW)
    elsewhere = receive(merchant_id=scope.pk, inbound=inbound(connection_id=2), now=NOW)
    assert (again.is_new, again.delivery_id) == (False, first.delivery_id)
    assert elsewhere.is_new is True


def test_same_key_for_nobody_is_one_row(db: None) -> None:
    with every_merchant("test"):
        nobody = inbound(connection_id=None)
        found = [receive(merchant_id=None, inbound=nobody, now=NOW).is_new for _ in range(2)]
    assert found == [True, False]


def test_only_named_headers_are_kept_without_nul() -> None:
    headers = {"x-shop-a": "1\x00", "cookie": "s", "authorization": "b", "user-agent": "u"}
    assert keep_headers(headers, prefixes=("x-shop-",)) == {"x-shop-a": "1", "user-agent": "u"}
