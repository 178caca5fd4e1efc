"""A Shopify shop through its API: installed, asked, paced, told; against a server that plays it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.conf import LazySettings

from merchants.models import Merchant
from merchants.scope import merchant_scope
from stores.connect import connect_api, hook_url_of
from stores.leaving import leave
from stores.line import Line
from stores.models import Pull, StoreConnection, StoreFailure
from stores.providers.shopify import Shopify
from stores.pulling import begin_backfill, go_on
from stores.setting_up import grant_credentials, set_up
from stores.shop import Grant, Shop
from stores.sweeping import sweep
from stores.talk import Answer, ShopError, Talk
from stores.vocabulary import Consent, Item, OrderUpdate, Origin, Refund
from tests.factories import NOW
from tests.stores.playing import Handler, Played
from tests.stores.shopify_shop import (
    CLIENT_ID,
    CLIENT_SECRET,
    SHOP,
    ShopifyShop,
    line_node,
    parcel_node,
    refund_node,
)
from tracking.models import Order, OrderItem, Shipment

LATER = NOW + timedelta(minutes=30)
TOPICS = [*Shopify.topics, "app/uninstalled"]


@dataclass(frozen=True)
class Installed:
    """A shop that agreed to our app's installation."""

    store: StoreConnection
    shop: ShopifyShop
    played: Played

    def fresh(self) -> StoreConnection:
        with merchant_scope(self.store.merchant_id):
            return StoreConnection.objects.get(pk=self.store.pk)

    def set_up(self) -> StoreConnection:
        set_up(self.store.pk, now=NOW)
        return self.fresh()

    def hold(self, talk: Callable[[Shop], Talk[Any]], *, now: datetime = NOW) -> Any:
        return Line(self.fresh(), doing="order").hold(talk, now=now)


@pytest.fixture
def installed(
    merchant: Merchant, play: Callable[[Handler], Played], settings: LazySettings
) -> Installed:
    shop = ShopifyShop(start=NOW)
    played = play(shop)
    settings.STORE_APPS = {"shopify": (CLIENT_ID, CLIENT_SECRET)}
    settings.STORE_API_URLS = {"shopify": played.url}
    grant = Grant({"code": "code-1", "shop": SHOP}, "https://homeward.example/back")
    store = connect_api(
        merchant=merchant, platform="shopify", name="", shop=SHOP,
        credentials=grant_credentials(grant), now=NOW,
    )  # fmt: skip
    return Installed(store, shop, played)


def pages_of(done: Pull | None) -> Pull:
    assert done is not None
    return done


# --- the whole way ------------------------------------------------------------------------


def test_installed_shop_is_set_up_and_its_history_arrives(
    installed: Installed, merchant: Merchant
) -> None:
    for number in range(1, 14):
        installed.shop.sell(number, at=NOW - timedelta(days=number))
    installed.shop.sell(99, at=NOW - timedelta(days=61))
    store = installed.set_up()
    assert (store.api_state, store.is_installed, store.external_id) == ("working", True, SHOP)
    assert (store.name, store.country, store.currency, store.time_zone) == (
        "Noor Home", "AE", "AED", "Asia/Dubai",
    )  # fmt: skip
    assert [hook["topic"] for hook in store.hooks] == TOPICS
    assert {row["uri"] for row in installed.shop.hooks.values()} == {hook_url_of(store)}
    with merchant_scope(merchant.pk):
        pull = Pull.objects.get()
    done = pages_of(go_on(pull.pk, now=NOW))
    assert (done.state, done.found, done.total) == ("done", 13, 13)
    assert installed.shop.operations.count("Orders") >= 3
    with merchant_scope(merchant.pk):
        assert Order.objects.count() == 13


def test_tokens_are_kept_sealed_and_the_grant_is_gone(installed: Installed) -> None:
    kept = installed.set_up().credentials
    assert (kept["access_token"], kept["refresh_token"]) == ("token-2", "refresh-2")
    assert kept["expires_at"] == (NOW + timedelta(hours=1)).isoformat()
    assert sorted(kept) == ["access_token", "expires_at", "refresh_token", "scope"]


def test_used_code_is_said(installed: Installed) -> None:
    installed.shop.codes.clear()
    store = installed.set_up()
    assert (store.api_state, store.api_problem) == ("refused", "The shop says no (400)")


