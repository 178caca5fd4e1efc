"""The demonstration's shop up to the checkout: prices, cart, the date, what is refused."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import override

from carriers.sandbox.scenarios import SCENARIOS
from demo.shop import page
from demo.shop.goods import goods_of
from demo.shop.people import COUNTRIES, shopper_of
from demo.shop.stories import QUICK, TITLES
from lib.phones import e164
from merchants import publishable
from merchants.models import Merchant
from tests import factories
from tests.demo.shopping import TYPED, check_out, put_in_cart, shop


class Clock(datetime):
    """A Monday in Dubai, 11:47; the shop's cut-off is at two."""

    @classmethod
    def now(cls, tz: Any = None) -> datetime:
        return datetime(2026, 11, 9, 7, 47, tzinfo=UTC)


def text(response: Any) -> str:
    plain = re.sub(r"<[^>]+>", "", response.content.decode())
    return re.sub(r"\s+", " ", plain.replace("\N{NO-BREAK SPACE}", " "))


def errors(response: Any) -> dict[str, str]:
    """What is said beside each field."""
    found = re.findall(r'id="f-(\w+)-error">(?:<svg.*?</svg>)?<span>(.*?)</span>',
                       response.content.decode(), re.DOTALL)  # fmt: skip
    return dict(found)


def test_shelf_shows_the_goods_in_the_merchants_currency(
    client: Client, merchant: Merchant
) -> None:
    body = text(client.get(shop()))
    assert "Brass table lamp AED 349.00" in re.sub(r"(lamp)AED", r"\1 AED", body)
    assert "Demonstration: nothing is really sold here" in body


def test_new_merchant_has_a_shop_in_its_own_currency(client: Client, db: None) -> None:
    factories.merchant(slug="mumbai-mugs", name="Mugs", country="IN", currency="INR")
    body = text(client.get(shop(slug="mumbai-mugs")))
    assert "₹ 1,920.00" in body


def test_unknown_shop_and_unknown_product_are_not_there(client: Client, merchant: Merchant) -> None:
    assert client.get(shop(slug="nobody")).status_code == 404
    assert client.get(shop("goods/unicorn/")).status_code == 404
    assert put_in_cart(client, "unicorn").status_code == 404


def test_cart_adds_sets_and_takes_out(client: Client, merchant: Merchant) -> None:
    put_in_cart(client, "oud-candle", 2)
    put_in_cart(client, "oud-candle", 1)
    put_in_cart(client, "brass-lamp", 1)
    assert "AED 634.00" in text(client.get(shop("cart/")))
    client.post(shop("cart/"), {"product": "oud-candle", "quantity": "0", "do": "set"})
    body = text(client.get(shop("cart/")))
    assert ("Oud candle" in body, "AED 349.00" in body) == (False, True)


@pytest.mark.parametrize(("typed", "kept"), [("999", 9), ("-4", 1), ("x", 1), ("٣", 1)])
def test_cart_keeps_a_believable_quantity(
    client: Client, merchant: Merchant, typed: str, kept: int
) -> None:
    client.post(shop("cart/"), {"product": "oud-candle", "quantity": typed, "do": "add"})
    assert client.session["demo_shop"]["noor"]["cart"] == {"oud-candle": kept}


def test_carts_of_two_shops_are_apart(client: Client, merchant: Merchant, other: Merchant) -> None:
    put_in_cart(client, "brass-lamp")
    assert "Your cart is empty." in text(client.get(shop("cart/", "other")))


def test_product_cart_and_checkout_say_the_same_date(
    client: Client, merchant: Merchant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page, "datetime", Clock)
    put_in_cart(client, "brass-lamp")
    sentence = "Order within 2 h 13 min: delivery expected Wed 11 – Fri 13 Nov"
    pages = [client.get(shop(path)) for path in ("goods/brass-lamp/", "cart/", "checkout/")]
    assert [sentence in text(one) for one in pages] == [True, True, True]
    assert "Delivery to Dubai, United Arab Emirates" in text(pages[0])


