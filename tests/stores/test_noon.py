"""Noon's orders in our words, and its API against a gateway played from its documents."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from hooks.tasks import process_waiting
from merchants.models import Merchant
from merchants.scope import every_merchant, merchant_scope
from stores.connect import CannotConnect, connect_api, hook_path_of, renew_access
from stores.models import Pull, StoreConnection
from stores.payload import StoreError
from stores.providers.noon import Noon
from stores.pulling import go_on
from stores.setting_up import set_up
from stores.sweeping import sweep
from stores.talk import Answer
from stores.vocabulary import Fetch, OrderUpdate
from stores.wanted import due, fetch
from tests.factories import NOW
from tests.stores.playing import Asked, Handler, Played, Said
from tracking.models import Order, OrderItem

NOON = Noon()
WAREHOUSE = "W00088442AE"
KEY = "header-value"
PRIVATE = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PEM = PRIVATE.private_bytes(
    serialization.Encoding.PEM,
    serialization.PrivateFormat.PKCS8,
    serialization.NoEncryption(),
).decode()
LATER = NOW + timedelta(minutes=3)


def stamp(when: datetime) -> str:
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def piece(number: str, **fields: Any) -> dict[str, Any]:
    values = {
        "mp_item_nr": number, "partner_sku": "LAMP-1", "delivered_invoice_price": 149.5,
        "mp_status": "MP_ITEM_STATUS_CONFIRMED",
        "integration_status": "INTEGRATION_ITEM_STATUS_ACKNOWLEDGED",
    }  # fmt: skip
    return values | fields


def order(number: int, placed: datetime, **fields: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "fbpi_order_nr": f"NFBO{number}", "mp_code": "noon", "mp_order_nr": f"NAE{number}",
        "mp_country_code": "ae", "customer_country_code": "ae", "currency_code": "AED",
        "warehouse_code": WAREHOUSE, "order_created_at": stamp(placed),
        "items": [piece(f"NFBO{number}-1"), piece(f"NFBO{number}-2")],
    }  # fmt: skip
    return values | fields


class NoonServer:
    """The gateway of one seller; fifty orders a page."""

    def __init__(self) -> None:
        self.orders: dict[str, dict[str, Any]] = {}
        self.session = ""
        self.logins: list[dict[str, Any]] = []

    def __call__(self, asked: Asked) -> Said:
        if not asked.headers.get("user-agent", "").startswith("Homeward"):
            return Said({"error": {"code": "no_agent", "message": "say who asks"}}, 403)
        path = asked.path.strip("/").split("/")
        if path[0] == "identity":
            return self._login(asked.json())
        if not self.session or asked.headers.get("cookie") != f"sid={self.session}; zone=ae":
            return Said({"error": {"code": "unauthenticated", "message": "log in"}}, 401)
        match path:
            case ["fbpi", "v1", "fbpi-orders", "list"]:
                return self._list(asked)
            case ["fbpi", "v1", "fbpi-order", number, "get"]:
                known = self.orders.get(number)
                return Said(known) if known else Said({"error": {"message": "no order"}}, 404)
            case ["fbpi", "v1", "fbpi-order", _, "customer-details", "get"]:
                return Said({"first_name": "Laila", "last_name": "Nasser", "city": "Sharjah",
                             "administrative_division": "Sharjah Emirate"})  # fmt: skip
        return Said({"error": {"message": "no such page"}}, 404)

    def _login(self, said: dict[str, str]) -> Said:
        """The token is checked as Noon says: RS256, the key's id, whole seconds."""
        signing, _, signature = said["token"].rpartition(".")
        raw = base64.urlsafe_b64decode(signature + "==")
        PRIVATE.public_key().verify(raw, signing.encode(), padding.PKCS1v15(), hashes.SHA256())
        claims = json.loads(base64.urlsafe_b64decode(signing.split(".")[1] + "=="))
        self.logins.append({**claims, "project": said["default_project_code"]})
        self.session = f"s{len(self.logins)}"
        cookie = (
            f"sid={self.session}; Path=/; Expires=Sun, 27 Dec 2026 10:00:00 GMT, zone=ae; Path=/"
        )
        return Said({}, 200, {"Set-Cookie": cookie})

    def _list(self, asked: Asked) -> Said:
        said = asked.json()
        found = [
            row
            for row in sorted(self.orders.values(), key=lambda row: row["order_created_at"])
            if said["created_after"] <= row["order_created_at"] <= said["created_before"]
            and row["warehouse_code"] == said["warehouse_code"]
        ]
        start = int(asked.query.get("next_token", "0"))
        more = str(start + 50) if start + 50 < len(found) else ""
        return Said({"orders": found[start : start + 50], "next_token": more})


