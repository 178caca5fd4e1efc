"""The merchant changes the look: sees it at once in both frames, publishes, shoppers see it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import FrameLocator, Page, expect
from pytest_django.live_server_helper import LiveServer

from merchants.models import Brand, Merchant
from merchants.scope import merchant_scope
from tests.browser.conftest import Picture
from tests.browser.test_merchant import enter
from tests.browser.test_merchant import full_shop as full_shop
from tests.dashboard.conftest import shop as shop

pytestmark = pytest.mark.browser

Shoot = Callable[[str], None]
BUTTON = ".btn--primary"


def frames(page: Page) -> list[FrameLocator]:
    return [page.frame_locator(f".device--{kind} iframe") for kind in ("phone", "desktop")]


def test_colour_is_edited_seen_in_both_frames_and_published(
    page: Page, live_server: LiveServer, full_shop: Merchant, shoot: Shoot
) -> None:
    enter(page, live_server)
    page.goto(f"{live_server.url}/app/noor/settings/brand/?state=pickup")
    public = f"{live_server.url}/p/noor/"
    for frame in frames(page):
        expect(frame.locator(BUTTON)).to_have_css("background-color", "rgb(47, 91, 215)")

    page.get_by_label("Your colour", exact=True).fill("#f2b705")
    for frame in frames(page):
        expect(frame.locator(BUTTON)).to_have_css("background-color", "rgb(242, 183, 5)")
    expect(page.get_by_role("status").first).to_have_text("Draft, not yet published: 1 change")
    expect(page.locator(".contrast")).to_contain_text("We use this shade")

    page.get_by_text("العربية", exact=True).locator("visible=true").last.click()
    page.get_by_label("State of the parcel").select_option("delivered")
    for frame in frames(page):
        expect(frame.locator("html")).to_have_attribute("dir", "rtl")
        expect(frame.locator("h1")).to_have_text(re.compile("تم تسليم شحنتك"))

    other = page.context.new_page()
    other.goto(public)
    expect(other.locator(BUTTON)).to_have_css("background-color", "rgb(47, 91, 215)")
    shoot("app-brand-draft-en")
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("Published. Pages and messages")).to_be_visible()
    other.goto(public)
    expect(other.locator(BUTTON)).to_have_css("background-color", "rgb(242, 183, 5)")
    page.wait_for_load_state("networkidle")


def test_editor_and_pages_stand_in_the_documents(
    page: Page, live_server: LiveServer, full_shop: Merchant, picture: Picture
) -> None:
    enter(page, live_server)
    editor = f"{live_server.url}/app/noor/settings/brand/"
    page.goto(f"{editor}?state=out_for_delivery")
    for frame in frames(page):
        expect(frame.locator("h1")).to_have_text("Out for delivery, expected today")
    picture("brand-editor", width=1280, height=640)
    for name, query, heading in (
        ("brand-page-en", "lang=en&seen_by=light", "Out for delivery, expected today"),
        ("brand-page-ar", "lang=ar&seen_by=dark", "خرجت شحنتك للتوصيل، ونتوقع وصولها اليوم"),
    ):
        page.goto(f"{editor}page/?state=out_for_delivery&{query}")
        expect(page.locator("h1")).to_have_text(heading)
        picture(name)


def test_wrong_word_is_said_beside_its_field_and_kept(
    page: Page, live_server: LiveServer, full_shop: Merchant, shoot: Shoot
) -> None:
    enter(page, live_server)
    page.goto(f"{live_server.url}/app/noor/settings/brand/")
    page.get_by_label("Your colour", exact=True).fill("greenish")
    page.get_by_label("Name of the shop").fill("Noor & Sons")
    expect(page.locator(".field__error")).to_have_text("Enter a colour such as #2f5bd7.")
    expect(page.get_by_label("Your colour", exact=True)).to_have_value("greenish")
    for frame in frames(page):
        expect(frame.locator(".shop__brand")).to_have_text("Noor & Sons")
    shoot("app-brand-error-en")
    page.get_by_label("Your colour", exact=True).fill("#0a5c4a")
    expect(page.locator(".field__error")).to_have_count(0)
    page.get_by_role("button", name="Discard draft").click()
    expect(page.get_by_label("Name of the shop")).to_have_value("Noor Home")
    for frame in frames(page):
        expect(frame.locator(".shop__brand")).to_have_text("Noor Home")
    page.wait_for_load_state("networkidle")
    with merchant_scope(full_shop.pk):
        assert Brand.objects.get().version == 1
