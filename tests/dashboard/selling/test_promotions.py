"""Promotions in the dashboard: made, corrected, previewed, ordered, switched."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from merchants.models import AuditEntry, Merchant, Role
from merchants.scope import merchant_scope
from selling.models import Promotion, PromotionCount
from tests.dashboard.conftest import SignIn

PATH = "/app/noor/settings/promotions/"
TYPED = {
    "kind": "offer", "title_en": "Autumn light", "title_ar": "ضوء الخريف", "url": "https://noor.example/a",
    "share": "100",
}  # fmt: skip


def text_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_promotion_is_made_and_shown(sign_in: SignIn, merchant: Merchant) -> None:
    browser = sign_in()
    assert "No promotion yet." in browser.get(PATH).content.decode()
    rule = {
        "stages": ["delivered", "before"], "countries": "Saudi Arabia, AE", "tags": "VIP",
        "bought": "OC-1, Brass lamp", "languages": ["ar"], "starts": "2026-11-01",
        "ends": "2099-11-30", "share": "50",
    }  # fmt: skip
    answer = browser.post(f"{PATH}new/", TYPED | rule, follow=True)
    page = text_of(answer.content.decode())
    assert "Orders to Saudi Arabia or United Arab Emirates." in page
    assert "To 50 % of these orders." in page
    with merchant_scope(merchant.pk):
        made = Promotion.objects.get()
        assert made.translations == {"ar": {"title": "ضوء الخريف"}}
        assert (made.countries, made.bought) == (["SA", "AE"], ["oc-1", "brass lamp"])
        # Midnight in Dubai, after the last day.
        assert made.starts_at == datetime(2026, 10, 31, 20, tzinfo=UTC)
        assert made.ends_at == datetime(2099, 11, 30, 20, tzinfo=UTC)
        assert [one.action for one in AuditEntry.objects.all()] == ["promotion.changed"]
    again = browser.get(f"{PATH}{made.pk}/").content.decode()
    assert ('value="2026-11-01"' in again, 'value="2099-11-30"' in again) == (True, True)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"title_en": ""}, "Say in a few words what you offer."),
        ({"url": ""}, "Where does it lead?"),
        ({"url": "javascript:alert(1)"}, "Enter an address that begins with https:// or http://."),
        ({"image_url": "http://noor.example/a.jpg"}, "Enter an address that begins with https://."),
        ({"countries": "Atlantis"}, "“Atlantis” is no country we know."),
        ({"starts": "2026-11-12", "ends": "2026-11-11"}, "It ends before it begins."),
        ({"share": "0"}, "greater than or equal to 1"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_kept(
    sign_in: SignIn, merchant: Merchant, wrong: dict[str, str], words: str
) -> None:
    answer = sign_in().post(f"{PATH}new/", TYPED | wrong)
    assert answer.status_code == 400
    assert words in answer.content.decode()
    with merchant_scope(merchant.pk):
        assert not Promotion.objects.exists()


def test_preview_shows_what_is_typed_in_each_language(sign_in: SignIn) -> None:
    answer = sign_in().post(f"{PATH}preview/", TYPED | {"share": "rubbish"})
    html = answer.content.decode()
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert re.findall(r"<h2>([^<]+)</h2>", html) == ["Autumn light", "ضوء الخريف"]
    assert re.findall(r'<div lang="(\w+)" dir="(\w+)"', html) == [("en", "ltr"), ("ar", "rtl")]


def test_preview_of_goods_has_our_words(sign_in: SignIn) -> None:
    html = sign_in().post(f"{PATH}preview/", {"kind": "goes_with"}).content.decode()
    assert html.count("<li>") == 4
    assert "Goes well with your order" in html


def test_order_switch_and_figures(sign_in: SignIn, merchant: Merchant) -> None:
    browser = sign_in()
    for title in ("First", "Second"):
        browser.post(f"{PATH}new/", TYPED | {"title_en": title})
    with merchant_scope(merchant.pk):
        first, second = Promotion.objects.all()
        PromotionCount.objects.create(
            merchant=merchant, promotion=first, day="2099-01-01", stage="before", views=200,
            clicks=25, batch=uuid4(),
        )  # fmt: skip
    assert "12.5\N{NO-BREAK SPACE}%" in browser.get(PATH).content.decode()
    browser.post(f"{PATH}{second.pk}/move/", {"to": "up"})
    browser.post(f"{PATH}{first.pk}/switch/", {})
    with merchant_scope(merchant.pk):
        rows = Promotion.objects.values_list("title", "is_on")
        assert list(rows) == [("Second", True), ("First", False)]
    browser.post(f"{PATH}{second.pk}/remove/")
    with merchant_scope(merchant.pk):
        assert [one.title for one in Promotion.objects.all()] == ["First"]


def test_viewer_finds_them_in_the_rail(sign_in: SignIn) -> None:
    browser = sign_in(Role.VIEWER)
    assert f'href="{PATH}"' in browser.get("/app/noor/").content.decode()
    page = browser.get(PATH).content.decode()
    assert ("New promotion" in page, 'aria-current="page"' in page) == (False, True)
