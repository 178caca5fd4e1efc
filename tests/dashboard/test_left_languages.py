"""A shop that leaves a language and saves a text does not lose what it wrote in it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from edd.models import MerchantDisruption
from help_texts.models import Banner, Question
from merchants.models import Merchant
from merchants.scope import merchant_scope
from selling.models import Product, Promotion
from tests.dashboard.conftest import SignIn


@pytest.fixture
def browser(merchant: Merchant, sign_in: SignIn) -> Client:
    """Of a shop that wrote Polish once, and now has English and French."""
    Merchant.objects.filter(pk=merchant.pk).update(languages=["en", "fr"])
    return sign_in()


def test_question(browser: Client, merchant: Merchant) -> None:
    polish = {"question": "Kiedy?", "answer": "Jutro."}
    with merchant_scope(merchant.pk):
        row = Question.objects.create(merchant=merchant, texts={"pl": polish}, stage="before")
    typed = {"question_en": "When?", "answer_en": "Soon.", "stage": "before", "is_on": "on"}
    browser.post(f"/app/noor/pages/questions/{row.pk}/", typed)
    with merchant_scope(merchant.pk):
        assert Question.objects.get().texts == {
            "pl": polish, "en": {"question": "When?", "answer": "Soon."},
        }  # fmt: skip


def test_banner(browser: Client, merchant: Merchant) -> None:
    days = {"first": date(2026, 11, 20), "last": date(2026, 11, 30)}
    with merchant_scope(merchant.pk):
        row = Banner.objects.create(
            merchant=merchant, texts={"en": "Busy", "pl": "Kolejki"}, tone="wait", places=["page"],
            **days,
        )  # fmt: skip
    typed = days | {"text_en": "Very busy", "text_fr": "", "tone": "wait", "place_page": "on"}
    browser.post(f"/app/noor/pages/banners/{row.pk}/", typed)
    with merchant_scope(merchant.pk):
        assert Banner.objects.get().texts == {"en": "Very busy", "pl": "Kolejki"}


def test_promotion(browser: Client, merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        row = Promotion.objects.create(
            merchant=merchant, title="Lamps", translations={"pl": {"title": "Lampy"}}
        )
    typed = {
        "kind": "offer", "title_en": "Lamps", "title_fr": "Lampes", "share": "100",
        "url": "https://noor.example/a", "languages": ["fr"],
    }  # fmt: skip
    browser.post(f"/app/noor/settings/promotions/{row.pk}/", typed)
    with merchant_scope(merchant.pk):
        found = Promotion.objects.get()
    assert (found.translations, found.languages) == (
        {"pl": {"title": "Lampy"}, "fr": {"title": "Lampes"}}, ["fr"],
    )  # fmt: skip


def test_product(browser: Client, merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        row = Product.objects.create(
            merchant=merchant, key="s:l-1", sku="L-1", title="Lampa 1",
            titles={"pl": "Lampa", "en": "Lamp"},
        )  # fmt: skip
    path = f"/app/noor/settings/products/{row.pk}/"
    names = [one["name"] for one in browser.get(path).context["fields"]]
    assert names[:3] == ["title", "title_en", "title_fr"]
    browser.post(path, {"title": "Lampa 1", "title_en": "", "title_fr": "Lampe"})
    with merchant_scope(merchant.pk):
        assert Product.objects.get().titles == {"pl": "Lampa", "fr": "Lampe"}


def test_disruption(browser: Client, merchant: Merchant) -> None:
    today = timezone.now().date()
    with merchant_scope(merchant.pk):
        row = MerchantDisruption.objects.create(
            merchant=merchant, days=3, starts=today, ends=today + timedelta(days=5),
            cause="strike", sentences={"pl": "Strajk.", "fr": "Grève."},
        )  # fmt: skip
    path = f"/app/noor/dates/disruptions/{row.pk}/"
    typed = {
        "days": "3", "starts": str(today), "ends": str(today + timedelta(days=5)),
        "cause": "strike", "sentence_en": "A strike.", "sentence_fr": "",
    }  # fmt: skip
    looked = browser.post(path, typed).context["looked"]
    assert [one["lang"] for one in looked["sentences"]] == ["en", "fr"]
    browser.post(path, typed | {"seen": looked["seen"]})
    with merchant_scope(merchant.pk):
        assert MerchantDisruption.objects.get().sentences == {"pl": "Strajk.", "en": "A strike."}
