"""The form that completes an address: what it asks, what it takes, what it never shows."""

from __future__ import annotations

import gzip
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from merchants.models import Merchant
from merchants.scope import merchant_scope
from storefront_pages import asking
from tests.factories import NOW
from tests.storefront_pages import scenes
from tracking.address_check import check_addresses, checks_of, save_policy
from tracking.models import AddressCheck, Order, Shipment

RIYADH = {
    "country": "SA", "line1": "Imam Saud Road", "line2": "", "city": "Riyadh", "postcode": "",
    "customer_phone": "0551234567",
}  # fmt: skip
DUBAI = {"country": "AE", "customer_phone": "12", "landmark": ""}


def page_of(merchant: Merchant, **fields: Any) -> tuple[str, Order]:
    """A page of an order that was just checked."""
    with merchant_scope(merchant.pk):
        order = scenes.order(merchant, **fields)
        check_addresses([order], checks_of([order]), now=NOW)
        return scenes.path(merchant, order), order


def shown(client: Client, path: str) -> str:
    return client.get(path, {"lang": "en"}).content.decode()


def fields(page: str) -> list[str]:
    """The names of the form's fields, in their order."""
    form = re.search(r'<div class="place".*?</form>', page, re.DOTALL)
    return re.findall(r'<input[^>]* name="([^"]+)"', form[0]) if form else []


def send(client: Client, path: str, **values: str) -> Any:
    return client.post(f"{path}place/?lang=en", values)


def test_saudi_form_asks_for_the_national_address_first(client: Client, merchant: Merchant) -> None:
    path, _ = page_of(merchant, **RIYADH, landmark="The pharmacy")
    page = shown(client, path)
    assert fields(page) == ["national_address", "district", "postcode"]
    assert "The courier needs one more thing to find you" in page
    assert "Since January 2026 couriers in Saudi Arabia may not take a parcel without it." in page
    assert 'href="https://splonline.com.sa/en/national-address-1/"' in page
    assert "js/pin.js" not in page


def test_form_of_the_emirates_asks_for_phone_and_spot(client: Client, merchant: Merchant) -> None:
    path, _ = page_of(merchant, **DUBAI)
    page = shown(client, path)
    assert fields(page) == ["phone", "landmark", "place", "makani"]
    assert "js/pin.js" in page


def test_what_only_helps_is_folded(client: Client, merchant: Merchant) -> None:
    path, _ = page_of(merchant, landmark="")
    page = shown(client, path)
    assert fields(page) == ["landmark", "place", "makani"]
    assert ("place__form--must" in page, "<summary>Help the courier find you" in page) == (
        False, True,
    )  # fmt: skip


def test_nothing_known_of_the_address_is_shown(client: Client, merchant: Merchant) -> None:
    path, _ = page_of(merchant, **DUBAI)
    page = shown(client, path)
    for secret in ("Villa 14", "Behind Gate 9", "12", scenes.SECRETS["customer_email"]):
        assert f'value="{secret}"' not in page
    assert "Villa 14" not in page


@pytest.mark.parametrize(
    "columns",
    [{"cancelled_at": NOW}, {}],
)
def test_nothing_is_asked_where_it_cannot_help(
    client: Client, merchant: Merchant, columns: dict[str, Any]
) -> None:
    path, order = page_of(merchant, **DUBAI)
    with merchant_scope(merchant.pk):
        if columns:
            Order.objects.update(**columns)
        else:
            scenes.parcel(merchant, scenes.scan(3, "picked_up.accepted"), of=order)
    assert fields(shown(client, path)) == []


def test_label_alone_does_not_end_the_question(client: Client, merchant: Merchant) -> None:
    path, order = page_of(merchant, **DUBAI)
    with merchant_scope(merchant.pk):
        scenes.parcel(merchant, scenes.scan(3, "info.label_created"), of=order)
    assert fields(shown(client, path))[0] == "phone"


def test_shop_that_does_not_ask_has_no_form_and_takes_nothing(
    client: Client, merchant: Merchant
) -> None:
    path, _ = page_of(merchant, **DUBAI)
    with merchant_scope(merchant.pk):
        save_policy(merchant_id=merchant.pk, asks=False, levels={}, now=NOW)
    assert fields(shown(client, path)) == []
    send(client, path, phone="050 765 4321")
    with merchant_scope(merchant.pk):
        assert Order.objects.get().customer_phone == "12"


