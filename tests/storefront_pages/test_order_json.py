"""An order as an app reads it: the shape, who may read it, how it is fetched again."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import override

from merchants import publishable
from merchants.models import Merchant
from merchants.scope import merchant_scope
from storefront_pages import order_json
from storefront_pages.order_shape import order_shape
from storefront_pages.stamps import stamp
from storefront_pages.story import load
from tests.factories import NOW
from tests.storefront_pages import scenes
from tracking.links import link_for
from tracking.models import Link, Recipient

SHOP = "https://shop.noor.example"


@pytest.fixture
def path(merchant: Merchant) -> str:
    publishable.issue(merchant=merchant, origins=[SHOP], fallback="usual", by=None)
    return address(merchant)


def address(merchant: Merchant, scene: scenes.Scene = scenes.out) -> str:
    with merchant_scope(merchant.pk):
        return f"{scenes.path(merchant, scene(merchant))}order.json"


def shaped(merchant: Merchant, scene: scenes.Scene, language: str = "en") -> dict[str, Any]:
    """As it is on the day of the scenes."""
    with merchant_scope(merchant.pk):
        order = scene(merchant)
        token = link_for(order=order).token
    marked = stamp(token, merchant_slug=merchant.slug)
    assert marked is not None
    with merchant_scope(merchant.pk):
        story = load(stamp=marked, language=language, now=NOW)
    with override(language):
        return order_shape(story, page_url="https://noor.example/t/x/", notice=None)


def test_shape_has_what_the_page_says_with_its_codes(merchant: Merchant) -> None:
    said = shaped(merchant, scenes.attempt_failed)
    assert sorted(said) == [
        "ask_again_seconds", "banner", "direction", "facts", "freshness", "heading", "is_over",
        "items_without_parcel", "language", "lead", "milestones", "notice", "order", "parcels",
        "version", "window",
    ]  # fmt: skip
    [parcel] = said["parcels"]
    assert (said["version"], said["order"]["status"], parcel["sub_status"]) == (
        1, "attempt_failed", "attempt.nobody_home",
    )  # fmt: skip
    assert (parcel["carrier"], parcel["status_text"]) == ("Aramex", "Delivery attempt failed")
    newest = parcel["timeline"][0]
    assert (newest["sub_status"], newest["place"], newest["carrier_words"]) == (
        "attempt.nobody_home", "Dubai", "Said by the carrier",
    )  # fmt: skip
    incident = [step for step in said["milestones"] if step["state"] == "incident"]
    assert [step["key"] for step in incident] == ["attempt_failed"]


def test_window_is_told_in_dates_while_it_lies_ahead(merchant: Merchant) -> None:
    coming = shaped(merchant, scenes.in_transit)
    assert coming["window"]["from"] == coming["parcels"][0]["window"]["from"]
    assert coming["window"]["from"] <= coming["window"]["to"]
    gone = shaped(merchant, scenes.delivered)
    assert (gone["window"], gone["parcels"][0]["window"], gone["is_over"]) == (None, None, True)
    assert gone["parcels"][0]["delivered_at"] is not None


def test_items_stand_by_their_parcel(merchant: Merchant) -> None:
    said = shaped(merchant, scenes.two_of_three)
    assert [parcel["status"] for parcel in said["parcels"]].count("delivered") == 2
    assert all(parcel["title"].startswith("Parcel ") for parcel in said["parcels"])


def test_words_are_in_the_language_and_its_direction(merchant: Merchant) -> None:
    said = shaped(merchant, scenes.out, "ar")
    assert (said["language"], said["direction"], said["order"]["status_text"]) == (
        "ar", "rtl", "خرجت للتوصيل",
    )  # fmt: skip


def test_order_for_the_receiver_tells_no_goods(client: Client, merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        order = scenes.out(merchant)
        buyers = scenes.path(merchant, order)
        receiver = Recipient.objects.create(merchant=merchant, order=order, role="receiver")
        link = link_for(order=order, recipient=receiver)
    said = client.get(f"/p/{merchant.slug}/t/{link.token}/order.json").json()
    known = client.get(f"{buyers}order.json").json()
    assert [len(parcel["items"]) for parcel in known["parcels"]] == [1]
    assert [parcel["items"] for parcel in said["parcels"]] == [[]]
    assert said["items_without_parcel"] == []


def test_order_holds_no_personal_data(client: Client, path: str) -> None:
    body = client.get(path).content.decode().casefold()
    hidden = [text for name, text in scenes.SECRETS.items() if name != "city"]
    assert [text for text in hidden if text.casefold() in body] == []


def test_program_reads_it_and_finds_the_page(client: Client, path: str, settings: Any) -> None:
    response = client.get(path)
    assert response.headers["Content-Type"] == "application/json"
    page_url = response.json()["order"]["page_url"]
    assert page_url == settings.BASE_URL + path.removesuffix("order.json")
    assert response.headers["Cache-Control"] == "private, no-cache"
    assert "Access-Control-Allow-Origin" not in response.headers


def test_pages_of_the_listed_origins_may_read_it_and_no_others(client: Client, path: str) -> None:
    ours, theirs = (
        client.get(path, headers={"Origin": one}) for one in (SHOP, "https://evil.example")
    )
    assert (ours.status_code, ours.headers["Access-Control-Allow-Origin"]) == (200, SHOP)
    assert ours.headers["Access-Control-Expose-Headers"] == "ETag, Retry-After"
    assert theirs.status_code == 403
    assert "Access-Control-Allow-Origin" not in theirs.headers
    assert "heading" not in theirs.json()
    assert ["Origin" in one.headers["Vary"] for one in (ours, theirs)] == [True, True]


def test_preflight_lets_a_page_ask_with_its_tag(client: Client, path: str) -> None:
    response = client.options(path, headers={"Origin": SHOP})
    assert (response.status_code, response.headers["Access-Control-Allow-Headers"]) == (
        204, "If-None-Match",
    )  # fmt: skip


def test_unchanged_order_answers_304(client: Client, path: str) -> None:
    etag = client.get(path).headers["ETag"]
    again = client.get(path, headers={"If-None-Match": etag})
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", etag)
    assert client.get(f"{path}?lang=ar").headers["ETag"] != etag


def test_too_many_looks_are_refused_with_the_time_to_wait(
    client: Client, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(order_json, "LOOKS_A_LINK", (1, 60))
    assert [client.get(path).status_code for _ in range(2)] == [200, 429]
    response = client.get(path, headers={"Origin": SHOP})
    assert 0 < int(response.headers["Retry-After"]) <= 60
    assert response.headers["Access-Control-Allow-Origin"] == SHOP


def test_link_that_ended_and_one_that_never_was_are_told_alike(
    client: Client, merchant: Merchant, path: str
) -> None:
    never = client.get(path.replace(path.split("/")[4], "nothing"))
    Link.objects.update(revoked_at=NOW)
    ended = client.get(path)
    assert (never.status_code, ended.status_code) == (404, 404)
    assert json.loads(never.content) == json.loads(ended.content)
