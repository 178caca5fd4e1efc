"""Note attributes in our words: what is certain is read, the rest stays words."""

from __future__ import annotations

from datetime import date, time

import pytest

from stores.providers.shopify_address import attributes_with, mailing_address, read_address
from stores.providers.shopify_notes import Notes, part_of, read_notes
from stores.vocabulary import Address, TimeWish

HOME = Address(
    country="AE", name="Omar Haddad", line1="Street 4", line2="Flat 7", city="Dubai",
    region="Dubai", phone="+971507654321", landmark="Opposite the mosque", district="Al Barsha",
    makani="3003295320", pin=(25.2048, 55.2708),
)  # fmt: skip
BEFORE = {"province": "Dubai", "provinceCode": "DU", "countryCodeV2": "AE"}


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("Nearest landmark", "landmark"),
        ("nearest_landmark:", "landmark"),
        ("أقرب معلم", "landmark"),
        ("Delivery-Date", "day"),
        ("تاريخ التوصيل", "day"),
        ("العنوان الوطني", "national_address"),
        ("PIN", ""),
        ("Location of the store", ""),
    ],
)
def test_only_names_that_say_what_they_hold_are_read(name: str, part: str) -> None:
    assert part_of(name) == part


@pytest.mark.parametrize(
    ("day", "hours", "wish"),
    [
        ("2026-11-14", "14:00 - 16:00", TimeWish(date(2026, 11, 14), time(14), time(16))),
        ("14 November 2026", "2 - 4 pm", TimeWish(date(2026, 11, 14), time(14), time(16))),
        ("Nov 14, 2026", "10 - 2 pm", TimeWish(date(2026, 11, 14), time(10), time(14))),
        ("٢٠٢٦-١١-١٤", "٤ م - ٦ م", TimeWish(date(2026, 11, 14), time(16), time(18))),
        ("2026/11/14", "7 pm", TimeWish(date(2026, 11, 14), time(19))),
        ("03/04/2026", "2 - 4", TimeWish(note="03/04/2026; 2 - 4")),
        ("tomorrow", "in the evening", TimeWish(note="tomorrow; in the evening")),
        ("31 February 2026", "25:00", TimeWish(note="31 February 2026; 25:00")),
    ],
)
def test_wish_is_read_only_where_it_can_mean_one_thing(
    day: str, hours: str, wish: TimeWish
) -> None:
    assert read_notes([("Delivery date", day), ("Delivery time", hours)]).wish == wish


def test_instructions_are_words() -> None:
    found = read_notes([("Delivery instructions", "Call before")])
    assert found.wish == TimeWish(note="Call before")


@pytest.mark.parametrize(
    ("value", "pin"),
    [
        ("25.2048, 55.2708", (25.2048, 55.2708)),
        ("https://maps.example/?q=25.2048,55.2708&z=17", (25.2048, 55.2708)),
        ("95.2048, 55.2708", None),
        ("near the park", None),
    ],
)
def test_pin_is_two_numbers_in_degrees(value: str, pin: tuple[float, float] | None) -> None:
    assert read_notes([("Map pin", value)]).pin == pin


@pytest.mark.parametrize(
    ("name", "value", "is_gift"),
    [
        ("gift", "yes", True),
        ("هدية", "نعم", True),
        ("Gift", "no", False),
        ("Gift message", "Happy birthday", True),
        ("Gift message", " ", False),
    ],
)
def test_gift_is_what_the_shopper_called_one(name: str, value: str, is_gift: bool) -> None:
    assert read_notes([(name, value)]).is_gift is is_gift


def test_nothing_said_is_nothing() -> None:
    assert read_notes([]) == Notes()


def test_our_address_comes_back_as_it_was() -> None:
    sent = mailing_address(HOME, BEFORE)
    assert sent["address2"] == "Flat 7, Opposite the mosque, Al Barsha, Makani 3003295320"
    attributes = attributes_with(HOME, [("utm", "x")])
    assert attributes is not None
    back = {
        "name": f"{sent['firstName']} {sent['lastName']}", "address1": sent["address1"],
        "address2": sent["address2"], "city": sent["city"], "zip": sent["zip"],
        "phone": sent["phone"], "country_code": sent["countryCode"], "province": "Dubai",
    }  # fmt: skip
    notes = read_notes((row["key"], row["value"]) for row in attributes)
    assert read_address(back, notes) == HOME


def test_attributes_of_others_stay_and_ours_are_replaced() -> None:
    before = [("utm", "x"), ("Nearest landmark", "Old tree"), ("Delivery date", "2026-11-14")]
    assert attributes_with(Address("AE", landmark="The mosque"), before) == [
        {"key": "utm", "value": "x"},
        {"key": "Delivery date", "value": "2026-11-14"},
        {"key": "Landmark", "value": "The mosque"},
    ]
    assert attributes_with(Address("AE"), [("utm", "x")]) is None


@pytest.mark.parametrize(
    ("address", "code"),
    [
        (Address("AE", region="Sharjah"), "SH"),
        (Address("AE", city="دبي"), "DU"),
        (Address("AE", city="Al Ain"), "DU"),
        (Address("US", region="NY"), "NY"),
        (Address("US", region="New York"), None),
    ],
)
def test_region_is_shopifys_own_code(address: Address, code: str | None) -> None:
    assert mailing_address(address, BEFORE).get("provinceCode") == code