def test_answer_reaches_the_order_and_the_page_says_thanks(
    client: Client, merchant: Merchant
) -> None:
    path, order = page_of(merchant, **RIYADH, landmark="The pharmacy")
    etag = client.get(path).headers["ETag"]
    response = send(client, path, national_address="rrma 8228", district="Al Muruj",
                    postcode="١٢٢٨١")  # fmt: skip
    assert (response.status_code, response.headers["Location"]) == (303, f"{path}#place")
    with merchant_scope(merchant.pk):
        order = Order.objects.get()
        assert (order.national_address, order.district) == ("RRMA8228", "Al Muruj")
        assert AddressCheck.objects.get().score == 100
    page = shown(client, path)
    assert "Thank you. The courier has all that is needed to find you." in page
    assert ("RRMA8228" in page, "Al Muruj" in page) == (False, False)
    assert client.get(path, headers={"If-None-Match": etag}).status_code == 200


def test_pasted_link_becomes_a_pin(client: Client, merchant: Merchant) -> None:
    path, _ = page_of(merchant, landmark="")
    send(client, path, place="https://maps.google.com/?q=25.0772,55.1409")
    with merchant_scope(merchant.pk):
        order = Order.objects.get()
        assert (order.latitude, order.longitude) == (25.0772, 55.1409)


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"phone": "1"}, "Enter a phone number that the courier can call."),
        ({"place": "https://maps.app.goo.gl/AbC"}, "A short link does not say where it leads."),
        ({"place": "24.7, 46.7"}, "This point is not in the country of the order."),
        ({"place": "behind the mosque"}, "We cannot read this."),
        ({"makani": "123"}, "A Makani number has ten digits, such as 12345 67890."),
        ({"landmark": "xxx"}, "Please write a few words that help the courier."),
        ({"landmark": "x" * 256}, "Please keep it under 255 letters."),
        ({}, "Please fill in what is asked for."),
    ],
)
def test_what_cannot_be_read_is_said_beside_the_field(
    client: Client, merchant: Merchant, values: dict[str, str], error: str
) -> None:
    path, _ = page_of(merchant, **DUBAI)
    response = send(client, path, **values)
    page = response.content.decode()
    assert (response.status_code, error in page) == (422, True)
    assert all(f'value="{text}"' in page for text in values.values())
    assert "geolocation=(self)" in response.headers["Permissions-Policy"]
    with merchant_scope(merchant.pk):
        assert Order.objects.get().customer_phone == "12"


def test_whoever_holds_the_link_cannot_send_the_parcel_elsewhere(
    client: Client, merchant: Merchant
) -> None:
    path, order = page_of(merchant, **DUBAI)
    send(client, path, line1="Another street", city="Sharjah", phone="050 765 4321")
    with merchant_scope(merchant.pk):
        after = Order.objects.get()
        assert (after.line1, after.city, after.customer_phone) == (
            order.line1, "Dubai", "050 765 4321",
        )  # fmt: skip


def test_posts_are_limited(
    client: Client, merchant: Merchant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "POSTS_A_LINK", (1, 3600))
    path, _ = page_of(merchant, **DUBAI)
    codes = [send(client, path, phone="1").status_code for _ in range(2)]
    assert codes == [422, 429]


def test_only_this_page_may_ask_where_somebody_is(client: Client, merchant: Merchant) -> None:
    path, _ = page_of(merchant, **DUBAI)
    allowed = [
        client.get(address).headers["Permissions-Policy"].split(", ")[2]
        for address in (path, f"/p/{merchant.slug}/")
    ]
    assert allowed == ["geolocation=(self)", "geolocation=()"]


def test_page_that_asks_for_everything_weighs_under_30_kb(
    client: Client, merchant: Merchant
) -> None:
    path, order = page_of(
        merchant, country="SA", line1="test", line2="", city="", postcode="1", landmark="",
        customer_phone="",
    )  # fmt: skip
    with merchant_scope(merchant.pk):
        scenes.parcel(merchant, scenes.scan(3, "info.label_created"), of=order)
    page = client.get(f"{path}?lang=ar").content
    sheet = re.findall(rb'<link rel="stylesheet" href="([^"]+)"', page)
    parts = [page, client.get(sheet[0].decode()).content]
    for script in re.findall(rb'<script src="/static/([^"]+)"', page):
        parts.append((Path(settings.BASE_DIR) / "static" / script.decode()).read_bytes())
    assert len(parts) == 6
    assert sum(len(gzip.compress(part)) for part in parts) < 30_000
    with merchant_scope(merchant.pk):
        assert Shipment.objects.count() == 1