@dataclass(frozen=True)
class Linked:
    store: StoreConnection
    shop: NoonServer
    played: Played

    def fresh(self) -> StoreConnection:
        with merchant_scope(self.store.merchant_id):
            return StoreConnection.objects.get(pk=self.store.pk)


def key_file(**fields: str) -> str:
    values = {"key_id": "key-7", "private_key": PEM, "project_code": "PRJ7", "type": "apijwt"}
    return json.dumps(values | fields)


@pytest.fixture
def linked(merchant: Merchant, play: Callable[[Handler], Played], settings: Any) -> Linked:
    shop = NoonServer()
    played = play(shop)
    settings.STORE_API_URLS = {"noon": played.url}
    store = connect_api(
        merchant=merchant, platform="noon", name="", shop=WAREHOUSE.lower(),
        credentials={"key_file": key_file(), "secret": KEY}, now=NOW,
    )  # fmt: skip
    return Linked(store, shop, played)


def working(linked: Linked) -> StoreConnection:
    set_up(linked.store.pk, now=NOW)
    return linked.fresh()


def pull(linked: Linked) -> Pull:
    with merchant_scope(linked.store.merchant_id):
        row = Pull.objects.get(kind=Pull.Kind.BACKFILL)
    done = go_on(row.pk, now=NOW)
    assert done is not None
    return done


def test_order_is_read_piece_by_piece() -> None:
    customer = {"first_name": "Laila", "last_name": "Nasser", "city": "Sharjah"}
    found = NOON.read_order(order(5, NOW) | {"customer": customer})
    assert isinstance(found, OrderUpdate)
    assert (found.external_id, found.number, found.currency) == ("NFBO5", "NAE5", "AED")
    assert (found.shop_status, found.placed_at) == ("acknowledged", NOW)
    assert [(item.external_id, item.quantity, item.price) for item in found.items] == [
        ("NFBO5-1", 1, Decimal("149.5")),
        ("NFBO5-2", 1, Decimal("149.5")),
    ]
    assert found.destination is not None
    assert (found.destination.country, found.destination.city) == ("AE", "Sharjah")
    assert found.customer.name == "Laila Nasser"


def test_pieces_in_different_states_make_no_status() -> None:
    shipped = piece("b", integration_status="INTEGRATION_ITEM_STATUS_SHIPPED")
    found = NOON.read_order(order(5, NOW, items=[piece("a"), shipped]))
    assert isinstance(found, OrderUpdate)
    assert found.shop_status == ""
    gone = piece("c", mp_status="MP_ITEM_STATUS_CANCELLED")
    found = NOON.read_order(order(5, NOW, items=[gone, shipped]))
    assert isinstance(found, OrderUpdate)
    assert (found.shop_status, [item.quantity for item in found.items]) == ("shipped", [0, 1])


@given(
    where=st.sampled_from(sorted(order(1, NOW))),
    value=st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
    | st.lists(st.dictionaries(st.sampled_from(["mp_item_nr", "mp_status"]), st.text(max_size=5))),
)  # fmt: skip
def test_order_with_one_odd_field_is_a_reading_or_a_clear_error(where: str, value: Any) -> None:
    with suppress(StoreError):
        NOON.read_order(order(1, NOW) | {where: value})


def test_key_file_signs_the_log_in(linked: Linked) -> None:
    store = working(linked)
    assert (store.api_state, store.external_id, store.may_message) == ("working", WAREHOUSE, False)
    (login,) = linked.shop.logins
    assert (login["sub"], login["iat"], login["project"]) == (
        "key-7",
        int(NOW.timestamp()),
        "PRJ7",
    )
    assert store.credentials["access_token"] == "sid=s1; zone=ae"


def test_session_that_ended_early_is_begun_anew(linked: Linked) -> None:
    store = working(linked)
    linked.shop.session = "other"
    assert sweep(store.pk, now=LATER).problem == ""
    assert len(linked.shop.logins) == 2


@pytest.mark.parametrize(
    ("file", "problem"),
    [
        ("not json", "The key file holds no key of an API user"),
        (key_file(key_id=""), "The key file holds no key of an API user"),
        (key_file(private_key="-----"), "The key file’s private key cannot be read"),
    ],
)
def test_bad_key_file_is_said(linked: Linked, file: str, problem: str) -> None:

    renew_access(connection=linked.fresh(), credentials={"key_file": file}, now=NOW)
    store = working(linked)
    assert (store.api_state, store.api_problem) == ("refused", problem)


