"""A shop may keep to itself who carries its parcels, and where they come from."""

from __future__ import annotations

import re
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from carriers.updates import Place
from lib.vocabulary import Milestone
from merchants.models import Brand, Merchant
from merchants.scope import merchant_scope
from notifications.preview import render_preview
from tests.factories import NOW
from tests.storefront_pages import scenes
from tracking.models import Order

SHENZHEN = Place(city="Shenzhen", country="CN")
JEBEL_ALI = Place(city="Jebel Ali", country="AE")
SCENES = [
    scenes.shipped, scenes.in_transit, scenes.silent, scenes.late, scenes.feed_down, scenes.out,
    scenes.attempt_failed, scenes.pickup, scenes.customs, scenes.delivered, scenes.two_of_three,
]  # fmt: skip


def page_of(merchant: Merchant, scene: scenes.Scene, language: str = "en", **hidden: bool) -> str:
    with merchant_scope(merchant.pk):
        Brand.objects.update(**hidden)
        path = scenes.path(merchant, scene(merchant))
    return Client().get(f"{path}?lang={language}").content.decode()


def from_abroad(merchant: Merchant) -> Order:
    return scenes.parcel(
        merchant,
        scenes.scan(90, "picked_up.accepted", place=SHENZHEN, description="Shenzhen gateway"),
        scenes.scan(60, "transit.generic", place=Place(city="Hong Kong", country="HK")),
        scenes.scan(20, "transit.generic", place=JEBEL_ALI),
        scenes.scan(9, "transit.generic", place=Place(city="Shenzhen")),
    ).order


def places(page: str) -> list[str]:
    return re.findall(r'class="event__meta"><bdi>(.*?)</bdi>', page)


@pytest.mark.parametrize("scene", SCENES)
@pytest.mark.parametrize(("language", "names"), [("en", "aramex"), ("ar", "أرامكس")])
def test_no_page_names_the_carrier(
    merchant: Merchant, scene: scenes.Scene, language: str, names: str
) -> None:
    shown = page_of(merchant, scene, language).casefold()
    hidden = page_of(merchant, scene, language, hide_carrier=True).casefold()
    assert names in shown
    assert [word for word in (names, "aramex", "said by the carrier") if word in hidden] == []


def test_carrier_is_called_the_carrier(merchant: Merchant) -> None:
    page = page_of(merchant, scenes.attempt_failed, hide_carrier=True)
    heading = re.findall(r"<h1>(.*?)</h1>", page)
    assert heading == [
        "The carrier says it could not deliver on Thursday. "
        "Choose another time, or tell us if nobody came"
    ]


def test_scans_before_the_country_of_delivery_have_no_place(merchant: Merchant) -> None:
    assert places(page_of(merchant, from_abroad)) == [
        "Shenzhen", "Jebel Ali", "Hong Kong", "Shenzhen",
    ]  # fmt: skip
    page = page_of(merchant, from_abroad, hide_origin=True)
    assert places(page) == ["Jebel Ali"]
    assert [word for word in ("Shenzhen", "Hong Kong") if word in page] == []


def test_clock_of_an_untold_place_is_that_of_the_destination(merchant: Merchant) -> None:
    def abroad(merchant: Merchant) -> Order:

        return scenes.parcel(
            merchant,
            scenes.scan(90, "picked_up.accepted", place=SHENZHEN, zone=ZoneInfo("Asia/Shanghai")),
        ).order

    assert "+08:00" in page_of(merchant, abroad)
    assert "+08:00" not in page_of(merchant, abroad, hide_origin=True)


def test_town_where_it_goes_is_told_though_it_was_scanned_there_first(merchant: Merchant) -> None:
    assert set(places(page_of(merchant, scenes.out, hide_origin=True))) == {"Dubai"}


@pytest.mark.parametrize("told", [Milestone.SHIPPED, Milestone.ATTEMPT_FAILED, Milestone.DELAYED])
@pytest.mark.parametrize(("language", "name"), [("en", "Aramex"), ("ar", "أرامكس")])
def test_no_message_names_the_carrier(
    merchant: Merchant, told: Milestone, language: str, name: str
) -> None:
    with merchant_scope(merchant.pk):
        shown, hidden = (
            render_preview(
                merchant=merchant, brand=Brand(merchant=merchant, hide_carrier=hides),
                milestone=told, language=language, now=NOW,
            )
            for hides in (False, True)
        )  # fmt: skip
    assert name in shown.html + shown.text + shown.subject
    assert name not in hidden.html + hidden.text + hidden.subject
