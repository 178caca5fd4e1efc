"""Questions and banners on a screen: written in two languages without a script, read on a phone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from help_texts.models import Banner, Question
from merchants.models import Merchant
from merchants.page_version import pages_changed
from merchants.scope import merchant_scope
from tests import factories
from tests.browser.conftest import SHOTS, Picture
from tests.browser.test_merchant import enter
from tests.browser.test_merchant import full_shop as full_shop
from tests.dashboard.conftest import shop as shop

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_question_and_banner_are_written_in_two_languages(
    page: Page,
    live_server: LiveServer,
    full_shop: Merchant,
    shoot: Callable[[str], None],
    picture: Picture,
) -> None:
    enter(page, live_server)
    page.goto(f"{live_server.url}/app/noor/pages/questions/new/")
    page.get_by_label("Question").locator("visible=true").fill("Gift wrap?")
    page.get_by_label("Answer").locator("visible=true").fill("Yes. It comes {{ date.window }}.")
    page.locator("label[for=tab-ar]").click()
    page.get_by_label("Question").locator("visible=true").fill("هل التغليف متاح؟")
    page.get_by_label("Answer").locator("visible=true").fill("نعم.")
    page.get_by_role("button", name="Preview").click()
    expect(page.locator("section .card[lang]")).to_have_count(2)
    shoot("app-question-preview")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("link", name="Gift wrap?")).to_be_visible()
    shoot("app-questions")
    page.goto(f"{live_server.url}/app/noor/pages/banners/")
    page.get_by_text("Later this year").click()
    page.get_by_role("button", name="Take this banner Ramadan").click()
    expect(page.get_by_role("status").first).to_contain_text("The banner is ready.")
    written = page.get_by_label("Text").locator("visible=true").input_value()
    expect(page.frame_locator(".help-frame").locator(".note")).to_have_text(written)
    shoot("app-banner")
    picture("banner", width=1280, height=640)
    page.goto(f"{live_server.url}/app/noor/pages/banners/")
    shoot("app-banners")


def test_public_page_reads_on_the_narrowest_phone(
    chromium: Browser, live_server: LiveServer
) -> None:
    merchant = factories.merchant()
    today = timezone.now().date()
    with merchant_scope(merchant.pk):
        Banner.objects.create(
            merchant=merchant, texts={"en": "Couriers rest over Eid.", "ar": "عطلة العيد."},
            tone="wait", places=["lookup"],
            first=today, last=today + timedelta(days=1),
        )  # fmt: skip
        answer = "https://noor.example/" + "long-" * 20
        texts = {"en": {"question": "Where is the guide?", "answer": answer}}
        Question.objects.create(merchant=merchant, texts=texts)
        pages_changed(merchant.pk)
    context = chromium.new_context(
        viewport={"width": 320, "height": 700}, java_script_enabled=False
    )
    opened = context.new_page()
    SHOTS.mkdir(parents=True, exist_ok=True)
    for language in ("en", "ar"):
        opened.goto(f"{live_server.url}/p/noor/faq/?lang={language}")
        for summary in opened.locator("summary").all():
            summary.click()
        opened.screenshot(path=SHOTS / f"faq-{language}-320.png", full_page=True)
        wide = [one.bounding_box() for one in opened.locator("main *").all()]
        assert max(one["x"] + one["width"] for one in wide if one) <= 320
        assert min(one["x"] for one in wide if one) >= 0
    context.close()
