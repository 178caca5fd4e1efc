"""The languages of a shop's pages: whoever changes its own finds every text in its place."""

from __future__ import annotations

from django.utils import timezone

from merchants.languages import choose_languages
from merchants.look_languages import turned
from merchants.looks import brand_of, draft_of, mark, save_draft
from merchants.models import AuditEntry, Brand, Merchant
from merchants.scope import merchant_scope
from tests import factories


def test_own_language_is_among_those_that_are_spoken(merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        user = factories.user(merchant)
        choose_languages(merchant=merchant, by=user, languages=["en", "fr"], own="ar")
        entry = AuditEntry.objects.get()
    merchant.refresh_from_db()
    assert (merchant.languages, merchant.default_language) == (["ar", "en", "fr"], "ar")
    assert (entry.action, entry.detail["own"]) == ("languages.changed", ["en", "ar"])


def test_none_chosen_are_all(merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        user = factories.user(merchant)
        choose_languages(merchant=merchant, by=user, languages=[], own="fr")
    merchant.refresh_from_db()
    assert (merchant.languages, merchant.default_language) == ([], "fr")


def test_what_is_said_again_changes_nothing(merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        user = factories.user(merchant)
        for _ in range(2):
            choose_languages(merchant=merchant, by=user, languages=["fr"], own="fr")
        assert AuditEntry.objects.count() == 1


def test_texts_go_to_their_places() -> None:
    back = "الإرجاع"
    look = Brand(
        tagline="Made slowly", notice="", translations={"ar": {"tagline": "صُنع على مهل"}},
        footer_links=[{"label": "Returns", "url": "https://x.example/", "labels": {"ar": back}}],
    )  # fmt: skip
    found = turned(look, before="en", after="ar")
    assert (found["tagline"], found["notice"]) == ("صُنع على مهل", "")
    assert found["translations"] == {"en": {"tagline": "Made slowly"}}
    assert found["footer_links"] == [
        {"label": back, "url": "https://x.example/", "labels": {"en": "Returns"}}
    ]


def test_what_is_missing_in_the_new_language_still_stands_in() -> None:
    found = turned(Brand(tagline="Made slowly"), before="en", after="fr")
    assert (found["tagline"], found["translations"]) == (
        "Made slowly", {"en": {"tagline": "Made slowly"}},
    )  # fmt: skip


def test_draft_follows_with_what_is_published(merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        user, brand = factories.user(merchant), brand_of(merchant)
        values = {"tagline": "Soon", "translations": {"ar": {"tagline": "قريبًا"}}}
        save_draft(
            merchant=merchant, by=user, values=values, seen=mark(draft_of(merchant), brand),
            now=timezone.now(),
        )  # fmt: skip
        choose_languages(merchant=merchant, by=user, languages=["en"], own="ar")
        draft = draft_of(merchant)
    assert (draft.tagline, draft.translations) == ("قريبًا", {"en": {"tagline": "Soon"}})
