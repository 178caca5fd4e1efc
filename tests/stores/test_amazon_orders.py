"""Amazon's orders in our words, and its marketplaces."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from merchants.models import Merchant
from stores.connect import CannotConnect, connect_api
from stores.payload import StoreError
from stores.providers.amazon import Amazon
from stores.providers.amazon_markets import BY_ID, MARKETS
from stores.shop import App, Shop
from stores.vocabulary import OrderUpdate
from tests.factories import NOW
from tests.stores.amazon_shop import APP, line, order, package

AMAZON = Amazon()


def read(**fields: Any) -> OrderUpdate:
    found = AMAZON.read_order(order("171-1", NOW, **fields))
    assert isinstance(found, OrderUpdate)
    return found


# --- reading ----------------------------------------------------------------------------
def test_order_is_read_with_buyer_and_recipient_apart() -> None:
    found = read()
    assert (found.external_id, found.number, found.shop_status) == ("171-1", "171-1", "unshipped")
    assert (found.placed_at, found.updated_at) == (NOW, NOW)
    assert (found.total, found.currency, found.cod_amount) == (Decimal("99.8"), "AED", None)
    assert (found.customer.name, found.customer.email) == (
        "Salma Rashid",
        "x7@marketplace.amazon.ae",
    )
    where = found.destination
    assert where is not None
    assert (where.name, where.city, where.district) == ("Yousef Rashid", "Al Ain", "Al Jimi")
    assert found.wish is not None
    assert found.wish.note == "Front desk"
    (item,) = found.items
    assert (item.external_id, item.quantity, item.price) == ("101", 2, Decimal("49.9"))
    assert item.url == "https://www.amazon.ae/dp/B0TESTLAMP"


def test_without_the_role_the_country_is_the_marketplace_s() -> None:
    found = read(buyer=None, recipient=None)
    assert found.destination is not None
    assert (found.destination.country, found.destination.name) == ("AE", "")
    assert (found.customer.name, found.customer.email) == ("", "")


def test_days_of_arrival_are_promised_in_the_buyers_calendar() -> None:
    window = {"earliestDateTime": "2026-11-14T20:00:00Z", "latestDateTime": "2026-11-16T19:59:59Z"}
    ship_by = {"earliestDateTime": "2026-11-12T20:00:00Z", "latestDateTime": "2026-11-13T19:59:59Z"}
    found = read(fulfillment={"deliverByWindow": window, "shipByWindow": ship_by})
    assert (found.promised_first, found.promised_last) == (date(2026, 11, 15), date(2026, 11, 16))
    sent_by = read(fulfillment={"shipByWindow": ship_by})
    assert (sent_by.promised_first, sent_by.promised_last) == (None, None)


def test_packages_are_parcels_with_their_contents() -> None:
    found = read(packages=[package("AR1"), package("AR2", packageReferenceId="2"),
                           package("", packageReferenceId="3")])  # fmt: skip
    first, second = found.parcels
    assert (first.carrier, first.tracking_number, first.contents) == (
        "aramex", "AR1", (("101", 1),),
    )  # fmt: skip
    assert (first.shipped_at, second.external_id) == (datetime(2026, 11, 10, 8, tzinfo=UTC), "2")
    assert found.ship_from is not None
    assert (found.ship_from.name, found.ship_from_country) == ("Noor warehouse", "AE")


def test_cash_gift_replacement_and_cancellation_are_said() -> None:
    shipping = {"shipping": {"shippingConstraints": {"cashOnDelivery": "MANDATORY"}}}
    found = read(orderItems=[line("101", fulfillment=shipping)])
    assert (found.cod_amount, found.payment_method) == (Decimal("99.8"), "cash on delivery")
    packing = {"packing": {"giftOption": {"giftWrapLevel": "PREMIUM"}}}
    assert read(orderItems=[line("101", fulfillment=packing)]).is_gift is True
    before = [{"orderId": "170-9", "associationType": "REPLACEMENT_ORIGINAL_ID"}]
    assert read(associatedOrders=before).replaces == "170-9"
    gone = read(fulfillment={"fulfillmentStatus": "CANCELLED"})
    assert (gone.cancelled_at, [item.quantity for item in gone.items]) == (NOW, [0])


@given(
    where=st.sampled_from([*sorted(order("1", NOW)), "packages", "associatedOrders"]),
    value=st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["orderItemId", "product", "fulfillment"]), inner)
        ),
        max_leaves=8,
    ),
)
def test_order_with_one_odd_field_is_a_reading_or_a_clear_error(where: str, value: Any) -> None:
    with suppress(StoreError):
        AMAZON.read_order(order("1", NOW) | {where: value})


# --- marketplaces -------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("typed", "country", "endpoint"),
    [
        ("amazon.ae", "AE", "eu"), ("https://www.amazon.sa/", "SA", "eu"),
        ("Amazon.in", "IN", "eu"),
        ("amazon.eg", "EG", "eu"), ("amazon.com", "US", "na"), ("amazon.co.uk", "GB", "eu"),
        ("sellercentral.amazon.de", "DE", "eu"), ("amazon.co.jp", "JP", "fe"),
    ],
)  # fmt: skip
def test_marketplace_leads_to_its_region(typed: str, country: str, endpoint: str) -> None:
    name = AMAZON.shop_name(typed)
    assert MARKETS[name].country == country
    shop = Shop(name=name, credentials={}, now=NOW)
    assert AMAZON.base_url(shop) == f"https://sellingpartnerapi-{endpoint}.amazon.com"


def test_every_marketplace_has_an_id_of_its_own() -> None:
    assert len(BY_ID) == len(MARKETS)


def test_other_shops_are_no_marketplace(merchant: Merchant) -> None:
    with pytest.raises(CannotConnect) as problem:
        connect_api(
            merchant=merchant, platform="amazon", name="", shop="noor.example", credentials={},
            now=NOW,
        )  # fmt: skip
    assert str(problem.value) == "This is no marketplace of Amazon that we know."


def test_consent_is_given_at_the_marketplace_s_seller_central() -> None:
    url = AMAZON.consent_url(
        App(*APP), name="amazon.sa", state="s", back="https://x.example/", challenge=""
    )
    assert url == (
        "https://sellercentral.amazon.sa/apps/authorize/consent"
        "?application_id=amzn1.sp.solution.7&state=s&redirect_uri=https%3A%2F%2Fx.example%2F"
    )
