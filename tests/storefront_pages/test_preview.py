"""The preview is the page: the same template and builders, every state, both languages."""

from __future__ import annotations

import html
import re
from base64 import b64decode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from merchants.models import Brand, Merchant
from storefront_pages.preview import PREVIEW_STATES, framed_page, preview_page
from storefront_pages.style import brand_block
from tests.factories import NOW

KEYS = [state.key for state in PREVIEW_STATES]

HEADINGS = {
    "placed": "We have your order",
    "confirmed": "Confirmed. We are preparing it",
    "packed": "Packed and waiting for the courier",
    "shipped": "Handed to Aramex",
    "in_transit": "On its way, expected Sat 14 – Mon 16 Nov",
    "customs": "Customs needs a document from you",
    "late": "Later than we said: was Wed 11 – Thu 12, now Sat 14 – Mon 16 Nov. We are sorry",
    "silent": "No new scan since Monday, which is usual on this route",
    "out_for_delivery": "Out for delivery, expected today",
    "attempt_failed": (
        "Aramex says it could not deliver today. Choose another time, or tell us if nobody came"
    ),
    "pickup": "Ready to collect",
    "problem": "The carrier needs a clearer address",
    "delivered": "Delivered on Thursday at 11:30 am",
    "returning": "Going back to the shop",
    "lost": "We believe this parcel is lost, and we are sorry. Here is what happens now",
    "cancelled": "This order was cancelled",
}


def unsaved() -> Merchant:
    return Merchant(
        slug="noor", name="Noor Home", country="AE", zone="Asia/Dubai", currency="AED",
        languages=["en", "ar"], support_email="care@noor.example",
    )  # fmt: skip


def shown(state: str, language: str = "en", **look: object) -> str:
    merchant = unsaved()
    brand = Brand(merchant=merchant, **look)
    return preview_page(merchant=merchant, brand=brand, state=state, language=language, now=NOW)


def heading(page: str) -> str:
    return html.unescape(re.findall(r"<h1>(.*?)</h1>", page)[0])


@pytest.mark.parametrize("state", KEYS)
def test_state_says_what_a_true_page_says(state: str) -> None:
    assert heading(shown(state)) == HEADINGS[state]


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("state", KEYS)
def test_every_state_is_a_whole_page_in_every_language(state: str, language: str) -> None:
    page = shown(state, language)
    direction = "rtl" if language == "ar" else "ltr"
    assert page.count(f'<html lang="{language}" dir="{direction}">') == 1
    assert re.findall(r"</footer>\s*</body>\s*</html>|</html>", page) != []
    assert re.findall(r"\son\w+=|<script(?! src)|\sstyle=", page) == []


def test_sheet_holds_the_look_that_was_given() -> None:
    page = shown("late", accent="#b4532a", font="serif", radius=3)
    sheet = re.findall(r'href="data:text/css;charset=utf-8;base64,([^"]+)"', page)
    block = brand_block(Brand(accent="#b4532a", font="serif", radius=3))
    assert [b64decode(one).decode().endswith(block) for one in sheet] == [True]


def test_logo_is_inside() -> None:
    page = shown("late", logo=b"<svg/>", logo_type="image/svg+xml")
    assert page.count('<img src="data:image/svg+xml;base64,PHN2Zy8+"') == 1


def test_preview_asks_the_database_nothing(db: None) -> None:
    with CaptureQueriesContext(connection) as captured:
        shown("out_for_delivery")
    assert len(captured) == 0


def test_frame_may_be_shown_by_us_alone_and_lets_nothing_out() -> None:
    policy = framed_page("").headers["Content-Security-Policy"]
    assert policy == (
        "sandbox allow-scripts; default-src 'none'; script-src 'self'; style-src data:;"
        " font-src data:; img-src 'self' https: data:; frame-ancestors 'self'"
    )