def test_date_follows_the_chosen_country(
    client: Client, merchant: Merchant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page, "datetime", Clock)
    back = shop("goods/brass-lamp/")
    response = client.post(shop("place/"), {"country": "DE", "back": back}, follow=True)
    assert response.redirect_chain == [(back, 302)]
    assert "delivery expected Tue 17 – Tue 24 Nov" in text(response)
    assert "Delivery to Hamburg, Germany" in text(response)


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example/", "javascript:x"])
def test_choice_of_country_leads_nowhere_else(
    client: Client, merchant: Merchant, back: str
) -> None:
    response = client.post(shop("place/"), {"country": "DE", "back": back})
    assert response.headers["Location"] == shop()


def test_shop_speaks_arabic_from_right_to_left(client: Client, merchant: Merchant) -> None:
    body = client.get(shop("goods/oud-candle/"), {"lang": "ar"}).content.decode()
    assert ('dir="rtl"' in body, "شمعة العود" in body, "إضافة إلى السلة" in body) == (
        True, True, True,
    )  # fmt: skip


def test_checkout_is_filled_in_and_would_pass(client: Client, merchant: Merchant) -> None:
    for country in COUNTRIES:
        for language in ("en", "ar"):
            shopper = shopper_of(country, language)
            assert e164(shopper.phone, country=country) == shopper.phone, shopper


def test_checkout_without_a_cart_leads_to_the_cart(client: Client, merchant: Merchant) -> None:
    assert client.get(shop("checkout/")).headers["Location"] == shop("cart/")


def test_checkout_says_beside_each_field_what_is_wrong(client: Client, merchant: Merchant) -> None:
    put_in_cart(client, "brass-lamp")
    response = check_out(client, email="x", phone="12", city=" ", country="GB", name="")
    assert response.status_code == 422
    assert errors(response) == {
        "name": "This field is required.",
        "email": "Enter a valid email address.",
        "phone": "This is no phone number. Example: +971 50 123 4567.",
        "city": "This field is required.",
        "postcode": "A parcel to this country needs a postcode.",
    }


@pytest.mark.parametrize("changed", [{"payment": "gold"}, {"language": "xx"}, {"country": "ZZ"}])
def test_checkout_takes_only_what_it_offers(
    client: Client, merchant: Merchant, changed: dict[str, str]
) -> None:
    put_in_cart(client, "brass-lamp")
    assert check_out(client, **changed).status_code == 422


def test_order_that_nobody_takes_is_still_in_the_cart(
    client: Client, merchant: Merchant, settings: Any
) -> None:
    settings.BASE_URL = "http://127.0.0.1:9"  # nothing listens there
    put_in_cart(client, "brass-lamp")
    response = check_out(client)
    assert response.status_code == 502
    assert "Homeward did not take the order just now." in text(response)
    assert TYPED["name"] in response.content.decode()
    assert "Brass table lamp" in text(client.get(shop("cart/")))


def test_too_many_posts_are_refused(client: Client, merchant: Merchant) -> None:
    # The minute may turn over once meanwhile, and the count begins anew.
    statuses = [put_in_cart(client, "brass-lamp").status_code for _ in range(121)]
    assert statuses[0] == 302
    assert 429 in statuses


def test_forms_are_guarded_against_other_sites(merchant: Merchant) -> None:
    client = Client(enforce_csrf_checks=True)
    assert put_in_cart(client, "brass-lamp").status_code == 403


def test_stories_are_the_sandboxes() -> None:
    with override("en"):
        ours = {name: str(title) for name, title in TITLES.items()}
    assert ours == {name: story.title for name, story in SCENARIOS.items()}
    assert set(QUICK) <= set(SCENARIOS)


def test_every_product_has_a_drawing_and_arabic() -> None:
    from django.contrib.staticfiles import finders

    every = [*goods_of("noor", "AED"), *goods_of("kestrel", "GBP"), *goods_of("new", "USD")]
    assert [product.slug for product in every if not finders.find(product.drawing)] == []
    assert [product.slug for product in every if product.name("ar") == product.name("en")] == []


def test_shop_with_a_key_shows_the_component_around_the_date(
    client: Client, merchant: Merchant
) -> None:
    assert "homeward-date" not in client.get(shop("goods/oud-candle/")).content.decode()
    made = publishable.issue(merchant=merchant, origins=[], fallback="usual", by=None)
    body = client.get(shop("goods/oud-candle/")).content.decode()
    [inside] = re.findall(r"<homeward-date ([^>]*)>.*?</homeward-date>", body, re.DOTALL)
    assert f'key="{made.key}" lang="en" country="AE"' in inside
    assert body.index("promise__text") < body.index("</homeward-date>")