def test_permission_that_is_lacking_is_named(installed: Installed) -> None:
    installed.shop.scopes.discard("read_locations")
    store = installed.set_up()
    words = "Shopify did not give us these permissions: read_locations"
    assert (store.api_state, store.api_problem) == ("refused", words)


# --- tokens -------------------------------------------------------------------------------


def test_token_is_renewed_before_it_ends_and_its_refresh_token_replaced(
    installed: Installed,
) -> None:
    installed.set_up()
    installed.hold(Shopify().look, now=NOW + timedelta(minutes=56))
    kept = installed.fresh().credentials
    assert (kept["access_token"], kept["refresh_token"]) == ("token-3", "refresh-3")
    assert kept["expires_at"] == (NOW + timedelta(minutes=116)).isoformat()


def test_token_that_shopify_ended_is_renewed_at_once(installed: Installed) -> None:
    installed.set_up()
    installed.shop.tokens.clear()
    assert installed.hold(Shopify().look).name == "Noor Home"


def test_refresh_token_that_was_used_needs_the_merchant(installed: Installed) -> None:
    installed.set_up()
    installed.shop.tokens.clear()
    installed.shop.refresh_tokens.clear()
    with pytest.raises(ShopError) as error:
        installed.hold(Shopify().look)
    assert (error.value.kind, installed.fresh().api_state) == ("credentials", "refused")


def test_answer_that_forgets_the_hour_is_renewed_again(installed: Installed) -> None:
    shop = Line(installed.set_up(), doing="order").shop(now=NOW)
    talk = Shopify().refresh(shop)
    next(talk)
    with pytest.raises(StopIteration) as end:
        talk.send(Answer(200, {}, b'{"access_token": "t"}'))
    assert (end.value.value["refresh_token"], end.value.value["expires_at"]) == (
        "refresh-2",
        (NOW + timedelta(hours=1)).isoformat(),
    )


# --- what an order says -------------------------------------------------------------------


def test_order_of_the_api_is_read_whole(installed: Installed) -> None:
    installed.set_up()
    parcel = parcel_node(901, "34567890123", at=NOW, lines={50010: 1})
    installed.shop.sell(
        5001,
        at=NOW,
        fulfillments=[parcel],
        refunds=[refund_node(77, "60.00", at=NOW, lines={50010: 1})],
        displayFulfillmentStatus="PARTIALLY_FULFILLED",
        customAttributes=[
            {"key": "Nearest landmark", "value": "Opposite the mosque"},
            {"key": "Delivery-Date", "value": "2026-11-14"},
            {"key": "Gift message", "value": "For you"},
        ],
    )
    found = installed.hold(lambda shop: Shopify().order(shop, "5001"))
    assert isinstance(found, OrderUpdate)
    assert (found.external_id, found.number, found.updated_at) == ("5001", "#5001", NOW)
    assert (found.shop_status, found.tags, found.total) == ("partial", ("vip",), Decimal(120))
    assert (found.customer.name, found.customer.phone) == ("Sara Al Mansoori", "+971501234567")
    assert found.destination is not None
    assert (found.destination.name, found.destination.landmark) == (
        "Omar Haddad", "Opposite the mosque",
    )  # fmt: skip
    assert found.items == (
        Item("Brass lamp", 2, "50010", "BRASS LAMP", Decimal(60),
             "https://cdn.shopify.example/50010.jpg", "https://noor.example/products/50010"),
    )  # fmt: skip
    assert found.consents == (
        Consent("email", "marketing", True, "shopify:email_marketing_consent",
                datetime(2026, 10, 1, 8, tzinfo=UTC)),
        Consent("sms", "marketing", False, "shopify:sms_marketing_consent"),
    )  # fmt: skip
    assert found.refunds == (
        Refund("77", Decimal(60), NOW, "it broke on the way", (("50010", 1),)),
    )
    warehouse = Origin("Jebel Ali", "Gate 4", "Dubai", "Dubai", "", "AE")
    assert (found.ship_from, found.ship_from_country) == (warehouse, "AE")
    assert found.wish is not None
    assert (str(found.wish.day), found.is_gift) == ("2026-11-14", True)
    (sent,) = found.parcels
    assert (sent.external_id, sent.carrier, sent.contents) == ("901", "aramex", (("50010", 1),))
    assert (sent.ship_from, sent.withdrawn) == (warehouse, False)


