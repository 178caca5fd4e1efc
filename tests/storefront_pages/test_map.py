"""The stops of a parcel as a drawing, and in words."""

from __future__ import annotations

import gzip
import re
from dataclasses import replace
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.utils.translation import override

from carriers.updates import CarrierEvent, Place
from merchants.models import Merchant
from storefront_pages.map_block import route_map
from storefront_pages.route import Part, route_of
from storefront_pages.stamps import stamp
from storefront_pages.story import Story, load
from tests.factories import NOW
from tests.storefront_pages import scenes
from tracking.links import link_for
from tracking.models import Order

FROM_SHENZHEN = {"ship_from": {"city": "Shenzhen", "country": "CN"}, "ship_from_country": "CN"}


def at(
    hours_ago: float, city: str, country: str, sub_status: str = "transit.generic"
) -> CarrierEvent:
    return scenes.scan(hours_ago, sub_status, place=Place(city=city, country=country))


def story_of(
    merchant: Merchant, *events: CarrierEvent, language: str = "en", **order: Any
) -> Story:
    made: Order = scenes.parcel(merchant, *events, **order).order
    marked = stamp(link_for(order=made).token, merchant_slug=merchant.slug)
    assert marked is not None
    return load(stamp=marked, language=language, now=NOW)


def stops(story: Story, **how: bool) -> list[tuple[str, Part]]:
    found = route_of(story, story.parcels[0], **how)
    return [(stop.city.names["en"], stop.part) for stop in found]


def from_china(merchant: Merchant, **how: Any) -> Story:
    return story_of(
        merchant,
        at(60, "SHENZHEN", "CN", "picked_up.accepted"),
        at(40, "Hong Kong", "HK"),
        at(39, "Hong Kong", "HK"),
        at(20, "Umm Ghafa", "AE"),
        at(5, "ABU DHABI - UAE", "AE"),
        **(FROM_SHENZHEN | how),
    )


def test_way_leads_from_origin_over_scans_to_destination(scope: Merchant) -> None:
    assert stops(from_china(scope)) == [
        ("Shenzhen", Part.ORIGIN),
        ("Hong Kong", Part.PASSED),
        ("Abu Dhabi", Part.HERE),
        ("Dubai", Part.AHEAD),
    ]


def test_hidden_origin_begins_in_the_country_of_destination(scope: Merchant) -> None:
    assert stops(from_china(scope), hides_origin=True) == [
        ("Abu Dhabi", Part.HERE),
        ("Dubai", Part.AHEAD),
    ]


def test_shop_that_hides_the_origin_hides_it_on_its_map(scope: Merchant) -> None:
    story = from_china(scope)
    block = route_map(replace(story, look={"hide_origin": True}))
    assert block is not None
    assert [line.split(":")[0] for line in block["lines"]] == ["Abu Dhabi", "Dubai"]


def test_label_that_was_made_is_no_stop(scope: Merchant) -> None:
    story = story_of(scope, at(9, "Abu Dhabi", "AE", "info.label_created"), at(5, "Sharjah", "AE"))
    assert stops(story) == [("Sharjah", Part.HERE), ("Dubai", Part.AHEAD)]


def test_delivered_parcel_has_nothing_ahead(scope: Merchant) -> None:
    story = story_of(
        scope,
        at(9, "Abu Dhabi", "AE"),
        scenes.scan(1, "delivered.generic", place=Place(country="AE")),
    )
    assert stops(story) == [("Abu Dhabi", Part.PASSED), ("Dubai", Part.HERE)]


def test_parcel_that_goes_back_has_its_origin_ahead(scope: Merchant) -> None:
    story = story_of(
        scope,
        at(9, "Abu Dhabi", "AE"),
        at(3, "Dubai", "AE", "returning.started"),
        **FROM_SHENZHEN,
    )
    assert stops(story)[1:] == [
        ("Abu Dhabi", Part.PASSED),
        ("Dubai", Part.HERE),
        ("Shenzhen", Part.AHEAD),
    ]


def test_one_known_place_makes_no_map(scope: Merchant) -> None:
    assert route_map(story_of(scope, at(9, "Dubai", "AE"), at(5, "Umm Ghafa", "AE"))) is None


def test_order_without_a_parcel_has_no_map(scope: Merchant) -> None:
    order = scenes.placed(scope)
    marked = stamp(link_for(order=order).token, merchant_slug=scope.slug)
    assert marked is not None
    assert route_map(load(stamp=marked, language="en", now=NOW)) is None


def test_list_says_what_the_drawing_shows(scope: Merchant) -> None:
    block = route_map(from_china(scope))
    assert block is not None
    assert block["lines"] == [
        "Shenzhen: sent from here, scanned on Tue 10 Nov, 12:00 am",
        "Hong Kong: scanned on Tue 10 Nov, 9:00 pm",
        "Abu Dhabi: last scan on Thu 12 Nov, 7:00 am",
        "Dubai: still ahead",
    ]


def test_places_are_written_in_the_readers_script(scope: Merchant) -> None:
    with override("ar"):
        block = route_map(from_china(scope, language="ar"))
    assert block is not None
    assert {name["text"] for name in block["names"]} == {"شنجن", "هونغ كونغ", "أبوظبي", "دبي"}


def test_what_lies_ahead_begins_where_it_was_seen_last(scope: Merchant) -> None:
    block = route_map(from_china(scope))
    assert block is not None
    last_seen = block["way"].rsplit(" ", 2)[1:]
    assert block["ahead"].startswith(f"M{' '.join(last_seen)}Q")


def test_drawing_has_no_text_of_its_own_direction_and_no_third_party(scope: Merchant) -> None:
    html = render_to_string("storefront/blocks/map.html", {"block": route_map(from_china(scope))})
    assert 'direction="ltr" aria-hidden="true"' in html
    assert ("http" in html, "style=" in html) == (False, False)


def test_coordinates_are_written_as_svg_reads_them_in_every_language(scope: Merchant) -> None:
    with override("ar"):
        block = route_map(from_china(scope, language="ar"))
        html = render_to_string("storefront/blocks/map.html", {"block": block})
    numbers = re.findall(r' (?:x|y|cx|cy|r)="([^"]*)"', html)
    assert [one for one in numbers if not re.fullmatch(r"\d+(\.\d+)?", one)] == []


def test_longest_map_weighs_under_4_kb(scope: Merchant) -> None:
    cities = [("Riyadh", "SA"), ("Jeddah", "SA"), ("Doha", "QA"), ("Muscat", "OM")] * 6
    events = [at(80 - n, city, country) for n, (city, country) in enumerate(cities)]
    html = render_to_string(
        "storefront/blocks/map.html", {"block": route_map(story_of(scope, *events))}
    )
    assert html.count("<li>") == 12
    assert len(gzip.compress(html.encode())) < 4_000


@pytest.fixture(autouse=True)
def english() -> Any:
    with override("en"):
        yield
