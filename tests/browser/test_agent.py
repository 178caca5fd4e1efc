"""The agent's way: search by a part of an e-mail, read the story, copy the reply."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from helpdesk.case_words import told
from helpdesk.notes import add_note
from merchants.models import Merchant, Role, User
from merchants.scope import merchant_scope
from notifications.models import Message
from tests import factories
from tests.helpdesk.parcels import scanned
from tracking.links import link_for, page_path
from tracking.models import Change, Order, Recipient

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def shop() -> Merchant:
    return factories.merchant()


@pytest.fixture
def agent(shop: Merchant) -> User:
    return factories.user(shop, role=Role.AGENT, email="agent@noor.example")


@pytest.fixture
def order(shop: Merchant, agent: User) -> Order:
    """One order in trouble among others, with a message and a note."""
    now = timezone.now()
    with merchant_scope(shop.pk):
        failed = scanned(
            shop,
            (70, "picked_up.accepted"),
            (44, "transit.departed_facility"),
            (20, "transit.at_delivery_depot"),
            (8, "out.on_vehicle"),
            (3, "attempt.nobody_home"),
            now=now,
            number="#1042",
            carrier="aramex",
            customer_name="Layla Haddad",
            customer_email="layla.haddad@shopper.example",
            line1="Villa 14, Street 22",
            landmark="Opposite the pharmacy",
            cod_amount="149.00",
            language="ar",
            source="shopify:1",
        )
        scanned(shop, (80, "picked_up.accepted"), (5, "out.on_vehicle"), now=now,
                order=failed.order, carrier="smsa")  # fmt: skip
        others = (
            ("Omar Nasser", "lost.declared"),
            ("نورة القحطاني", "exception.address"),
            ("James Okafor", "delivered.signed"),
            ("Mariam Saleh", "customs.information_required"),
        )
        for name, sub_status in others:
            scanned(shop, (90, "picked_up.accepted"), (10, sub_status), now=now,
                    customer_name=name, customer_email="")  # fmt: skip
        change = Change.objects.filter(order=failed.order, announce=True).first()
        Message.objects.create(
            merchant=shop, order=failed.order, shipment=failed, change=change,
            recipient=Recipient.objects.get(order=failed.order), topic="out_for_delivery",
            language="ar", to="layla.haddad@shopper.example", state="sent", sent_at=now,
            subject="خرجت شحنتك للتوصيل", text="مرحبًا، خرجت شحنتك للتوصيل.",
        )  # fmt: skip
        add_note(order=failed.order, author=agent, text="She asked for the afternoon.")
        failed.order.refresh_from_db()
        return failed.order


@pytest.fixture
def desk(live_server: LiveServer, page: Page, agent: User, order: Order) -> Page:
    """The desk in a browser that is logged in."""
    client = Client()
    client.force_login(agent)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
    )
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{live_server.url}/desk/noor/")
    return page


def test_agent_finds_an_order_by_a_part_of_an_email_and_copies_the_reply(
    desk: Page, order: Order, shoot: Callable[[str], None]
) -> None:
    shoot("desk-queue-en")
    desk.keyboard.press("/")
    desk.keyboard.type("haddad@sho")
    expect(desk.locator(".hit")).to_have_count(1)
    assert "haddad" not in desk.url
    desk.keyboard.press("Enter")
    expect(desk.locator(".hit__link")).to_be_focused()
    desk.keyboard.press("Enter")
    expect(desk.locator("h1")).to_contain_text("#1042")
    expect(desk.locator(".hit.is-open")).to_have_count(1)
    desk.keyboard.press("r")
    expect(desk.locator("[data-reply-copy]")).to_contain_text("Copied")
    copied = desk.evaluate("navigator.clipboard.readText()")
    assert copied.split() == desk.locator("#reply").inner_text().split()
    assert "Layla Haddad" in copied
    desk.mouse.move(0, 0)
    desk.wait_for_timeout(1800)
    shoot("desk-story-en")


def test_agent_settles_a_case_and_the_shopper_reads_the_outcome(
    desk: Page, live_server: LiveServer, order: Order, shoot: Callable[[str], None]
) -> None:
    with merchant_scope(order.merchant_id):
        path = page_path(link_for(order=order), merchant=order.merchant)
    shopper = desk.context.new_page()
    shopper.goto(f"{live_server.url}{path}?lang=en")
    shopper.get_by_text("Something is wrong").click()
    shopper.get_by_label("What is the matter?").fill("I travel on Sunday")
    shopper.locator("details[open]").get_by_role("button", name="Send to the shop").click()
    expect(shopper.locator("#cases .pill")).to_contain_text("Message received")

    desk.reload()
    first = desk.locator(".hit").first
    expect(first).to_contain_text("Case: Concern")
    first.locator(".hit__link").click()
    expect(desk.locator("#cases")).to_contain_text("I travel on Sunday")
    desk.keyboard.press("r")
    assert "رسالتك" in desk.evaluate("navigator.clipboard.readText()")
    desk.locator("#cases summary", has_text="Add a note").click()
    desk.get_by_label("A note for colleagues").first.fill("Asked the driver")
    desk.locator("#cases").get_by_role("button", name="Add the note").click()
    desk.locator("#cases summary", has_text="Close with an outcome").click()
    desk.get_by_label("Outcome").select_option("refunded")
    words = desk.get_by_label("What the customer is told")
    expect(words).to_have_value(told("refunded", "ar"))
    words.fill("رددنا إليك المبلغ اليوم.")
    shoot("desk-case-en")
    desk.get_by_role("button", name="Close and tell the customer").click()
    expect(desk.locator("#cases .pill")).to_contain_text("Money refunded")

    shopper.reload()
    expect(shopper.locator("#cases .pill")).to_contain_text("Settled")
    expect(shopper.locator(".case__words")).to_have_text("رددنا إليك المبلغ اليوم.")
    assert "Asked the driver" not in shopper.content()
    shopper.close()
    with merchant_scope(order.merchant_id):
        told_of = Change.objects.filter(order=order, kind="order").order_by("pk")
        assert [change.data["event"] for change in told_of] == ["opened", "closed"]


def test_reply_is_selected_where_the_clipboard_is_closed(desk: Page, order: Order) -> None:
    desk.locator(".hit__link", has_text="#1042").click()
    desk.evaluate(
        "() => { navigator.clipboard.writeText = () => Promise.reject(new DOMException()) }"
    )
    desk.keyboard.press("r")
    expect(desk.locator("[data-reply-copy]")).to_contain_text("Copied")
    selected = desk.evaluate("getSelection().toString()")
    assert selected.split() == desk.locator("#reply").inner_text().split()


def test_desk_in_arabic(desk: Page, order: Order, shoot: Callable[[str], None]) -> None:
    desk.context.add_cookies(
        [{"name": settings.LANGUAGE_COOKIE_NAME, "value": "ar", "url": desk.url}]
    )
    desk.reload()
    expect(desk.locator("html")).to_have_attribute("dir", "rtl")
    shoot("desk-queue-ar")
    desk.locator(".hit__link", has_text="#1042").click()
    expect(desk.locator("#reply")).to_have_attribute("lang", "ar")
    shoot("desk-story-ar")


def test_keys_move_through_the_hits_and_explain_themselves(desk: Page) -> None:
    desk.keyboard.press("j")
    desk.keyboard.press("j")
    desk.keyboard.press("k")
    expect(desk.locator(".hit__link").first).to_be_focused()
    desk.keyboard.press("?")
    expect(desk.locator("#keys")).to_be_visible()


def test_search_on_a_phone_brings_the_results_forward(desk: Page) -> None:
    desk.set_viewport_size({"width": 390, "height": 844})
    desk.locator(".hit__link", has_text="#1042").click()
    expect(desk.locator(".desk__results")).to_be_hidden()
    desk.locator('[data-key="/"]').fill("omar")
    expect(desk.locator(".hit__link")).to_have_count(1)
    expect(desk.locator(".desk__results")).to_be_visible()


def test_desk_works_without_javascript(desk: Page, live_server: LiveServer, order: Order) -> None:
    browser = desk.context.browser
    assert browser is not None
    plain = browser.new_context(java_script_enabled=False)
    plain.add_cookies(desk.context.cookies())
    page = plain.new_page()
    page.goto(f"{live_server.url}/desk/noor/")
    page.locator('[data-key="/"]').fill("haddad@sho")
    page.locator('[data-key="/"]').press("Enter")
    page.locator(".hit__link").click()
    expect(page.locator("#reply")).to_contain_text("Layla Haddad")
    expect(page.locator("[data-reply-copy]")).to_be_hidden()
    page.locator("#note-text").fill("Called back")
    page.locator("text=Add the note").click()
    expect(page.locator(".notes__text").first).to_have_text("Called back")
    plain.close()