def test_exchange_stays_one_order(installed: Installed) -> None:
    installed.set_up()
    returned = line_node(1, "Brass lamp", 1, currentQuantity=0)
    installed.shop.sell(5001, lineItems=[returned, line_node(2, "Steel lamp", 1)])
    found = installed.hold(lambda shop: Shopify().order(shop, "5001"))
    assert [(item.title, item.quantity) for item in found.items] == [
        ("Brass lamp", 0),
        ("Steel lamp", 1),
    ]


def test_order_that_shopify_forgot_is_none(installed: Installed) -> None:
    installed.set_up()
    assert installed.hold(lambda shop: Shopify().order(shop, "404")) is None


def test_long_order_is_fetched_to_its_end(installed: Installed) -> None:
    installed.set_up()
    lines = [line_node(number, f"Cup {number}", 1) for number in range(1, 251)]
    inside = dict.fromkeys(range(1, 131), 1)
    parcels = [
        parcel_node(
            900 + number, f"AR10020030{number}", at=NOW, lines=inside if number == 5 else {1: 1}
        )
        for number in range(1, 8)
    ]
    refunds = [refund_node(70 + number, "1.00", at=NOW, lines={1: 1}) for number in range(5)]
    installed.shop.sell(5001, lineItems=lines, fulfillments=parcels, refunds=refunds)
    found = installed.hold(lambda shop: Shopify().order(shop, "5001"))
    assert (len(found.items), len(found.parcels), len(found.refunds)) == (250, 7, 5)
    assert [len(parcel.contents) for parcel in found.parcels] == [1, 1, 1, 1, 130, 1, 1]
    assert all(refund.lines == (("1", 1),) for refund in found.refunds)


# --- the allowance ------------------------------------------------------------------------


def test_pages_fill_what_a_query_may_cost_and_never_more(installed: Installed) -> None:
    installed.set_up()
    for number in range(1, 40):
        installed.shop.sell(number, at=NOW + timedelta(minutes=1))
    swept = sweep(installed.store.pk, now=LATER)
    assert (swept.found, swept.is_done, swept.problem) == (39, True, "")
    assert max(installed.shop.costs) <= 1_000


def test_empty_bucket_is_waited_for_as_shopify_says(
    installed: Installed, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed.set_up()
    waited: list[float] = []
    monkeypatch.setattr("stores.line._Pace.rest", lambda self, seconds: waited.append(seconds))
    installed.shop.sell(1)
    installed.shop.points = 15
    found = installed.hold(lambda shop: Shopify().order(shop, "1"))
    assert found.external_id == "1"
    # The question costs 214 points, 15 are left, and 100 come back each second.
    assert {round(seconds, 2) for seconds in waited if seconds} == {1.99}


def test_long_wait_puts_the_work_off(installed: Installed, monkeypatch: pytest.MonkeyPatch) -> None:
    installed.set_up()
    monkeypatch.setattr("tests.stores.shopify_shop.RESTORED_A_SECOND", 1.0)
    installed.shop.points = 0
    with pytest.raises(ShopError) as error:
        installed.hold(lambda shop: Shopify().order(shop, "1"))
    assert error.value.kind == "rate_limited"
    assert (error.value.retry_after or 0) > 15
    assert installed.fresh().paused_until is not None


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("INTERNAL_SERVER_ERROR", "unavailable"),
        ("ACCESS_DENIED", "refused"),
        ("MAX_COST_EXCEEDED", "unreadable"),
    ],
)
def test_error_behind_a_good_status_is_one(code: str, kind: str) -> None:
    body = b'{"data": null, "errors": [{"message": "No.", "extensions": {"code": "%s"}}]}'
    error = Shopify().refusal(Answer(200, {}, body % code.encode()))
    assert error is not None
    assert error.kind == kind


# --- failures -----------------------------------------------------------------------------


