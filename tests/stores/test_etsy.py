"""Etsy: connected with PKCE, polled, told by one address for all shops, given tracking numbers."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from lib.signing import new_webhook_secret
from merchants.models import Merchant
from merchants.scope import merchant_scope
from stores import setting_up, sweeping, wanted, writing
from stores.line import Line
from stores.models import ApiState, StoreConnection, StoreWrite, WantedOrder
from stores.providers import etsy
from stores.providers.etsy import Etsy
from stores.shop import App, Grant, ParcelNews
from stores.talk import Answer, ShopError
from tests.factories import NOW
from tests.hooks.posting import post
from tests.stores.etsy_played import APP, BASE, SHOP, EtsyPlayed, receipt, shipment
from tests.stores.playing import Played, Said
from tests.stores.whole_way import backfill, connect, reload, standard_headers
from tracking.models import Order, OrderItem, Shipment

Play = Callable[[EtsyPlayed], Played]
GRANT = Grant({"code": "c-1"}, "https://h.example/back", "verifier-1")
HOOK_SECRET = new_webhook_secret()


@pytest.fixture
def shop() -> EtsyPlayed:
    return EtsyPlayed()


@pytest.fixture
def api(shop: EtsyPlayed, play: Play, settings: Any) -> Played:
    running = play(shop)
    settings.STORE_API_URLS = {"etsy": running.url}
    settings.STORE_APPS = {"etsy": (*APP, HOOK_SECRET)}
    return running


def connected(merchant: Merchant) -> StoreConnection:
    return connect(merchant, "etsy", credentials=setting_up.grant_credentials(GRANT))


def numbers(merchant: Merchant) -> list[str]:
    with merchant_scope(merchant.pk):
        return list(Order.objects.order_by("placed_at").values_list("number", flat=True))


def clear_pause(found: StoreConnection) -> None:
    with merchant_scope(found.merchant_id):
        StoreConnection.objects.filter(pk=found.pk).update(paused_until=None)


# --- connecting ---------------------------------------------------------------------------
def test_consent_page_is_asked_with_state_and_challenge() -> None:
    url = Etsy().consent_url(
        App(*APP), name="", state="st-1", back="https://h.example/b", challenge="ch-1"
    )
    asked = parse_qs(urlsplit(url).query)
    assert url.startswith("https://www.etsy.com/oauth/connect?")
    assert asked == {
        "response_type": ["code"], "client_id": ["keystring-1"],
        "redirect_uri": ["https://h.example/b"], "state": ["st-1"],
        "scope": ["transactions_r transactions_w shops_r"],
        "code_challenge": ["ch-1"], "code_challenge_method": ["S256"],
    }  # fmt: skip


def test_grant_becomes_orders_in_the_database(
    merchant: Merchant, shop: EtsyPlayed, api: Played
) -> None:
    shop.receipts = {3001: receipt(shipments=[shipment()])}
    found = connected(merchant)
    assert (found.api_state, found.external_id, found.name) == ("working", SHOP, "NoorHome")
    assert shop.verifiers == ["verifier-1"]
    assert backfill(found).state == "done"
    with merchant_scope(merchant.pk):
        made, parcel, line = Order.objects.get(), Shipment.objects.get(), OrderItem.objects.get()
    assert (made.number, made.customer_name, made.city) == ("3001", "Omar Haddad", "Dubai")
    assert (parcel.carrier, parcel.tracking_number) == ("aramex", "34567890123")
    assert line.image_url == "https://i.etsystatic.com/601.jpg"


def test_rotated_refresh_token_is_kept_and_a_used_one_ends_it(
    merchant: Merchant, shop: EtsyPlayed, api: Played
) -> None:
    found = connected(merchant)
    later = NOW + timedelta(minutes=58)
    assert Line(found, doing="test").hold(Etsy().look, now=later).external_id == SHOP
    assert reload(found).credentials["refresh_token"] == shop.refresh == "1.refresh-2"
    shop.refresh = "1.refresh-used-elsewhere"
    with pytest.raises(ShopError):
        Line(reload(found), doing="test").hold(Etsy().look, now=later + timedelta(hours=1))
    assert reload(found).api_state == ApiState.REFUSED


def test_token_that_etsy_ended_early_is_renewed_once(
    merchant: Merchant, shop: EtsyPlayed, api: Played
) -> None:
    found = connected(merchant)
    shop.access = "1.changed-meanwhile"
    assert Line(found, doing="test").hold(Etsy().look, now=NOW).external_id == SHOP
    assert shop.made == 2


def test_account_without_a_shop_is_told_so(
    merchant: Merchant, shop: EtsyPlayed, api: Played
) -> None:
    def answer(asked: Any) -> Said:
        if asked.path.endswith("/users/me"):
            return Said({"user_id": 1, "shop_id": None})
        return shop(asked)

    api.handler = answer
    found = connected(merchant)
    assert (found.api_state, found.api_problem) == ("refused", "This Etsy account has no shop")


# --- orders ---------------------------------------------------------------------------------
def test_history_of_four_pages_goes_on_after_a_failure(
    merchant: Merchant, shop: EtsyPlayed, api: Played, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(etsy, "_PAGE", 3)
    shop.receipts = {number: receipt(number) for number in range(1, 25, 3)}
    found = connected(merchant)
    pages = 0

    def answer(asked: Any) -> Said:
        nonlocal pages
        pages += asked.path == f"{BASE}/receipts"
        return Said({}, 500) if pages == 3 else shop(asked)

    api.handler = answer
    assert backfill(found).state == "running"
    clear_pause(found)
    assert backfill(found).state == "done"
    assert len(numbers(merchant)) == 8


def test_sweep_asks_for_what_changed_and_not_too_often(
    merchant: Merchant, shop: EtsyPlayed, api: Played
) -> None:
    found = connected(merchant)
    shop.receipts = {1: receipt(1, updated_timestamp=int(NOW.timestamp()) - 60)}
    assert sweeping.sweep(found.pk, now=NOW).found == 1
    asked = api.calls("GET", f"{BASE}/receipts")[-1].query
    assert (asked["sort_on"], asked["sort_order"]) == ("updated", "asc")
    with merchant_scope(merchant.pk):
        assert sweeping.due(now=NOW, limit=5) == [found.pk]
        assert reload(found).next_sweep_at == NOW + timedelta(minutes=10)


def test_allowance_of_a_second_and_of_a_day_is_honoured() -> None:
    rest = Etsy().rest
    left = {"x-remaining-this-second": "3", "x-remaining-today": "900"}
    assert rest(Answer(200, left, b""), 1) == 0.0
    assert rest(Answer(200, left | {"x-remaining-this-second": "0"}, b""), 1) == 1.0
    assert rest(Answer(200, left | {"x-remaining-today": "0"}, b""), 1) == 3600.0


def test_refused_haste_is_waited_out(merchant: Merchant, shop: EtsyPlayed, api: Played) -> None:
    shop.receipts = {3001: receipt()}
    found = connected(merchant)
    api.fail("429")
    assert backfill(found).state == "done"


# --- webhooks -------------------------------------------------------------------------------
def told(number: int, shop_id: str = SHOP) -> bytes:
    url = f"https://api.etsy.com/v3/application/shops/{shop_id}/receipts/{number}"
    values = {"event_type": "order.paid", "resource_url": url, "shop_id": shop_id}
    return json.dumps(values).encode()


def test_one_address_for_all_shops_finds_the_shop(
    client: Client,
    merchant: Merchant,
    shop: EtsyPlayed,
    api: Played,
    django_capture_on_commit_callbacks: Any,
) -> None:
    found = connected(merchant)
    shop.receipts = {3001: receipt()}
    body = told(3001)
    headers = standard_headers(body, secret=HOOK_SECRET)
    with django_capture_on_commit_callbacks(execute=True):
        answers = [post(client, "/hooks/store/etsy/", body, headers).status_code for _ in range(2)]
        forged = body.replace(b"3001", b"3002")
        refused = post(client, "/hooks/store/etsy/", forged, headers).status_code
    assert (answers, refused) == ([200, 200], 401)
    with merchant_scope(merchant.pk):
        wish = WantedOrder.objects.get()
    assert wish.store_id == found.pk
    wanted.fetch(wish.pk, now=NOW)
    assert numbers(merchant) == ["3001"]


def test_shared_secret_of_the_app_signs_no_webhook(
    client: Client, merchant: Merchant, api: Played
) -> None:
    connected(merchant)
    body = told(3001)
    headers = standard_headers(body, secret=new_webhook_secret())
    assert post(client, "/hooks/store/etsy/", body, headers).status_code == 401


# --- writing back ---------------------------------------------------------------------------
def news(**fields: Any) -> ParcelNews:
    values: dict[str, Any] = {
        "order_id": "3001", "tracking_number": "99887766554", "status": "in_transit", "at": NOW,
        "carrier_name": "aramex",
    }  # fmt: skip
    return ParcelNews(**(values | fields))


def written(merchant: Merchant, change: ParcelNews) -> StoreWrite:
    with merchant_scope(merchant.pk):
        row = writing.queue_write(order=Order.objects.get(), change=change, key="k", now=NOW)
        assert row is not None
    writing.write(row.pk, now=NOW)
    with merchant_scope(merchant.pk):
        return StoreWrite.objects.get(pk=row.pk)


@pytest.mark.parametrize(
    ("change", "state", "answer", "sent"),
    [
        (news(), "done", "Etsy has the tracking number and told the buyer.", ["aramex"]),
        (news(carrier_name="Camel Express"), "done",
         "Etsy has the tracking number and told the buyer.", ["Camel Express", "other"]),
        (news(tracking_number="3456-789-0123"), "done", "Etsy has this number already.", []),
        (news(status="returned"), "done", "Etsy has no place for this news.", []),
    ],
)  # fmt: skip
def test_number_is_given_only_where_etsy_lacks_it(
    merchant: Merchant,
    shop: EtsyPlayed,
    api: Played,
    change: ParcelNews,
    state: str,
    answer: str,
    sent: list[str],
) -> None:
    shop.receipts = {3001: receipt(shipments=[shipment()])}
    backfill(connected(merchant))
    row = written(merchant, change)
    assert (row.state, row.answer) == (state, answer)
    posted = [one.json()["carrier_name"] for one in api.calls("POST", f"{BASE}/receipts/3001")]
    assert posted == sent


def test_cancelled_order_gets_no_number(merchant: Merchant, shop: EtsyPlayed, api: Played) -> None:
    shop.receipts = {3001: receipt()}
    backfill(connected(merchant))
    shop.receipts[3001]["status"] = "Canceled"
    row = written(merchant, news())
    assert (row.state, row.problem) == ("failed", "The order was cancelled on Etsy")


def test_buyers_of_etsy_are_not_written_to() -> None:
    assert Etsy().may_message_buyers is False
