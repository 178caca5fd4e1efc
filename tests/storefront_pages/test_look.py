"""What the editor offers is on the shopper's pages: notice, closing line, links by language."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from merchants.models import Brand, Merchant
from merchants.scope import merchant_scope
from storefront_pages.look_facts import look_facts
from storefront_pages.preview import preview_page
from storefront_pages.shop import Addresses, shell
from tests.factories import NOW
from tests.storefront_pages import scenes

TODAY = date(2026, 11, 12)
EID = {"notice": "Closed for Eid", "translations": {"ar": {"notice": "مغلق في العيد"}}}


def notice(look: Brand, language: str = "en", today: date = TODAY) -> object:
    shop = Merchant(slug="noor", name="Noor Home", languages=["en", "ar"])
    context = shell(shop, look_facts(look), Addresses("/"), language=language, today=today)
    return context["banner"]


@pytest.mark.parametrize(("language", "text"), [("en", "Closed for Eid"), ("ar", "مغلق في العيد")])
def test_notice_is_in_the_readers_language(language: str, text: str) -> None:
    assert notice(Brand(**EID), language) == {"text": text, "tone": "quiet"}


def test_text_without_a_translation_is_in_the_shops_own() -> None:
    assert notice(Brand(notice="Closed"), "ar") == {"text": "Closed", "tone": "quiet"}


@pytest.mark.parametrize(("days", "is_shown"), [(-1, False), (0, True), (1, True)])
def test_notice_ends_with_its_last_day(days: int, is_shown: bool) -> None:
    look = Brand(**EID, notice_until=TODAY + timedelta(days=days))
    assert (notice(look) is not None) == is_shown


def test_both_pages_show_notice_line_and_links(client: Client, merchant: Merchant) -> None:
    returns = {
        "label": "Returns",
        "url": "https://noor.example/returns",
        "labels": {"ar": "الإرجاع"},
    }
    with merchant_scope(merchant.pk):
        Brand.objects.update(
            **EID,
            notice_until=timezone.now().date() + timedelta(days=9),
            tagline="Light for quiet rooms",
            footer_links=[returns],
        )
        path = scenes.path(merchant, scenes.out(merchant))
    for address in (path, "/p/noor/"):
        page = client.get(f"{address}?lang=ar").content.decode()
        assert page.count("<p>مغلق في العيد</p>") == 1
        assert re.findall(r'shop__tagline"><bdi>([^<]+)<', page) == ["Light for quiet rooms"]
        assert re.findall(r'<li><a href="https://noor.example/returns">([^<]+)<', page) == [
            "الإرجاع"
        ]


def test_preview_is_the_published_page_but_for_what_it_carries(
    client: Client, merchant: Merchant
) -> None:
    """The look-up and the order's page share the shell; here all but <main> is compared."""
    with merchant_scope(merchant.pk):
        Brand.objects.update(**EID, tagline="Light for quiet rooms", font="serif")
        brand = Brand.objects.get()
        path = scenes.path(merchant, scenes.delivered(merchant))
    preview = preview_page(
        merchant=merchant, brand=brand, state="delivered", language="en", now=NOW
    )
    page = client.get(f"{path}?lang=en").content.decode()
    assert shell_of(preview.replace('<base target="_blank">', "")) == shell_of(page)


def shell_of(page: str) -> str:
    """The page without its main part and its title, without where its sheet is, and without the
    script that says it was seen: a preview is seen by nobody who is told anything."""
    parts = r"<main.*</main>|<title>.*?</title>|\n<script src=\"[^\"]*/seen\.js\"[^>]*></script>"
    outside = re.sub(parts, "", page, flags=re.DOTALL)
    return re.sub(r'href="(?:data:text/css[^"]*|/p/noor/[^"]*|/(?:faq/)?)"', 'href=""', outside)
