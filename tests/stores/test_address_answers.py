"""Addresses of orders: checked as they come, completed once, and never undone by an old version."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lib.addresses.parts import AddressParts
from lib.personal_data import Person as Someone
from lib.personal_data import erase_person, export_person
from merchants.models import Merchant
from stores.address_answers import correct, fill_in, settle_addresses
from stores.ingest import save_order
from stores.vocabulary import Address, FulfilmentUpdate, OrderUpdate, Person
from tests import factories
from tests.factories import NOW
from tracking.address_check import incomplete_orders, parts_of, save_policy
from tracking.models import AddressCheck, Change, Order, Recipient, Shipment

RIYADH = Address("SA", line1="Imam Saud Road", city="Riyadh", landmark="The pharmacy")


def save(merchant: Merchant, where: Address | None = RIYADH, **fields: Any) -> Order:
    values: dict[str, Any] = {
        "external_id": "77", "number": "#77", "placed_at": NOW - timedelta(hours=1),
        "customer": Person("Sara", "sara@shopper.example", "0551234567"), "destination": where,
    }  # fmt: skip
    said = OrderUpdate(**(values | fields))
    return save_order(merchant=merchant, source="shopify:1", update=said, now=NOW).order


def given(**parts: Any) -> AddressParts:
    return AddressParts("SA", **parts)


def lacking(order: Order) -> list[tuple[str, str]]:
    return [(one["need"], one["level"]) for one in AddressCheck.objects.get(order=order).missing]


def story() -> list[tuple[str, bool, dict[str, Any]]]:
    rows = Change.objects.filter(kind="order", key__startswith="address:").order_by("pk")
    return [(row.key, row.announce, row.data) for row in rows]


def test_new_order_is_checked_and_the_shopper_asked_once(scope: Merchant) -> None:
    order = save(scope)
    save(scope)
    settle_addresses([order], now=NOW + timedelta(hours=1))
    check = AddressCheck.objects.get()
    assert (check.score, check.lacks_must, check.asked_at) == (62, True, NOW)
    assert lacking(order) == [
        ("national_address", "must"), ("district", "helps"), ("postcode", "helps"),
    ]  # fmt: skip
    asked = {"event": "asked", "needs": ["national_address"]}
    assert story() == [("address:asked", True, asked)]


def test_repeated_check_asks_two_questions_and_writes_nothing(scope: Merchant) -> None:
    order = save(scope)
    with CaptureQueriesContext(connection) as queries:
        settle_addresses([order], now=NOW + timedelta(hours=1))
    assert len(queries) == 2
    assert AddressCheck.objects.get().checked_at == NOW


@pytest.mark.parametrize(
    ("where", "fields"),
    [
        (None, {}),
        (Address("SA", city="Riyadh"), {}),  # somebody keeps the address elsewhere
    ],
)
def test_order_without_an_address_is_not_checked(
    scope: Merchant, where: Address | None, fields: dict[str, Any]
) -> None:
    save(scope, where, **fields)
    assert AddressCheck.objects.count() == 0


@pytest.mark.parametrize(
    "fields",
    [
        {"placed_at": NOW - timedelta(days=30)},  # imported with its history
        {"cancelled_at": NOW},
        {"parcels": (FulfilmentUpdate("1Z1", carrier="sandbox"),)},
    ],
)
def test_nobody_is_asked_about_history_cancelled_or_moving_orders(
    scope: Merchant, fields: dict[str, Any]
) -> None:
    order = save(scope, Address("SA", line1="Imam Saud Road, RRMA8228", city="Riyadh"), **fields)
    Shipment.objects.update(status="in_transit")
    Order.objects.filter(pk=order.pk).update(line1="Imam Saud Road")
    settle_addresses([Order.objects.get()], now=NOW)
    assert (AddressCheck.objects.get().lacks_must, story()) == (True, [])


def test_merchant_that_does_not_ask_still_has_the_score(scope: Merchant) -> None:
    save_policy(merchant_id=scope.pk, asks=False, levels={}, now=NOW)
    order = save(scope)
    assert (AddressCheck.objects.get(order=order).lacks_must, story()) == (True, [])


def test_levels_of_the_merchant_count_for_what_waits(scope: Merchant) -> None:
    order = save(scope)
    levels = {"SA": {"national_address": "ignore", "postcode": "must"}}
    save_policy(merchant_id=scope.pk, asks=True, levels=levels, now=NOW)
    assert lacking(order) == [("postcode", "must"), ("district", "helps")]
    assert [one.pk for one in incomplete_orders()] == [order.pk]


def test_answer_is_merged_kept_and_scored_anew(scope: Merchant) -> None:
    order = save(scope)
    assert fill_in(order=order, parts=given(national_address="RRMA8228"), now=NOW)
    order.refresh_from_db()
    check = AddressCheck.objects.get()
    assert (order.national_address, check.lacks_must, check.score) == ("RRMA8228", False, 90)
    assert (check.answered_at, check.answered_by, check.answers) == (NOW, None, 1)
    assert check.answer == {
        "was": {"national_address": ""}, "now": {"national_address": "RRMA8228"},
        "street": ["Imam Saud Road", "Riyadh"],
    }  # fmt: skip
    told = {"event": "answered", "parts": ["national_address"], "by_shopper": True}
    assert story()[1] == ("address:answered:1", False, told)
    assert "rrma8228" in order.search_text


def test_shopper_fills_only_what_is_missing(scope: Merchant) -> None:
    order = save(scope)
    elsewhere = given(line1="Another Street 9", city="Jeddah", phone="0559999999")
    assert not fill_in(order=order, parts=elsewhere, now=NOW)
    order.refresh_from_db()
    assert (order.line1, order.city, order.customer_phone) == (
        "Imam Saud Road", "Riyadh", "0551234567",
    )  # fmt: skip


def test_impossible_phone_is_replaced_for_courier_and_messages(scope: Merchant) -> None:
    order = save(scope, customer=Person("Sara", "sara@shopper.example", "12"))
    fill_in(order=order, parts=given(phone="0559999999"), now=NOW)
    order.refresh_from_db()
    phones = (order.customer_phone, order.phone_key, Recipient.objects.get().phone)
    assert phones == ("0559999999", "0559999999", "0559999999")


def test_pin_is_kept_in_degrees(scope: Merchant) -> None:
    order = save(scope, Address("SA", line1="Imam Saud Road", city="Riyadh"))
    fill_in(order=order, parts=given(pin=(24.7, 46.6)), now=NOW)
    order.refresh_from_db()
    assert (order.latitude, order.longitude) == (24.7, 46.6)


def test_member_may_correct_everything_before_dispatch(scope: Merchant) -> None:
    order, member = save(scope), factories.user(scope)
    parts = replace(parts_of(order), line1="King Fahd Road 12", landmark="")
    assert correct(order=order, parts=parts, by=member, now=NOW)
    order.refresh_from_db()
    check = AddressCheck.objects.get()
    assert (order.line1, order.landmark, check.answered_by) == ("King Fahd Road 12", "", member)
    assert story()[1][2] == {
        "event": "answered", "parts": ["landmark", "line1"], "by_shopper": False,
    }  # fmt: skip


def test_nothing_is_taken_once_a_parcel_moves(scope: Merchant) -> None:
    order = save(scope, parcels=(FulfilmentUpdate("1Z1", carrier="sandbox"),))
    Shipment.objects.update(status="in_transit")
    assert not fill_in(order=order, parts=given(national_address="RRMA8228"), now=NOW)


def test_shops_older_version_does_not_undo_an_answer(scope: Merchant) -> None:
    where = Address("SA", line1="Imam Saud Road", city="Riyadh", postcode="12")
    order = save(scope, where)
    fill_in(order=order, parts=given(postcode="12281"), now=NOW)
    save(scope, where)
    order.refresh_from_db()
    assert order.postcode == "12281"
    assert "answered:2" not in str(story())


def test_another_address_or_another_value_of_the_shop_counts(scope: Merchant) -> None:
    order = save(scope, Address("SA", line1="Imam Saud Road", city="Riyadh", postcode="12"))
    fill_in(order=order, parts=given(postcode="12281"), now=NOW)
    save(scope, Address("SA", line1="Imam Saud Road", city="Riyadh", postcode="12333"))
    order.refresh_from_db()
    assert order.postcode == "12333"
    save(scope, Address("SA", line1="King Fahd Road", city="Jeddah", postcode="12"))
    order.refresh_from_db()
    assert (order.line1, order.postcode) == ("King Fahd Road", "12")


def test_our_own_address_coming_back_is_no_news(scope: Merchant) -> None:
    order = save(scope, Address("SA", line1="Imam Saud Road", city="Riyadh", postcode="12"))
    fill_in(order=order, parts=given(postcode="12281"), now=NOW)
    before = (AddressCheck.objects.values().get(), story())
    save(scope, Address("SA", line1="Imam Saud Road", city="Riyadh", postcode="12281"))
    assert (AddressCheck.objects.values().get(), story()) == before


def test_answer_is_exported_and_erased(scope: Merchant) -> None:
    order = save(scope)
    fill_in(order=order, parts=given(national_address="RRMA8228"), now=NOW)
    person = Someone(order_ids=frozenset({order.pk}))
    (exported,) = export_person(person)["address_answers"]
    assert exported["filled_in"] == {"national_address": "RRMA8228"}
    erase_person(person)
    order.refresh_from_db()
    assert (order.national_address, AddressCheck.objects.get().answer) == ("", {})
