"""Amazon's API, against a seller played from its documents."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from lib.vocabulary import Status
from merchants.models import Merchant
from merchants.scope import every_merchant, merchant_scope
from notifications.compose import compose_due
from notifications.models import Message
from stores.connect import connect_api
from stores.line import Line
from stores.models import Pull, StoreConnection, StoreWrite
from stores.providers.amazon import Amazon
from stores.pulling import go_on
from stores.quiet import NOT_THERE
from stores.setting_up import grant_credentials, set_up
from stores.shop import Grant, ParcelNews
from stores.sweeping import sweep
from stores.talk import Answer
from stores.vocabulary import OrderUpdate
from stores.writing import due, may_write, queue_write, write
from tests.factories import NOW
from tests.notifications.conftest import hear
from tests.stores.amazon_shop import APP, EMIRATES, AmazonServer, order, package, stamp
from tests.stores.playing import Handler, Played
from tracking.links import link_for, page_path
from tracking.models import Order, Shipment

AMAZON = Amazon()


@dataclass(frozen=True)
class Linked:
    store: StoreConnection
    shop: AmazonServer
    played: Played

    def fresh(self) -> StoreConnection:
        with merchant_scope(self.store.merchant_id):
            return StoreConnection.objects.get(pk=self.store.pk)


@pytest.fixture
def linked(merchant: Merchant, play: Callable[[Handler], Played], settings: Any) -> Linked:
    """A seller who agreed at amazon.ae; the grant is not exchanged yet."""
    shop = AmazonServer()
    played = play(shop)
    settings.STORE_APPS = {"amazon": APP}
    settings.STORE_API_URLS = {"amazon": played.url}
    grant = Grant(
        {"spapi_oauth_code": "code-1", "selling_partner_id": "A3SELLER"}, back="https://x.example/"
    )
    store = connect_api(
        merchant=merchant, platform="amazon", name="", shop="amazon.ae",
        credentials=grant_credentials(grant), now=NOW,
    )  # fmt: skip
    return Linked(store, shop, played)


def working(linked: Linked) -> StoreConnection:
    set_up(linked.store.pk, now=NOW)
    return linked.fresh()


def pull(linked: Linked, *, now: datetime = NOW) -> Pull:
    with merchant_scope(linked.store.merchant_id):
        row = Pull.objects.get(kind=Pull.Kind.BACKFILL)
    done = go_on(row.pk, now=now)
    assert done is not None
    return done


def sell(linked: Linked, count: int) -> None:
    for number in range(count):
        placed = NOW - timedelta(hours=number + 1)
        linked.shop.orders[f"171-{number}"] = order(f"171-{number}", placed)


def test_grant_becomes_tokens_and_the_role_is_known(linked: Linked) -> None:
    store = working(linked)
    assert (store.api_state, store.name, store.country, store.currency) == (
        "working", "Noor Lamps", "AE", "AED",
    )  # fmt: skip
    assert (store.may_message, store.writes) == (False, [])
    kept = store.credentials
    assert (kept["refresh_token"], kept["personal_data"], kept["seller"]) == (
        "refresh-1", "yes", "A3SELLER",
    )  # fmt: skip


def test_seller_of_another_marketplace_is_told(linked: Linked) -> None:
    linked.shop.markets = ["ATVPDKIKX0DER"]
    store = working(linked)
    assert (store.api_state, store.api_problem) == (
        "refused",
        "This seller does not sell at amazon.ae",
    )


def test_typed_keys_of_an_own_app_do_as_well(linked: Linked, other: Merchant) -> None:
    keys = {"refresh_token": "refresh-1", "client_id": "own", "client_secret": "own-secret"}
    store = connect_api(
        merchant=other, platform="amazon", name="", shop="amazon.ae", credentials=keys, now=NOW
    )
    set_up(store.pk, now=NOW)
    with merchant_scope(other.pk):
        assert StoreConnection.objects.get(pk=store.pk).api_state == "working"
    (call,) = linked.played.calls("POST", "/auth/o2/token")
    assert b"client_id=own&client_secret=own-secret" in call.body


def test_revoked_consent_is_said(linked: Linked) -> None:
    working(linked)
    linked.shop.refresh_tokens.clear()
    swept = sweep(linked.store.pk, now=NOW + timedelta(hours=2))
    assert swept.problem == "The shop does not renew our access"
    assert linked.fresh().api_state == "refused"


def test_access_for_an_hour_is_renewed(linked: Linked) -> None:
    store = working(linked)
    for minutes in (10, 20, 61, 70):
        assert sweep(store.pk, now=NOW + timedelta(minutes=minutes)).problem == ""
    assert len(linked.played.calls("POST", "/auth/o2/token")) == 2


def test_history_comes_in_pages_and_goes_on_where_it_broke_off(
    linked: Linked, merchant: Merchant
) -> None:
    sell(linked, 8)
    working(linked)
    linked.shop.burst = 2
    first = pull(linked)
    assert (first.state, first.found, first.problem) == (
        "running", 6, "Amazon says we ask too fast (429)",
    )  # fmt: skip
    waited = linked.fresh().paused_until
    assert waited is not None
    assert timedelta(seconds=178) < waited - NOW < timedelta(seconds=180)
    linked.shop.burst = 5
    later = NOW + timedelta(minutes=4)
    done = pull(linked, now=later)
    assert (done.state, done.found) == ("done", 8)
    with merchant_scope(merchant.pk):
        assert Order.objects.filter(city="Al Ain").count() == 8


def test_sweep_asks_for_what_changed_and_stays_behind_the_clock(
    linked: Linked, merchant: Merchant
) -> None:
    linked.shop.orders["171-5"] = order("171-5", NOW - timedelta(days=300))
    store = working(linked)
    linked.shop.orders["171-5"] |= {
        "lastUpdatedTime": stamp(NOW - timedelta(minutes=5)), "packages": [package("AR1")],
    }  # fmt: skip
    later = NOW + timedelta(minutes=3)
    assert sweep(store.pk, now=later).found == 1
    asked = linked.played.calls("GET", "/orders/2026-01-01/orders")[-1].query
    assert asked["lastUpdatedBefore"] == stamp(later - timedelta(minutes=2, seconds=10))
    assert asked["marketplaceIds"] == EMIRATES
    with merchant_scope(merchant.pk):
        assert Shipment.objects.get().tracking_number == "AR1"


def test_personal_data_is_asked_for_only_with_the_role(linked: Linked) -> None:
    linked.shop.has_role = False
    store = working(linked)
    assert "personal_data" not in store.credentials
    linked.shop.asked_for.clear()
    sweep(store.pk, now=NOW + timedelta(minutes=3))
    assert linked.shop.asked_for == ["PROCEEDS,FULFILLMENT,PACKAGES"]
    linked.shop.has_role = True
    sweep(store.pk, now=NOW + timedelta(hours=2))
    assert linked.fresh().credentials["personal_data"] == "yes"


def test_role_that_was_taken_away_costs_no_orders(linked: Linked, merchant: Merchant) -> None:
    sell(linked, 1)
    working(linked)
    linked.shop.has_role = False
    assert pull(linked).found == 1
    with merchant_scope(merchant.pk):
        assert Order.objects.get().customer_name == ""


def test_order_is_asked_for_by_number(linked: Linked) -> None:
    sell(linked, 1)
    working(linked)
    line_to = Line(linked.fresh(), doing="order")
    found = line_to.hold(lambda shop: AMAZON.order(shop, "171-0"), now=NOW)
    assert isinstance(found, OrderUpdate)
    assert line_to.hold(lambda shop: AMAZON.order(shop, "404"), now=NOW) is None


@pytest.mark.parametrize(
    ("limit", "seconds"), [("0.5", 2.0), ("0.0056", 0.0), ("", 0.0), ("nan", 0.0), ("-1", 0.0)]
)
def test_rate_is_rested_by(limit: str, seconds: float) -> None:
    assert AMAZON.rest(Answer(200, {"x-amzn-ratelimit-limit": limit}, b""), 1.0) == seconds


# --- writing ------------------------------------------------------------------------------
def news(**fields: Any) -> ParcelNews:
    values: dict[str, Any] = {
        "order_id": "171-0", "tracking_number": "290000000006", "status": Status.IN_TRANSIT,
        "at": NOW, "carrier": "smsa", "carrier_name": "SMSA Express",
    }  # fmt: skip
    return ParcelNews(**(values | fields))


@pytest.fixture
def wanted(linked: Linked) -> Linked:
    """One order, at a merchant who wants parcels confirmed."""
    sell(linked, 1)
    working(linked)
    pull(linked)
    with merchant_scope(linked.store.merchant_id):
        StoreConnection.objects.update(writes=["parcel"])
    return linked


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


def test_nothing_is_confirmed_unless_the_merchant_wants_it(linked: Linked) -> None:
    assert may_write(working(linked), "parcel") is False


def test_parcel_is_confirmed_once(wanted: Linked) -> None:
    assert say(wanted, news(), "a")[:2] == ("done", "Amazon has the parcel.")
    assert wanted.shop.confirmed == [
        (
            "171-0",
            {
                "marketplaceId": EMIRATES,
                "packageDetail": {
                    "packageReferenceId": "1",
                    "carrierCode": "SMSA",
                    "trackingNumber": "290000000006",
                    "shipDate": NOW.isoformat(),
                    "orderItems": [{"orderItemId": "101", "quantity": 2}],
                },
            },
        )
    ]
    wanted.shop.orders["171-0"]["packages"] = [package("29 0000 000006")]
    assert say(wanted, news(status="delivered"), "b")[1] == "Amazon has this parcel already."
    assert len(wanted.shop.confirmed) == 1


def test_carrier_that_amazon_does_not_know_goes_by_its_name(wanted: Linked) -> None:
    say(wanted, news(carrier="", carrier_name="Quiqup"), "a")
    detail = wanted.shop.confirmed[0][1]["packageDetail"]
    assert (detail["carrierCode"], detail["carrierName"]) == ("Other", "Quiqup")


def test_label_alone_confirms_nothing(wanted: Linked) -> None:
    assert say(wanted, news(status="exception"), "a")[1] == "The parcel has not left yet."
    assert wanted.shop.confirmed == []


@pytest.mark.parametrize(
    ("fulfilment", "problem"),
    [
        ({"fulfilledBy": "AMAZON", "fulfillmentStatus": "UNSHIPPED"},
         "Amazon sends this order itself"),
        ({"fulfilledBy": "MERCHANT", "fulfillmentStatus": "SHIPPED"},
         "Amazon waits for no parcel of this order"),
    ],
)  # fmt: skip
def test_what_amazon_does_not_await_is_refused(
    wanted: Linked, fulfilment: dict[str, str], problem: str
) -> None:
    wanted.shop.orders["171-0"]["fulfillment"] = fulfilment
    assert say(wanted, news(), "a")[::2] == ("failed", problem)


def test_refusal_is_said_in_amazon_s_words(wanted: Linked) -> None:
    wanted.shop.orders["171-0"]["refuses"] = True
    assert say(wanted, news(), "a")[2] == "Amazon says: Invalid tracking number"


# --- messages -----------------------------------------------------------------------------
def buyers_messages(wanted: Linked, client: Client) -> set[tuple[str, str]]:
    """What becomes of the messages when the parcel arrives; the buyer's page works."""
    merchant = wanted.store.merchant
    wanted.shop.orders["171-0"] |= {
        "packages": [package("290000000006")], "lastUpdatedTime": stamp(NOW - timedelta(minutes=5)),
    }  # fmt: skip
    sweep(wanted.store.pk, now=NOW)
    with merchant_scope(merchant.pk):
        parcel = Shipment.objects.select_related("order").get()
        hear(parcel, (0.2, "delivered.generic"))
        path = page_path(link_for(order=parcel.order), merchant=merchant)
    assert client.get(path).status_code == 200
    compose_due(now=NOW)
    with merchant_scope(merchant.pk):
        return set(Message.objects.filter(channel="email").values_list("state", "reason"))


def test_amazon_s_buyer_gets_no_message_and_a_page(wanted: Linked, client: Client) -> None:
    messages = buyers_messages(wanted, client)
    assert {state for state, _ in messages} == {"skipped"}
    assert ("skipped", NOT_THERE) in messages


def test_with_the_switch_on_amazon_s_buyer_is_told(wanted: Linked, client: Client) -> None:
    with merchant_scope(wanted.store.merchant_id):
        StoreConnection.objects.update(may_message=True)
    assert ("waiting", "") in buyers_messages(wanted, client)