def test_history_goes_on_where_it_broke_off(installed: Installed, merchant: Merchant) -> None:
    for number in range(1, 14):
        installed.shop.sell(number, at=NOW - timedelta(days=number))
    installed.set_up()
    with merchant_scope(merchant.pk):
        Pull.objects.all().delete()
        pull = begin_backfill(installed.fresh(), since=NOW - timedelta(days=60), until=NOW, now=NOW)
    first = pages_of(go_on(pull.pk, now=NOW, seconds=-1))
    assert (first.state, first.found) == ("running", 4)
    installed.played.fail("500", times=1)
    broken = pages_of(go_on(pull.pk, now=NOW))
    assert (broken.state, broken.found, broken.failures) == ("running", 4, 1)
    done = pages_of(go_on(pull.pk, now=LATER))
    assert (done.state, done.found, done.created) == ("done", 13, 13)
    with merchant_scope(merchant.pk):
        assert StoreFailure.objects.get().doing == "backfill"


def test_refused_key_needs_the_merchant(installed: Installed) -> None:
    installed.set_up()
    installed.played.fail("401", times=3)
    swept = sweep(installed.store.pk, now=LATER)
    assert swept.problem == "The shop refuses our key (401)"
    assert installed.fresh().api_state == "refused"


def test_odd_order_costs_none_of_its_neighbours(installed: Installed, merchant: Merchant) -> None:
    installed.set_up()
    installed.shop.sell(1, at=NOW + timedelta(minutes=1))
    installed.shop.sell(2, at=NOW + timedelta(minutes=2), refunds=[{"id": None}])
    swept = sweep(installed.store.pk, now=LATER)
    assert (swept.found, swept.is_done) == (1, True)
    with merchant_scope(merchant.pk):
        assert Pull.objects.get(kind="sweep").unread == 1


# --- webhooks -----------------------------------------------------------------------------


def test_subscription_that_shopify_removed_is_made_again(installed: Installed) -> None:
    installed.set_up()
    gone = next(iter(installed.shop.hooks))
    del installed.shop.hooks[gone]
    swept = sweep(installed.store.pk, now=LATER, repair=True)
    assert [(hook.topic, hook.mended) for hook in swept.mended] == [("orders/cancelled", "made")]
    assert len(installed.shop.hooks) == len(TOPICS)


def test_subscriptions_follow_us_to_another_host(
    installed: Installed, settings: LazySettings
) -> None:
    installed.set_up()
    settings.BASE_URL = "https://moved.example"
    swept = sweep(installed.store.pk, now=LATER, repair=True)
    assert {hook.mended for hook in swept.mended} == {"moved"}
    assert {row["uri"] for row in installed.shop.hooks.values()} == {hook_url_of(installed.store)}
    assert hook_url_of(installed.store).startswith("https://moved.example/hooks/store/shopify/")


def test_subscriptions_of_others_and_doubles(installed: Installed) -> None:
    store = installed.set_up()
    theirs = {"id": "x1", "topic": "ORDERS_CREATE", "uri": "https://other.example/hooks/1"}
    double = {
        "id": "x2", "topic": "ORDERS_CREATE",
        "uri": hook_url_of(store).replace("https://", "https://old."),
    }  # fmt: skip
    installed.shop.hooks |= {"x1": theirs, "x2": double}
    sweep(installed.store.pk, now=LATER, repair=True)
    assert "x1" in installed.shop.hooks
    assert "x2" not in installed.shop.hooks
    assert len(installed.shop.hooks) == len(TOPICS) + 1


def test_leaving_takes_our_subscriptions_away(installed: Installed) -> None:
    store = installed.set_up()
    assert leave(store, now=LATER) == ""
    assert (installed.shop.hooks, installed.fresh().is_active) == ({}, False)


# --- what was found -----------------------------------------------------------------------


def test_order_by_webhook_gains_link_picture_and_origin_by_the_sweep(
    installed: Installed, merchant: Merchant
) -> None:
    installed.set_up()
    installed.shop.clock = NOW + timedelta(minutes=1)
    installed.shop.tracked("34567890123")
    sweep(installed.store.pk, now=LATER)
    sweep(installed.store.pk, now=LATER + timedelta(minutes=15))
    with merchant_scope(merchant.pk):
        assert OrderItem.objects.get().image_url == "https://cdn.shopify.example/50010.jpg"
        assert Shipment.objects.get().external_id == "901"
        assert Order.objects.get().ship_from_country == "AE"
