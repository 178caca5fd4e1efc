"""The shopper completes an address on a phone: by the browser's position, or by typing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from merchants.models import Merchant, Role
from merchants.scope import merchant_scope
from notifications.compose import compose_due
from notifications.models import Message
from tests import factories
from tests.browser.conftest import SHOTS, in_background
from tests.storefront_pages import scenes
from tracking.address_check import check_addresses, checks_of
from tracking.models import Order

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

RIYADH = {
    "country": "SA", "line1": "Imam Saud Road", "line2": "", "city": "Riyadh", "postcode": "",
    "landmark": "", "customer_phone": "0551234567",
}  # fmt: skip
DUBAI = {"country": "AE", "line1": "n/a", "line2": "", "landmark": "", "customer_phone": "12"}
Made = Callable[..., str]


@pytest.fixture
def merchant() -> Merchant:
    return factories.merchant()


@pytest.fixture
def made(merchant: Merchant) -> Made:
    """The page's path of an order that was just placed and checked."""

    def make(**fields: object) -> str:
        now = datetime.now(UTC)
        with merchant_scope(merchant.pk):
            order = scenes.order(merchant, placed_at=now - timedelta(minutes=9), **fields)
            check_addresses([order], checks_of([order]), now=now)
            return scenes.path(merchant, order)

    return make


@pytest.fixture
def phone(chromium: Browser) -> Iterator[Page]:
    """A phone on Dubai's marina, whose owner lets pages know."""
    context = chromium.new_context(
        viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True,
        geolocation={"latitude": 25.0772, "longitude": 55.1409}, permissions=["geolocation"],
    )  # fmt: skip
    yield context.new_page()
    context.close()


def picture(page: Page, name: str) -> None:
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"place-{name}-390.png", full_page=True)
    wide = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    assert wide <= 0


def test_position_of_the_browser_completes_an_address(
    phone: Page, live_server: LiveServer, merchant: Merchant, made: Made
) -> None:
    path = made(**DUBAI)
    phone.goto(f"{live_server.url}{path}?lang=ar")
    picture(phone, "dubai-ar")
    phone.goto(f"{live_server.url}{path}?lang=en")
    phone.get_by_label("Area or neighbourhood").fill("Dubai Marina")
    phone.get_by_label("Phone number").fill("050 123 4567")
    phone.get_by_text("Help the courier find you").click()
    phone.get_by_role("button", name="Use where I am now").click()
    expect(phone.get_by_text("Found. Send it below.")).to_be_visible()
    picture(phone, "dubai-en")
    phone.get_by_role("button", name="Complete the address").click()
    expect(phone.get_by_text("The courier has all that is needed to find you.")).to_be_visible()
    picture(phone, "dubai-thanks-en")
    with merchant_scope(merchant.pk):
        order = Order.objects.get()
        assert (order.district, order.latitude, order.longitude) == (
            "Dubai Marina", 25.0772, 55.1409,
        )  # fmt: skip


def test_national_address_is_asked_for_and_corrected(
    phone: Page, live_server: LiveServer, made: Made
) -> None:
    path = made(**RIYADH)
    phone.goto(f"{live_server.url}{path}?lang=ar")
    picture(phone, "riyadh-ar")
    phone.goto(f"{live_server.url}{path}?lang=en")
    picture(phone, "riyadh-en")
    phone.get_by_label("National Address").fill("RRM 8228")
    phone.get_by_role("button", name="Complete the address").click()
    expect(phone.get_by_text("A short National Address has four letters")).to_be_visible()
    picture(phone, "riyadh-error-en")
    phone.get_by_label("National Address").fill("RRMA8228")
    phone.get_by_role("button", name="Complete the address").click()
    expect(phone.get_by_text("Thank you, the shop has it.")).to_be_visible()
    picture(phone, "riyadh-helps-en")


def test_member_sees_and_corrects_it_while_the_score_follows(
    page: Page, live_server: LiveServer, merchant: Merchant, made: Made,
    shoot: Callable[[str], None],
) -> None:  # fmt: skip
    made(**RIYADH)
    in_background(lambda: compose_due(now=datetime.now(UTC)))
    with merchant_scope(merchant.pk):
        order, message = Order.objects.get(), Message.objects.get()
    page.set_content(message.html)
    page.screenshot(path=SHOTS / "place-mail.png", full_page=True)
    factories.user(merchant, role=Role.OWNER)
    page.goto(f"{live_server.url}/app/login/")
    page.get_by_label("E-mail").fill("owner@noor.example")
    page.get_by_label("Password").fill("correct horse battery")
    page.get_by_role("button", name="Sign in").click()
    page.goto(f"{live_server.url}/app/noor/")
    shoot("place-home")
    page.goto(f"{live_server.url}/app/noor/orders/?view=address")
    shoot("place-orders")
    page.goto(f"{live_server.url}/app/noor/settings/addresses/")
    shoot("place-settings")
    page.goto(f"{live_server.url}/app/noor/orders/{order.pk}/")
    shoot("place-order")
    page.get_by_text("Correct the address").click()
    page.get_by_label("National Address").fill("RRMA8228")
    expect(page.locator("#address form").get_by_text("National Address: missing")).to_be_hidden()
    shoot("place-order-form")
    page.get_by_role("button", name="Save the address").click()
    expect(page.get_by_text("The address is corrected.")).to_be_visible()
    shoot("place-order-corrected")
