"""A customer writes by WhatsApp and by mail; an agent reads it and answers within the 24 hours."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from django.conf import settings as site
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from merchants.models import Merchant, Role, User
from merchants.scope import merchant_scope
from notifications.answers.said import Media, Said, Spot
from notifications.answers.taking import For, take
from notifications.models import Message
from notifications.sandbox.running import RunningPhones
from tests import factories
from tests.helpdesk.parcels import scanned
from tests.notifications.phones import pointed_at_phones, switch_on
from tracking.models import Change, Order, Recipient

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LAYLA = "+971507654321"
_ids = count(1)


@pytest.fixture(autouse=True)
def phones(settings: Any) -> Iterator[RunningPhones]:
    with pointed_at_phones(settings) as running:
        yield running


@pytest.fixture
def shop() -> Merchant:
    return factories.merchant()


@pytest.fixture
def agent(shop: Merchant) -> User:
    return factories.user(shop, role=Role.AGENT, email="agent@noor.example")


def wrote(
    order: Order | None,
    shop: Merchant,
    text: str,
    *,
    minutes_ago: int,
    number: str = LAYLA,
    **more: Any,
) -> None:
    message = None
    if order is not None:
        change, _ = Change.objects.get_or_create(
            merchant_id=shop.pk, order=order, kind="milestone", key="shipped",
            defaults={"at": timezone.now()},
        )  # fmt: skip
        message = Message.objects.create(
            merchant_id=shop.pk, order=order, change=change, channel="whatsapp",
            recipient=Recipient.objects.get(order=order), topic="shipped",
            language=order.language, to=number, state="sent", sequence=next(_ids),
            sent_at=timezone.now() - timedelta(days=1), text="شحنتك في الطريق",
        )  # fmt: skip
    at = timezone.now() - timedelta(minutes=minutes_ago)
    said = Said("whatsapp", number, "+15550100002", text, f"SM{next(_ids)}", **more)
    whose = For(shop.pk, order is not None, message.pk if message else None, "newest")
    take(said, whose, received_at=at, now=at)


@pytest.fixture
def order(shop: Merchant) -> Order:
    with merchant_scope(shop.pk):
        switch_on(shop, "whatsapp")
        parcel = scanned(
            shop, (70, "picked_up.accepted"), (3, "attempt.nobody_home"), now=timezone.now(),
            number="#1042", customer_name="Layla Haddad", customer_phone=LAYLA, language="ar",
            customer_email="layla@shopper.example", city="Dubai", line1="Villa 14",
        )  # fmt: skip
        order = parcel.order
        wrote(order, shop, "هل يمكنكم التوصيل بعد الساعة السادسة؟", minutes_ago=22 * 60)
        wrote(order, shop, "", minutes_ago=70, spot=Spot(25.0805, 55.1403, "Marina Gate 2"))
        wrote(order, shop, "", minutes_ago=60, media=(Media("image/jpeg", "ME5f2"),))
        late = factories.order(shop, number="#1050", customer_name="Omar Saleh")
        wrote(late, shop, "Where is my order?", minutes_ago=30 * 60, number="+971501234567")
        wrote(None, shop, "Is this still coming?", minutes_ago=90, number="+971551112222")
    return order


def signed_in(page: Page, server: LiveServer, user: User, language: str) -> None:
    client = Client()
    client.force_login(user)
    for name, value in (
        (site.SESSION_COOKIE_NAME, client.cookies[site.SESSION_COOKIE_NAME].value),
        (site.LANGUAGE_COOKIE_NAME, language),
    ):
        page.context.add_cookies([{"name": name, "value": value, "url": server.url}])


@pytest.mark.parametrize("language", ["en", "ar"])
def test_agent_reads_and_answers(
    page: Page,
    live_server: LiveServer,
    shop: Merchant,
    agent: User,
    order: Order,
    language: str,
    shoot: Callable[[str], None],
) -> None:
    signed_in(page, live_server, agent, language)
    page.goto(f"{live_server.url}/desk/noor/written/")
    expect(page.locator("#homeless")).to_contain_text("Is this still coming?")
    shoot(f"written-list-{language}")
    page.locator("main a", has_text="#1042").first.click()
    expect(page.locator("#written .talk__line")).to_have_count(3)
    page.locator("#written").scroll_into_view_if_needed()
    shoot(f"written-story-{language}")
    page.fill("#written-text", "نعم، سنبلغ المندوب.")
    page.click("button[value='reply:whatsapp']")
    expect(page.locator("#written .is-ours")).to_contain_text("نعم، سنبلغ المندوب.")
    with merchant_scope(shop.pk):
        sent = Message.objects.get(topic="reply")
    assert (sent.channel, sent.to) == ("whatsapp", LAYLA)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_closed_window_says_why(
    page: Page,
    live_server: LiveServer,
    agent: User,
    order: Order,
    language: str,
    shoot: Callable[[str], None],
) -> None:
    signed_in(page, live_server, agent, language)
    page.goto(f"{live_server.url}/desk/noor/written/")
    page.locator("main a", has_text="#1050").first.click()
    closed = page.locator("#written button[aria-describedby='why-whatsapp']")
    expect(closed).to_be_disabled()
    expect(page.locator("#written button[value='reply:email']")).to_be_enabled()
    page.locator("#written").scroll_into_view_if_needed()
    shoot(f"written-closed-{language}")
