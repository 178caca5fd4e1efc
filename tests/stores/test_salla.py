"""Salla's API, against a store played from its documents."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from hooks.tasks import process_waiting
from merchants.models import Merchant
from merchants.scope import merchant_scope
from stores.connect import connect_api, hook_path_of, hook_url_of
from stores.leaving import begin_leaving, leave
from stores.line import Line
from stores.models import StoreConnection
from stores.providers.salla import Salla
from stores.setting_up import grant_credentials, set_up
from stores.shop import App, Grant
from stores.sweeping import sweep
from stores.talk import Answer
from tests.factories import NOW
from tests.stores.playing import Handler, Played
from tests.stores.salla_linked import Linked, link, pull, working
from tests.stores.salla_shop import (
    HOOK_SECRET,
    MERCHANT,
    at,
    event,
    order,
    shipment,
    signed,
    status,
)
from tracking.models import Order, OrderItem, Shipment

SALLA = Salla()
LATER = NOW + timedelta(minutes=15)


@pytest.fixture
def linked(merchant: Merchant, play: Callable[[Handler], Played], settings: Any) -> Linked:
    return link(merchant, play, settings)


def orders(merchant: Merchant) -> list[str]:
    with merchant_scope(merchant.pk):
        return list(Order.objects.order_by("external_id").values_list("external_id", flat=True))


# --- setting up -------------------------------------------------------------------------
def test_shop_is_known_and_every_topic_gets_its_signed_webhook(linked: Linked) -> None:
    store = working(linked)
    assert (store.api_state, store.name, store.external_id) == (
        "working",
        "دار النور",
        str(MERCHANT),
    )
    made = list(linked.shop.hooks.values())
    assert sorted(row["event"] for row in made) == sorted(SALLA.topics)
    assert {row["url"] for row in made} == {hook_url_of(store)}
    kinds = {(row["security_strategy"], row["secret"], row["version"]) for row in made}
    assert kinds == {("signature", HOOK_SECRET, 2)}


def test_webhooks_are_mended_and_moved_and_nothing_is_made_twice(linked: Linked) -> None:
    store = working(linked)
    gone, elsewhere = sorted(linked.shop.hooks)[:2]
    lost = linked.shop.hooks.pop(gone)["event"]
    moved = linked.shop.hooks[elsewhere]["event"]
    linked.shop.hooks[elsewhere]["url"] = "https://old.example/hooks/"
    swept = sweep(store.pk, now=LATER, repair=True)
    assert {(hook.topic, hook.mended) for hook in swept.mended} == {
        (lost, "made"),
        (moved, "moved"),
    }
    assert sweep(store.pk, now=LATER, repair=True).mended == ()
    assert len(linked.shop.hooks) == len(SALLA.topics)


def test_leaving_takes_our_webhooks_away(linked: Linked) -> None:
    working(linked)
    linked.shop.hooks["9"] = {"id": 9, "event": "order.created", "url": "https://other.example/"}
    begin_leaving(connection=linked.fresh(), now=NOW)
    leave(linked.store.pk, now=NOW)
    assert linked.fresh().last_problem == "Disconnected."
    assert list(linked.shop.hooks) == ["9"]


def test_refused_token_is_said(linked: Linked) -> None:
    linked.shop.tokens.clear()
    linked.shop.refresh_tokens.clear()
    store = working(linked)
    assert (store.api_state, store.api_problem) == ("refused", "The shop does not renew our access")


def test_agreed_grant_is_exchanged_once(linked: Linked, other: Merchant) -> None:
    store = connect_api(
        merchant=other, platform="salla", name="", shop="",
        credentials=grant_credentials(Grant({"code": "code-1"}, back="https://x.example/")),
        now=NOW,
    )  # fmt: skip
    set_up(store.pk, now=NOW)
    with merchant_scope(other.pk):
        store = StoreConnection.objects.get(pk=store.pk)
    assert (store.api_state, store.external_id, store.is_installed) == (
        "working",
        str(MERCHANT),
        True,
    )
    assert store.credentials["expires_at"] == (NOW + timedelta(days=14)).isoformat()


def test_consent_page_is_asked_for_what_we_need() -> None:
    url = SALLA.consent_url(
        App("id", "secret"), name="", state="abc", back="https://x.example/", challenge=""
    )
    assert url == (
        "https://accounts.salla.sa/oauth2/auth?client_id=id&response_type=code"
        "&redirect_uri=https%3A%2F%2Fx.example%2F&scope=offline_access+orders.read_write"
        "+shipping.read_write+webhooks.read_write&state=abc"
    )


def test_refresh_token_is_used_once_and_the_new_one_kept(linked: Linked) -> None:
    working(linked)
    late = linked.shop.clock = NOW + timedelta(days=14)
    linked.shop.orders[81] = order(81, late)
    for _ in range(2):
        line = Line(linked.fresh(), doing="order")
        found = line.hold(lambda shop: SALLA.order(shop, "81"), now=late)
        assert found is not None
    kept = linked.fresh().credentials
    assert linked.shop.refresh_tokens == {kept["refresh_token"]}
    assert len(linked.played.calls("POST", "/oauth2/token")) == 1


# --- orders -------------------------------------------------------------------------------
def sell(linked: Linked, count: int) -> None:
    for number in range(count):
        placed = NOW - timedelta(days=20) + timedelta(hours=number)
        linked.shop.orders[100 + number] = order(100 + number, placed)


def test_history_comes_in_pages_with_items_and_shipments(
    linked: Linked, merchant: Merchant
) -> None:
    sell(linked, 23)
    linked.shop.shipments[6] = shipment(6, 105)
    working(linked)
    done = pull(linked)
    assert (done.state, done.found, done.created, done.total) == ("done", 23, 23, 23)
    assert len(orders(merchant)) == 23
    with merchant_scope(merchant.pk):
        assert OrderItem.objects.filter(title="مصباح نحاسي", quantity=2).count() == 23
        parcel = Shipment.objects.get()
    assert (parcel.carrier, parcel.tracking_number, parcel.external_id) == (
        "smsa",
        "290000000006",
        "6",
    )


def test_whole_answer_of_older_apps_takes_no_further_calls(linked: Linked) -> None:
    linked.shop.is_light = False
    sell(linked, 1)
    working(linked)
    assert pull(linked).found == 1
    assert linked.played.calls("GET", "/orders/items") == []


def test_history_goes_on_where_it_broke_off(linked: Linked, merchant: Merchant) -> None:
    sell(linked, 23)
    working(linked)
    broken: list[str] = []

    def once(asked: Any) -> Any:
        if asked.query.get("page") == "2" and not broken:
            broken.append(asked.path)
            linked.played.fail("500")
        return linked.shop(asked)

    linked.played.handler = once
    first = pull(linked)
    assert (first.state, first.found, first.cursor) == ("running", 10, "orders:2")
    second = pull(linked, now=NOW + timedelta(minutes=5))
    assert (second.state, second.found, len(orders(merchant))) == ("done", 23, 23)


def test_too_many_calls_wait_as_salla_says(linked: Linked) -> None:
    working(linked)
    linked.played.fail("429", times=1)
    sell(linked, 1)
    assert pull(linked).found == 1


def test_used_up_bucket_leaks_one_call_a_second() -> None:
    empty = Answer(200, {"x-ratelimit-remaining": "0"}, b"{}")
    assert SALLA.rest(empty, 1.0) == 1.0
    assert SALLA.rest(Answer(200, {"x-ratelimit-remaining": "7"}, b"{}"), 1.0) == 0.0


def test_sweep_finds_new_orders_new_statuses_and_new_shipments(
    linked: Linked, merchant: Merchant
) -> None:
    old, known = NOW - timedelta(days=9), NOW - timedelta(days=1)
    linked.shop.orders = {7: order(7, old), 8: order(8, known)}
    store = working(linked)
    pull(linked)
    linked.shop.orders[9] = order(9, NOW + timedelta(minutes=5))
    linked.shop.orders[8]["status"] = status("canceled")
    linked.shop.shipments[6] = shipment(6, 7)
    swept = sweep(store.pk, now=LATER)
    assert (swept.is_done, swept.problem) == (True, "")
    with merchant_scope(merchant.pk):
        found = {one.external_id: one for one in Order.objects.all()}
        parcel_of = Shipment.objects.get().order.external_id
    assert sorted(found) == ["7", "8", "9"]
    assert found["8"].cancelled_at == LATER
    assert found["9"].city == "الرياض"
    assert parcel_of == "7"


def test_sweeps_move_no_date_and_hide_no_webhook(linked: Linked, merchant: Merchant) -> None:
    linked.shop.orders = {8: order(8, NOW - timedelta(days=1), status=status("canceled"))}
    store = working(linked)
    pull(linked)
    sweep(store.pk, now=LATER)
    with merchant_scope(merchant.pk):
        before = Order.objects.get().cancelled_at
    sweep(store.pk, now=LATER + timedelta(minutes=15))
    with merchant_scope(merchant.pk):
        assert Order.objects.get().cancelled_at == before == NOW - timedelta(days=1)


def test_order_that_salla_forgot_is_none(linked: Linked) -> None:
    working(linked)
    line = Line(linked.fresh(), doing="order")
    assert line.hold(lambda shop: SALLA.order(shop, "404"), now=NOW) is None


def test_failure_told_in_a_good_answer_is_one() -> None:
    said = {"status": 200, "success": False, "error": {"message": "busy"}}
    trouble = SALLA.refusal(Answer(200, {}, json.dumps(said).encode()))
    assert trouble is not None
    assert str(trouble) == "Salla says: busy"
    assert SALLA.refusal(Answer(200, {}, b'{"success": true}')) is None
    assert SALLA.refusal(Answer(200, {}, b'"success" <')) is None


# --- webhooks -------------------------------------------------------------------------
def post(client: Client, path: str, body: bytes, headers: dict[str, str]) -> int:
    answer = client.post(path, data=body, content_type="application/json", headers=headers)
    process_waiting()
    return answer.status_code


def test_signed_order_comes_in_once_and_a_changed_one_never(
    linked: Linked, merchant: Merchant, client: Client
) -> None:
    path = hook_path_of(working(linked))
    body = event("order.created", order(81, NOW), when=NOW)
    assert [post(client, path, body, signed(body)) for _ in range(2)] == [200, 200]
    changed = body.replace(b'"id": 81,', b'"id": 82,')
    assert changed != body
    assert post(client, path, changed, signed(body)) == 401
    assert orders(merchant) == ["81"]


def test_late_webhook_moves_nothing_backwards(
    linked: Linked, merchant: Merchant, client: Client
) -> None:
    path = hook_path_of(working(linked))
    hour = timedelta(hours=1)
    newer = order(81, NOW - 3 * hour, updated_at=at(NOW - hour), payment_method="mada")
    older = order(81, NOW - 3 * hour, updated_at=at(NOW - 2 * hour))
    for values in (newer, older):
        body = event("order.updated", values, when=NOW)
        assert post(client, path, body, signed(body)) == 200
    with merchant_scope(merchant.pk):
        assert Order.objects.get().payment_method == "mada"


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({"x-salla-security-strategy": "Token", "authorization": f"Bearer {HOOK_SECRET}"}, 200),
        ({"x-salla-security-strategy": "Token", "authorization": HOOK_SECRET}, 200),
        ({"x-salla-security-strategy": "Token", "authorization": "Bearer guessed"}, 401),
        ({"x-salla-security-strategy": "Token"}, 401),
        ({"x-salla-security-strategy": "None"}, 401),
        ({"x-salla-security-strategy": "None", "authorization": HOOK_SECRET}, 401),
        ({}, 401),
    ],
)
def test_strategy_must_prove_something(
    linked: Linked, client: Client, headers: dict[str, str], code: int
) -> None:
    path = hook_path_of(working(linked))
    body = event("order.created", order(81, NOW), when=NOW)
    assert post(client, path, body, headers) == code


def test_signature_is_that_of_the_vectors() -> None:
    body = '{"event": "order.created", "name": "نور"}'.encode()
    headers = signed(body, "s3cret")
    assert SALLA.sign(body, "s3cret") == headers["x-salla-signature"]
    assert SALLA.verify(body=body, headers=headers, secrets={"previous_secret": "s3cret"}) is True
    assert SALLA.verify(body=body, headers=headers, secrets={"secret": ""}) is False
