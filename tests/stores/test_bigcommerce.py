"""BigCommerce: connected, asked, told by webhooks that hold ids, written back to."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from inbox.models import Delivery
from merchants.models import Merchant
from merchants.scope import merchant_scope
from stores import setting_up, sweeping, wanted, writing
from stores.connect import hook_path_of
from stores.leaving import begin_leaving, leave
from stores.models import ApiState, StoreConnection, StoreFailure, StoreWrite, WantedOrder
from stores.payload import StoreError
from stores.providers import bigcommerce
from stores.providers.bigcommerce import BigCommerce
from stores.shop import AddressChange, App, Grant, Note
from stores.talk import Answer
from stores.vocabulary import (
    Address,
)
from tests.factories import NOW
from tests.hooks.posting import post
from tests.stores import bigcommerce_played as played
from tests.stores.bigcommerce_played import STORE, TOKEN, Store, order, shipment
from tests.stores.playing import Asked, Played, Said
from tests.stores.whole_way import backfill, connect, hook_address, reload, standard_headers
from tracking.models import Order, OrderItem, Shipment

KEYS = {"access_token": TOKEN, "secret": "client-secret"}
#: The client secret as BigCommerce's documents hand it to a library: in base64.
WRITTEN_DOWN = "Y2xpZW50LXNlY3JldA=="
Play = Callable[[Store], Played]


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture
def api(store: Store, play: Play, settings: Any) -> Played:
    running = play(store)
    settings.STORE_API_URLS = {"bigcommerce": running.url}
    return running


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bigcommerce, "_PAGE", 3)


def connected(merchant: Merchant) -> StoreConnection:
    return connect(merchant, "bigcommerce", shop=STORE, credentials=KEYS)


def numbers(merchant: Merchant) -> list[str]:
    with merchant_scope(merchant.pk):
        return list(Order.objects.order_by("placed_at").values_list("number", flat=True))


# --- connecting ---------------------------------------------------------------------------
@pytest.mark.parametrize(
    "typed",
    [STORE, f" {STORE.upper()} ", f"https://api.bigcommerce.com/stores/{STORE}/v3/",
     f"https://store-{STORE}.mybigcommerce.com/manage"],
)  # fmt: skip
def test_store_hash_is_found_in_what_people_paste(typed: str) -> None:
    assert BigCommerce().shop_name(typed) == STORE


@pytest.mark.parametrize("typed", ["www.noor.example", "a b", "بيت"])
def test_other_names_are_no_store_hash(typed: str) -> None:
    with pytest.raises(StoreError):
        BigCommerce().shop_name(typed)


def test_installation_begins_at_bigcommerce_and_names_the_store() -> None:
    store, app = BigCommerce(), App("client-1", "s")
    url = store.consent_url(app, name="", state="x", back="https://h.example/b", challenge="")
    assert (url, store.returns_state) == (
        "https://login.bigcommerce.com/app/client-1/install", False
    )  # fmt: skip
    good = {"code": "c", "scope": "s", "context": f"stores/{STORE}"}
    assert store.is_grant(app, good, name="") is True
    assert store.is_grant(app, good, name="another1") is False
    assert store.is_grant(app, good | {"context": "stores/../x"}, name="") is False


def test_grant_becomes_orders_in_the_database(
    merchant: Merchant, store: Store, api: Played, settings: Any
) -> None:
    settings.STORE_APPS = {"bigcommerce": ("client-1", "app-secret")}
    store.orders = {1201: order()}
    grant = Grant(
        {"code": "good-once", "scope": "store_v2_orders", "context": f"stores/{STORE}"},
        "https://h.example/back",
    )
    found = connect(merchant, "bigcommerce", credentials=setting_up.grant_credentials(grant))
    assert (found.api_state, found.external_id, found.name) == ("working", STORE, "Noor Home")
    assert (found.is_installed, found.country, found.time_zone) == (True, "AE", "Asia/Dubai")
    sent = api.calls("POST", "/oauth2/token")[0].json()
    assert (sent["client_id"], sent["context"], sent["redirect_uri"]) == (
        "client-1", f"stores/{STORE}", "https://h.example/back",
    )  # fmt: skip
    assert backfill(found).state == "done"
    assert numbers(merchant) == ["1201"]


def test_refused_token_must_be_connected_again(merchant: Merchant, api: Played) -> None:
    found = connect(merchant, "bigcommerce", shop=STORE, credentials=KEYS | {"access_token": "old"})
    assert (found.api_state, found.api_problem) == (
        ApiState.REFUSED, "The shop refuses our key (401)",
    )  # fmt: skip


# --- orders ---------------------------------------------------------------------------------
def test_order_brings_what_stands_beside_it(merchant: Merchant, store: Store, api: Played) -> None:
    store.orders = {1201: order(items_shipped=1, payment_status="partially refunded")}
    store.shipments = {1201: [shipment()]}
    store.refunds = [{"id": 8, "order_id": 1201, "total_amount": 10, "items": []}]
    assert backfill(connected(merchant)).found == 1
    with merchant_scope(merchant.pk):
        found = Order.objects.get()
        parcel = Shipment.objects.get()
        pictures = list(OrderItem.objects.order_by("pk").values_list("image_url", flat=True))
    assert (found.number, found.currency, found.customer_name) == (
        "1201",
        "AED",
        "Sara Al Mansoori",
    )
    assert (parcel.carrier, parcel.tracking_number) == ("aramex", "34567890123")
    assert pictures == ["https://cdn.example/501.jpg", "https://cdn.example/502.jpg"]


def test_lines_are_asked_for_where_the_store_does_not_include_them(
    merchant: Merchant, store: Store, api: Played
) -> None:
    store.orders = {1201: order(consignments=[])}
    backfill(connected(merchant))
    with merchant_scope(merchant.pk):
        assert (Order.objects.get().city, OrderItem.objects.count()) == ("Dubai", 2)


def test_history_of_four_pages_with_a_failure_in_the_middle_is_complete(
    merchant: Merchant, store: Store, api: Played, small_pages: None
) -> None:
    store.orders = {number: order(number) for number in range(1, 11)}
    found = connected(merchant)
    api.handler = failing_after(store, 4)
    first = backfill(found)
    assert (first.state, first.problem) == ("running", "The shop has trouble of its own (500)")
    api.handler = store
    clear_pause(found)
    last = backfill(found)
    assert (last.state, len(numbers(merchant))) == ("done", 10)
    asked = api.calls("GET", f"{played.BASE}/v2/orders")
    assert len({one.query["min_date_created"] for one in asked}) >= 4


def failing_after(store: Store, calls: int) -> Callable[[Asked], Said]:
    done = 0

    def answer(asked: Asked) -> Said:
        nonlocal done
        done += 1
        return store(asked) if done <= calls else Said({"status": 500}, 500)

    return answer


def clear_pause(found: StoreConnection) -> None:
    with merchant_scope(found.merchant_id):
        StoreConnection.objects.filter(pk=found.pk).update(paused_until=None)


def test_orders_changed_in_one_second_are_all_found(
    merchant: Merchant, store: Store, api: Played, small_pages: None
) -> None:
    same = played.stamp(NOW - timedelta(minutes=4))
    store.orders = {number: order(number, date_modified=same) for number in range(1, 11)}
    found = connected(merchant)
    with merchant_scope(merchant.pk):
        StoreConnection.objects.filter(pk=found.pk).update(swept_until=NOW)
    assert sweeping.sweep(found.pk, now=NOW).is_done is True
    assert len(numbers(merchant)) == 10


def test_one_odd_order_costs_none_of_the_others(
    merchant: Merchant, store: Store, api: Played
) -> None:
    store.orders = {1: order(1), 2: order(2, consignments={"shipping": 5}), 3: order(3)}
    pull = backfill(connected(merchant))
    assert (pull.state, pull.unread, numbers(merchant)) == ("done", 1, ["1", "3"])


def test_used_up_allowance_is_waited_for(merchant: Merchant, store: Store, api: Played) -> None:
    reset = {"x-rate-limit-time-reset-ms": "12000"}
    rest = BigCommerce().rest
    assert rest(Answer(200, {**reset, "x-rate-limit-requests-left": "90"}, b""), 1) == 0.0
    assert rest(Answer(200, {**reset, "x-rate-limit-requests-left": "1"}, b""), 1) == 12.0
    assert rest(Answer(429, reset, b""), 1) == 12.0
    store.orders = {1201: order()}
    found = connected(merchant)
    api.fail("429")
    assert backfill(found).state == "done"


def test_limit_without_the_usual_header_is_left_in_peace_as_long_as_it_says(
    merchant: Merchant, store: Store, api: Played
) -> None:
    found = connected(merchant)
    api.handler = lambda asked: Said({}, 429, {"X-Rate-Limit-Time-Reset-Ms": "28000"})
    pull = backfill(found)
    assert (pull.state, pull.due_at) == ("running", NOW + timedelta(seconds=28))


# --- webhooks -------------------------------------------------------------------------------
def deliver(client: Client, found: StoreConnection, body: bytes, *, message: str = "m1") -> int:
    headers = standard_headers(body, secret=WRITTEN_DOWN, message_id=message)
    return int(post(client, hook_path_of(found), body, headers).status_code)


def told(scope: str, data: dict[str, Any]) -> bytes:
    values = {"scope": scope, "store_id": "1", "data": data, "producer": f"stores/{STORE}"}
    return json.dumps(values).encode()


def test_webhook_of_an_id_fetches_the_order(
    client: Client,
    merchant: Merchant,
    store: Store,
    api: Played,
    django_capture_on_commit_callbacks: Any,
) -> None:
    found = connected(merchant)
    store.orders = {1201: order()}
    body = told("store/order/created", {"type": "order", "id": 1201})
    with django_capture_on_commit_callbacks(execute=True):
        answers = [deliver(client, found, body) for _ in range(3)]
        changed = body.replace(b"1201", b"1202")
        refused = post(
            client,
            hook_path_of(found),
            changed,
            standard_headers(body, secret=WRITTEN_DOWN),
        ).status_code
    assert (answers, refused) == ([200, 200, 200], 401)
    with merchant_scope(merchant.pk):
        assert Delivery.objects.count() == 1
        wish = WantedOrder.objects.get()
    wanted.fetch(wish.pk, now=NOW)
    assert numbers(merchant) == ["1201"]


def test_order_that_is_gone_is_not_asked_for_again(
    merchant: Merchant, store: Store, api: Played
) -> None:
    found = connected(merchant)
    with merchant_scope(merchant.pk):
        wanted.want(found, "77", now=NOW)
        wish = WantedOrder.objects.get()
    wanted.fetch(wish.pk, now=NOW)
    with merchant_scope(merchant.pk):
        assert (WantedOrder.objects.count(), StoreFailure.objects.count()) == (0, 0)


def test_webhooks_are_made_mended_and_taken_away(
    merchant: Merchant, store: Store, api: Played, settings: Any
) -> None:
    store.hooks = {5: {"id": 5, "scope": "store/order/*", "destination": "https://else.example/x",
                       "is_active": True}}  # fmt: skip
    found = connected(merchant)
    mine = {row["scope"]: row for row in store.hooks.values() if row["id"] != 5}
    assert sorted(mine) == sorted(BigCommerce.topics)
    assert {row["destination"] for row in mine.values()} == {hook_address(found)}
    mine["store/order/created"]["is_active"] = False
    del store.hooks[mine["store/shipment/deleted"]["id"]]
    settings.BASE_URL = "https://moved.example"
    mended = {hook.topic: hook.mended for hook in sweeping.sweep(
        found.pk, now=NOW, repair=True).mended}  # fmt: skip
    assert (mended["store/order/created"], mended["store/shipment/deleted"]) == ("moved", "made")
    destinations = {row["destination"] for row in store.hooks.values() if row["id"] != 5}
    assert destinations == {hook_address(found)}
    assert all(row["is_active"] for row in store.hooks.values())
    assert sweeping.sweep(found.pk, now=NOW, repair=True).mended == ()
    begin_leaving(connection=reload(found), now=NOW)
    leave(found.pk, now=NOW)
    assert list(store.hooks) == [5]


def test_webhook_that_was_switched_off_is_switched_on(
    merchant: Merchant, store: Store, api: Played
) -> None:
    found = connected(merchant)
    next(iter(store.hooks.values()))["is_active"] = False
    (mended,) = sweeping.sweep(found.pk, now=NOW, repair=True).mended
    assert (mended.topic, mended.mended) == ("store/order/created", "switched on")


# --- writing back ---------------------------------------------------------------------------
def written(merchant: Merchant, change: AddressChange | Note) -> StoreWrite:
    with merchant_scope(merchant.pk):
        order_row = Order.objects.get()
        row = writing.queue_write(order=order_row, change=change, key="k", now=NOW)
        assert row is not None
    writing.write(row.pk, now=NOW)
    with merchant_scope(merchant.pk):
        return StoreWrite.objects.get(pk=row.pk)


def ready(merchant: Merchant, store: Store) -> StoreConnection:
    store.orders = {1201: order(staff_notes="Fragile")}
    store.places = {1201: [played.address()]}
    found = connected(merchant)
    backfill(found)
    with merchant_scope(merchant.pk):
        StoreConnection.objects.filter(pk=found.pk).update(writes=["address", "note"])
    return found


NEW = Address(country="AE", name="Omar Al Haddad", line1="Villa 9", landmark="Behind the mosque",
              city="Sharjah", region="Sharjah", phone="+971501112222")  # fmt: skip


def test_address_is_written_before_dispatch(merchant: Merchant, store: Store, api: Played) -> None:
    ready(merchant, store)
    row = written(merchant, AddressChange("1201", NEW))
    assert (row.state, row.answer) == ("done", "BigCommerce took the new address.")
    assert api.calls("PUT", f"{played.BASE}/v2/orders/1201/shipping_addresses/61")[0].json() == {
        "first_name": "Omar", "last_name": "Al Haddad", "street_1": "Villa 9",
        "street_2": "Behind the mosque", "city": "Sharjah", "state": "Sharjah", "zip": "",
        "country_iso2": "AE", "phone": "+971501112222",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("place", "city", "problem"),
    [
        ({"items_shipped": 1}, "Sharjah", "BigCommerce says that the order is shipped already"),
        ({}, "Atlantis", "BigCommerce says no: The field 'city' is invalid."),
    ],
)
def test_refused_address_says_why(
    merchant: Merchant, store: Store, api: Played, place: dict[str, Any], city: str, problem: str
) -> None:
    ready(merchant, store)
    store.places = {1201: [played.address(**place)]}
    row = written(merchant, AddressChange("1201", replace(NEW, city=city)))
    assert (row.state, row.problem) == ("failed", problem)


def test_note_is_added_once_and_the_status_stays(
    merchant: Merchant, store: Store, api: Played
) -> None:
    ready(merchant, store)
    assert written(merchant, Note("1201", "Aramex 345: delivered")).state == "done"
    assert store.orders[1201]["staff_notes"] == "Fragile\nAramex 345: delivered"
    assert [one.json() for one in api.calls("PUT", f"{played.BASE}/v2/orders/1201")] == [
        {"staff_notes": "Fragile\nAramex 345: delivered"}
    ]