def test_key_whose_line_breaks_were_lost_still_signs(linked: Linked) -> None:

    flat = key_file(private_key=PEM.replace("\n", " "))
    renew_access(connection=linked.fresh(), credentials={"key_file": flat}, now=NOW)
    assert working(linked).api_state == "working"


def test_warehouse_must_be_one(merchant: Merchant) -> None:
    with pytest.raises(CannotConnect):
        connect_api(
            merchant=merchant, platform="noon", name="", shop="my shop", credentials={}, now=NOW
        )


def test_history_comes_in_pages_and_goes_on_where_it_broke_off(
    linked: Linked, merchant: Merchant
) -> None:
    for number in range(120):
        row = order(1000 + number, NOW - timedelta(hours=number + 1))
        linked.shop.orders[row["fbpi_order_nr"]] = row
    working(linked)
    broken: list[bool] = []

    def once(asked: Asked) -> Said:
        if asked.query.get("next_token") == "50" and not broken:
            broken.append(True)
            return Said(status=503)
        return linked.shop(asked)

    linked.played.handler = once
    first = pull(linked)
    assert (first.state, first.found, first.cursor) == ("running", 50, "50")
    with merchant_scope(merchant.pk):
        StoreConnection.objects.update(paused_until=None)
    done = pull(linked)
    assert (done.state, done.found) == ("done", 120)
    with merchant_scope(merchant.pk):
        assert (Order.objects.count(), OrderItem.objects.count()) == (120, 240)
        assert Order.objects.filter(city="Sharjah", customer_name="Laila Nasser").count() == 120


def test_rate_limit_is_waited_out(linked: Linked) -> None:
    working(linked)
    linked.played.fail("429")
    assert pull(linked).state == "done"


def test_event_names_an_order_that_is_fetched(
    linked: Linked, merchant: Merchant, client: Client
) -> None:
    store = working(linked)
    linked.shop.orders["NFBO5"] = order(5, NOW)
    body = json.dumps({
        "event_schema_version": 1, "event_type": "FBPI::ORDER_SYNC",
        "metadata": {"message_id": "m-1", "published_at": stamp(NOW)},
        "payload": {"order_nr": "NFBO5"},
    }).encode()  # fmt: skip
    assert NOON.read("FBPI::ORDER_SYNC", body) == Fetch("NFBO5")

    def post(body: bytes, headers: dict[str, str]) -> int:
        answer = client.post(
            hook_path_of(store), data=body, content_type="application/json", headers=headers
        )
        process_waiting()
        return answer.status_code

    answers = [
        post(body, headers)
        for headers in ({}, {"x-homeward-key": KEY + "!"}, {"x-homeward-key": KEY})
    ]
    assert answers == [401, 401, 200]
    assert post(body + b" ", {"x-homeward-key": KEY}) == 200
    with every_merchant("test"):
        ids = due(now=timezone.now(), limit=5)
    for one in ids:
        fetch(one, now=NOW)
    with merchant_scope(merchant.pk):
        assert [one.number for one in Order.objects.all()] == ["NAE5"]
    assert len(ids) == 1


def test_sweep_at_a_quarter_of_the_day_looks_back(linked: Linked, merchant: Merchant) -> None:
    linked.shop.orders["NFBO5"] = order(5, NOW - timedelta(days=2))
    store = working(linked)
    pull(linked)
    gone = [piece("NFBO5-1", mp_status="MP_ITEM_STATUS_CANCELLED")]
    linked.shop.orders["NFBO5"] |= {"items": gone}
    quarter = NOW.replace(hour=NOW.hour // 6 * 6, minute=0, second=0) + timedelta(hours=6)
    with merchant_scope(merchant.pk):
        StoreConnection.objects.update(swept_until=quarter - timedelta(minutes=2))
    assert sweep(store.pk, now=quarter + timedelta(minutes=1)).problem == ""
    sweep(store.pk, now=quarter + timedelta(minutes=4))
    with merchant_scope(merchant.pk):
        assert Order.objects.get().cancelled_at == quarter + timedelta(minutes=1)


def test_failure_told_in_a_good_answer_is_one() -> None:
    said = {"error": {"code": "bad_warehouse", "message": "no such warehouse"}}
    trouble = NOON.refusal(Answer(200, {}, json.dumps(said).encode()))
    assert str(trouble) == "noon says: no such warehouse"
    assert NOON.refusal(Answer(200, {}, b'{"error": null}')) is None
