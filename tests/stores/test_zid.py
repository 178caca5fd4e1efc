"""Zid's payloads in our words, and its API against a store played from its documents."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from hooks.tasks import process_waiting
from merchants.models import Merchant
from merchants.scope import every_merchant, merchant_scope
from stores.connect import connect_api, hook_path_of, hook_url_of
from stores.leaving import begin_leaving, leave
from stores.line import Line
from stores.models import Pull, StoreConnection, StoreWrite
from stores.payload import StoreError
from stores.providers.zid import Zid
from stores.pulling import go_on
from stores.setting_up import grant_credentials, set_up
from stores.shop import App, Grant, ParcelNews
from stores.sweeping import sweep
from stores.talk import Answer
from stores.vocabulary import Ignored, OrderUpdate
from stores.writing import due, may_write, queue_write, write
from tests.factories import NOW
from tests.stores.playing import Handler, Played
from tests.stores.zid_shop import APP, STORE, ZidServer, basic, order, sent, stamp
from tracking.models import Order, OrderItem, Shipment

ZID = Zid()


def read(**fields: Any) -> OrderUpdate:
    found = ZID.read("order", json.dumps(order(81, NOW, **fields)).encode())
    assert isinstance(found, OrderUpdate)
    return found


# --- reading ----------------------------------------------------------------------------
def test_order_is_read_with_buyer_and_receiver_apart() -> None:
    found = read()
    assert (found.external_id, found.number, found.shop_status) == ("81", "5081", "preparing")
    assert (found.placed_at, found.updated_at, found.is_gift) == (NOW, NOW, True)
    assert (found.customer.phone, found.customer.language) == ("+966501239876", "ar")
    where = found.destination
    assert where is not None
    assert (where.name, where.phone) == ("فهد الدوسري", "+966551239876")
    assert (where.country, where.city, where.district) == ("SA", "الدمام", "الشاطئ")
    assert (where.national_address, where.pin, where.postcode) == (
        "DMAA2233", (26.43, 50.10), "32411",
    )  # fmt: skip
    (item,) = found.items
    assert (item.quantity, item.price, item.image_url) == (
        2, Decimal(69), "https://media.example/1m.png",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "to_pay"),
    [
        ({}, Decimal("149.5")),
        ({"payment_status": "paid"}, Decimal(0)),
        ({"order_status": {"code": "delivered"}}, Decimal(0)),
        ({"payment": {"method": {"name": "مدى", "code": "zidpay"}}}, None),
    ],
)
def test_cash_is_to_pay_until_it_is_paid(fields: dict[str, Any], to_pay: Decimal | None) -> None:
    assert read(**fields).cod_amount == to_pay


def test_custom_status_goes_before_zid_s_own() -> None:
    assert read(display_status={"code": "wrapping"}).shop_status == "wrapping"
    assert read(display_status=None).shop_status == "preparing"


def test_cancelled_order_says_when() -> None:
    assert read(order_status={"code": "cancelled"}).cancelled_at == NOW


def test_parcel_is_named_by_courier_or_way_of_shipping() -> None:
    (by_way,) = read(shipping=sent("47218830956")).parcels
    assert (by_way.tracking_number, by_way.carrier) == ("47218830956", "aramex")
    (by_courier,) = read(shipping=sent("290000000006", "SMSA")).parcels
    assert by_courier.carrier == "smsa"
    assert read().parcels == ()


def test_masked_buyers_of_other_marketplaces_are_nobody() -> None:
    masked = {"name": "J*** D***", "email": "t***@.", "mobile": "***00"}
    found = read(customer=masked, has_different_consignee=0)
    assert (found.customer.name, found.customer.email, found.customer.phone) == ("", "", "")
    assert found.destination is not None
    assert (found.destination.name, found.destination.phone) == ("", "")


def test_what_is_no_order_is_ignored() -> None:
    assert isinstance(ZID.read("order", b'{"id": 5, "name": "customer"}'), Ignored)


@given(
    where=st.sampled_from(sorted(order(1, NOW))),
    value=st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["code", "name", "method", "address"]), inner)
        ),
        max_leaves=8,
    ),
)
def test_order_with_one_odd_field_is_a_reading_or_a_clear_error(where: str, value: Any) -> None:
    with suppress(StoreError):
        ZID.read("order", json.dumps(order(81, NOW) | {where: value}).encode())


# --- the API ------------------------------------------------------------------------------
@dataclass(frozen=True)
class Linked:
    store: StoreConnection
    shop: ZidServer
    played: Played

    def fresh(self) -> StoreConnection:
        with merchant_scope(self.store.merchant_id):
            return StoreConnection.objects.get(pk=self.store.pk)


@pytest.fixture
def linked(merchant: Merchant, play: Callable[[Handler], Played], settings: Any) -> Linked:
    """A store whose owner agreed; the grant is not exchanged yet."""
    shop = ZidServer()
    played = play(shop)
    settings.STORE_APPS = {"zid": APP}
    settings.STORE_API_URLS = {"zid": played.url}
    grant = Grant({"code": "code-1"}, back="https://x.example/back/")
    store = connect_api(
        merchant=merchant, platform="zid", name="", shop="",
        credentials=grant_credentials(grant), now=NOW,
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


def test_consent_page_is_zid_s() -> None:
    url = ZID.consent_url(
        App("id", "secret"), name="", state="s", back="https://x.example/", challenge=""
    )
    assert url == (
        "https://oauth.zid.sa/oauth/authorize?client_id=id"
        "&redirect_uri=https%3A%2F%2Fx.example%2F&response_type=code&state=s"
    )


def test_grant_becomes_both_tokens_and_a_password(linked: Linked) -> None:
    store = working(linked)
    assert (store.api_state, store.name, store.external_id, store.currency) == (
        "working", "قهوة الشاطئ", str(STORE), "SAR",
    )  # fmt: skip
    kept = store.credentials
    assert (kept["access_token"], kept["authorization"]) == ("manager-2", "partner")
    made = list(linked.shop.hooks.values())
    assert sorted(row["event"] for row in made) == sorted(ZID.topics)
    assert {(row["target_url"], row["password"]) for row in made} == {
        (hook_url_of(store), kept["secret"])
    }
    assert len(kept["secret"]) > 30


def test_refused_token_is_said(linked: Linked) -> None:
    working(linked)
    linked.shop.tokens.clear()
    linked.shop.refresh_tokens.clear()
    swept = sweep(linked.store.pk, now=NOW)
    assert swept.problem == "The shop does not renew our access"


def test_token_is_renewed_once(linked: Linked) -> None:
    working(linked)
    late = NOW + timedelta(days=365)
    for _ in range(2):
        line = Line(linked.fresh(), doing="order")
        assert line.hold(lambda shop: ZID.order(shop, "404"), now=late) is None
        late = NOW + timedelta(days=370)
    assert linked.shop.refresh_tokens == {linked.fresh().credentials["refresh_token"]}
    assert len(linked.played.calls("POST", "/oauth/token")) == 2


def test_history_comes_in_pages_and_goes_on_where_it_broke_off(
    linked: Linked, merchant: Merchant
) -> None:
    for number in range(1, 121):
        linked.shop.orders[number] = order(number, NOW - timedelta(hours=number))
    working(linked)
    linked.played.handler = _break_at_page_2(linked)
    first = pull(linked)
    assert (first.state, first.found, first.cursor) == ("running", 50, "2")
    with merchant_scope(merchant.pk):
        StoreConnection.objects.update(paused_until=None)
    done = pull(linked)
    assert (done.state, done.found, done.total) == ("done", 120, 120)
    with merchant_scope(merchant.pk):
        assert (Order.objects.count(), OrderItem.objects.count()) == (120, 120)


def _break_at_page_2(linked: Linked) -> Handler:
    broken: list[bool] = []

    def handler(asked: Any) -> Any:
        if asked.query.get("page") == "1" and not broken:
            broken.append(True)
            linked.played.fail("500")
        return linked.shop(asked)

    return handler


def test_rate_limit_is_waited_out(linked: Linked) -> None:
    working(linked)
    linked.played.fail("429")
    assert pull(linked).state == "done"


def test_sweep_asks_for_what_changed(linked: Linked, merchant: Merchant) -> None:
    linked.shop.orders[7] = order(7, NOW - timedelta(days=200))
    store = working(linked)
    later = NOW + timedelta(minutes=15)
    linked.shop.orders[7] |= {"updated_at": stamp(NOW), "shipping": sent("47218830956")}
    assert sweep(store.pk, now=later).found == 1
    with merchant_scope(merchant.pk):
        assert Shipment.objects.get().order.external_id == "7"


def test_webhook_with_our_password_comes_in_and_no_other(
    linked: Linked, merchant: Merchant, client: Client
) -> None:
    store = working(linked)
    body = json.dumps(order(81, NOW)).encode()

    def post(headers: dict[str, str]) -> int:
        answer = client.post(
            hook_path_of(store), data=body, content_type="application/json", headers=headers
        )
        process_waiting()
        return answer.status_code

    right = basic(store.credentials["secret"])
    wrong = basic(store.credentials["secret"][:-1] + "!")
    assert [post(headers) for headers in ({}, wrong, right, right)] == [401, 401, 200, 200]
    with merchant_scope(merchant.pk):
        assert [one.number for one in Order.objects.all()] == ["5081"]


def test_dead_and_strayed_webhooks_are_made_anew(linked: Linked) -> None:
    store = working(linked)
    linked.shop.hooks["homeward-order.create"]["active"] = False
    linked.shop.hooks["homeward-order.status.update"]["target_url"] = "https://old.example/"
    del linked.shop.hooks["homeward-order.payment_status.update"]
    swept = sweep(store.pk, now=NOW, repair=True)
    assert {(hook.topic, hook.mended) for hook in swept.mended} == {
        ("order.create", "switched on"),
        ("order.status.update", "moved"),
        ("order.payment_status.update", "made"),
    }
    assert sweep(store.pk, now=NOW, repair=True).mended == ()


def test_leaving_takes_only_our_webhooks_away(linked: Linked) -> None:
    working(linked)
    linked.shop.hooks["theirs"] = {"id": "1", "event": "order.create", "original_id": "theirs"}
    begin_leaving(connection=linked.fresh(), now=NOW)
    leave(linked.store.pk, now=NOW)
    assert linked.fresh().last_problem == "Disconnected."
    assert list(linked.shop.hooks) == ["theirs"]


# --- writing ------------------------------------------------------------------------------
def news(**fields: Any) -> ParcelNews:
    values: dict[str, Any] = {
        "order_id": "81", "tracking_number": "47218830956", "status": "out_for_delivery",
        "at": NOW, "page_url": "https://shop.example/t/x/",
    }  # fmt: skip
    return ParcelNews(**(values | fields))


def say(linked: Linked, change: ParcelNews, key: str) -> tuple[str, str, str]:
    with merchant_scope(linked.store.merchant_id):
        row = queue_write(order=Order.objects.get(), change=change, key=key, now=NOW)
        assert row is not None
    with every_merchant("test"):
        ids = due(now=NOW, limit=5)
    for one in ids:
        write(one, now=NOW)
    with merchant_scope(linked.store.merchant_id):
        row = StoreWrite.objects.get(pk=row.pk)
    return row.state, row.answer, row.problem


def test_nothing_moves_an_order_s_status_unless_the_merchant_wants_it(linked: Linked) -> None:
    assert may_write(working(linked), "parcel") is False


def test_parcel_moves_the_order_forward_and_never_back(linked: Linked) -> None:
    linked.shop.orders[81] = order(81, NOW - timedelta(days=1))
    working(linked)
    pull(linked)
    with merchant_scope(linked.store.merchant_id):
        StoreConnection.objects.update(writes=["parcel"])
    assert say(linked, news(), "a")[:2] == ("done", "The order is indelivery.")
    assert linked.shop.moved == [
        (
            "81",
            {
                "order_status": "indelivery",
                "tracking_number": "47218830956",
                "tracking_url": "https://shop.example/t/x/",
            },
        )
    ]
    assert say(linked, news(status="delivered"), "b")[1] == "The order is delivered."
    assert say(linked, news(), "c")[1] == "Zid has the order as delivered already."
    assert say(linked, news(status="exception"), "d")[1] == "Zid has no status for this."
    assert len(linked.shop.moved) == 2


def test_another_parcel_does_not_speak_for_the_order(linked: Linked) -> None:
    linked.shop.orders[81] = order(81, NOW - timedelta(days=1), shipping=sent("290000000006"))
    working(linked)
    pull(linked)
    with merchant_scope(linked.store.merchant_id):
        StoreConnection.objects.update(writes=["parcel"])
    state, _, problem = say(linked, news(status="delivered"), "a")
    assert (state, problem) == ("failed", "Zid has another parcel for this order")


def test_failure_told_in_a_good_answer_is_one() -> None:
    said = {"status": "error", "message": {"description": "Inputs"}}
    trouble = ZID.refusal(Answer(200, {}, json.dumps(said).encode()))
    assert str(trouble) == "Zid says: Inputs"
    assert ZID.refusal(Answer(200, {}, b'{"status": "object", "x": "error"}')) is None
