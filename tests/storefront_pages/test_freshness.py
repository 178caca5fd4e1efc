"""How new the page is, and the one calm line while a carrier's feed is dead."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import translation

from merchants.models import Merchant
from storefront_pages.freshness import freshness, outage_banner
from storefront_pages.parcels import cards
from storefront_pages.stamps import stamp
from storefront_pages.story import Story, load
from tests.factories import NOW
from tests.storefront_pages import scenes
from tracking.links import link_for
from tracking.models import Order, Watch
from tracking.outages import close, declare


def story(order: Order, merchant: Merchant) -> Story:
    marked = stamp(link_for(order=order).token, merchant_slug=merchant.slug)
    assert marked is not None
    return load(stamp=marked, language="en", now=NOW)


def lines(story: Story) -> list[str]:
    found = freshness(story)
    assert found is not None
    return [re.sub(r"\s+", " ", f"{one['before']}{one['time']}{one['after']}")
            for one in found["lines"]]  # fmt: skip


def test_banner_says_since_when_and_promises_nothing(scope: Merchant) -> None:
    order = scenes.out(scope)
    declare(carrier="aramex", now=NOW - timedelta(hours=2))
    banner = outage_banner(story(order, scope))
    assert banner is not None
    assert re.sub(r"\s+", " ", banner["text"]) == (
        "No updates from Aramex since 10:00 am. That does not mean your parcel has stopped. "
        "We keep asking."
    )


def test_banner_in_arabic(scope: Merchant) -> None:
    order = scenes.out(scope)
    declare(carrier="aramex", now=NOW - timedelta(hours=2))
    with translation.override("ar"):
        found = outage_banner(story(order, scope))
    assert found is not None
    assert found["text"].startswith("لم تصلنا تحديثات من ")


def test_no_banner_for_others_outages_or_what_is_over(scope: Merchant) -> None:
    order = scenes.out(scope)
    declare(carrier="ups", now=NOW)
    assert outage_banner(story(order, scope)) is None
    declare(carrier="aramex", now=NOW)
    close(carrier="aramex", now=NOW)
    assert outage_banner(story(order, scope)) is None


def test_delivered_parcel_has_no_banner(scope: Merchant) -> None:
    order = scenes.parcel(scope, scenes.scan(1, "delivered.generic")).order
    declare(carrier="aramex", now=NOW)
    assert outage_banner(story(order, scope)) is None


def test_well_asked_parcel_says_when_we_checked(scope: Merchant) -> None:
    order = scenes.out(scope)
    assert [line.split(" 1")[0] for line in lines(story(order, scope))][1:] == [
        "Checked",
        "Next look",
    ]


@pytest.mark.parametrize("result", ["unavailable", "unreadable", "rate_limited"])
def test_failed_look_is_not_called_a_check(scope: Merchant, result: str) -> None:
    order = scenes.out(scope)
    Watch.objects.update(result=result, answered_at=NOW - timedelta(hours=1), failures=2)
    said = "We do not reach the carrier at the moment. Last answer: 11:00 am."
    assert said in lines(story(order, scope))


def test_each_of_several_parcels_says_how_new_it_is(scope: Merchant) -> None:
    order = scenes.out(scope)
    scenes.parcel(scope, scenes.scan(3, "picked_up.accepted"), of=order)
    parcels = cards(story(order, scope))
    assert [len(card["fresh"]["lines"]) for card in parcels if "fresh" in card] == [3, 3]
