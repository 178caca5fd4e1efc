"""A shopper chooses what to hear of, says no and yes again; the shop looks at who said no."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from merchants.models import Merchant, Role
from merchants.scope import merchant_scope
from notifications.models import Message, Preference, Suppression
from tests import factories
from tests.storefront_pages import scenes
from tracking.links import link_for, page_path
from tracking.models import Recipient

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def shop() -> Merchant:
    return factories.merchant()


@pytest.fixture
def path(shop: Merchant) -> str:
    now = datetime.now(UTC)
    with merchant_scope(shop.pk):
        order = scenes.order(shop, number="#1001")
        scenes.parcel(shop, scenes.scan(3, "out.on_vehicle", now), of=order, now=now)
        buyer = Recipient.objects.get(order=order)
        return page_path(link_for(order=order, recipient=buyer), merchant=shop)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_shopper_chooses_what_to_hear_of(
    page: Page, live_server: LiveServer, shop: Merchant, path: str, language: str,
    shoot: Callable[[str], None],
) -> None:  # fmt: skip
    page.goto(f"{live_server.url}{path}preferences/?lang={language}")
    warnings = page.locator(".prefs__warning")
    expect(warnings.first).to_be_hidden()
    page.locator("#f-about_day").uncheck()
    expect(warnings.first).to_be_visible()
    page.locator("#f-mute_order").check()
    shoot(f"preferences-{language}")
    page.get_by_role("button").last.click()
    expect(page.get_by_role("status").first).to_be_visible()
    assert page.locator("#f-about_day").is_checked() is False
    with merchant_scope(shop.pk):
        row = Preference.objects.get()
    assert ("out_for_delivery" in row.muted_topics, len(row.muted_orders)) == (True, 1)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_shopper_says_no_and_yes_again(
    page: Page, live_server: LiveServer, shop: Merchant, path: str, language: str,
    shoot: Callable[[str], None],
) -> None:  # fmt: skip
    page.goto(f"{live_server.url}{path}unsubscribe/?lang={language}")
    shoot(f"unsubscribe-{language}")
    page.locator(".btn--primary").click()
    expect(page.locator("[value=shop_back]")).to_have_count(1)
    shoot(f"unsubscribed-{language}")
    page.locator("form:has([value=shop_back]) button").click()
    expect(page.locator(".btn--primary")).to_be_visible()
    page.locator("form:has([value=order]) button").click()
    expect(page.locator("[value=order_back]")).to_have_count(1)
    shoot(f"unsubscribed-order-{language}")


@pytest.mark.parametrize("language", ["en", "ar"])
def test_shop_looks_at_who_is_not_written_to(
    page: Page, live_server: LiveServer, shop: Merchant, language: str,
    shoot: Callable[[str], None],
) -> None:  # fmt: skip
    with merchant_scope(shop.pk):
        for channel, address, reason in (
            ("email", "omar.farouk@shopper.example", "mail to it bounced"),
            ("email", "lena@shopper.example", "its owner reported our mail as spam"),
            ("sms", "+971501234567", "its owner answered STOP"),
            ("whatsapp", "+966551234567", "it is not on WhatsApp"),
        ):
            Suppression.objects.create(
                merchant=shop, channel=channel, address=address, reason=reason
            )
    client = Client()
    client.force_login(factories.user(shop, role=Role.ADMIN))
    client.post("/app/language/", {"language": language})
    page.context.add_cookies(
        [
            {"name": name, "value": cookie.value, "url": live_server.url}
            for name, cookie in client.cookies.items()
        ]
    )
    page.goto(f"{live_server.url}/app/noor/messages/suppressed/")
    expect(page.locator("tbody tr")).to_have_count(4)
    shoot(f"suppressed-{language}")
    page.locator("#main [name=address]").fill("050 123 4567")
    page.locator("#main [name=address]").press("Enter")
    expect(page.locator("tbody tr")).to_have_count(1)
    shoot(f"suppressed-asked-{language}")
    page.locator("tbody a").click()
    shoot(f"suppressed-take-off-{language}")
    expect(page.get_by_role("checkbox").or_(page.get_by_role("switch"))).to_have_count(1)
    assert settings.SESSION_COOKIE_NAME in client.cookies


def test_shop_reads_why_messages_were_not_sent(
    page: Page, live_server: LiveServer, shop: Merchant, path: str, shoot: Callable[[str], None]
) -> None:
    with merchant_scope(shop.pk):
        recipient = Recipient.objects.get(role="buyer")
        change = recipient.order.changes.order_by("pk")[0]
        for n, code in enumerate(("seen", "seen", "seen", "muted", "night")):
            Message.objects.create(
                merchant=shop, order=recipient.order, change=change, recipient=recipient,
                topic="shipped", language="en", to="sara@shopper.example", sequence=n + 1,
                state="skipped", reason_code=code, due_at=None,
            )  # fmt: skip
    client = Client()
    client.force_login(factories.user(shop, role=Role.ADMIN))
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
    )
    page.goto(f"{live_server.url}/app/noor/messages/")
    page.locator("summary", has_text="5 messages were not sent in the last 30 days").click()
    seen = page.locator(".unsent__list li", has_text="The shopper had seen it")
    expect(seen).to_have_text("The shopper had seen it 3")
    shoot("messages-not-sent")
    page.goto(f"{live_server.url}/app/noor/orders/{recipient.order_id}/")
    expect(page.locator("#page-views")).to_contain_text("Nobody has opened the customer’s page yet")
