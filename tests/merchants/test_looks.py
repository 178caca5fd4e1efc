"""What goes live at once, beside a draft that somebody still works on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from merchants.founding import Founding, change_merchant
from merchants.looks import draft_of, mark, publish, publish_at_once, save_draft
from merchants.models import AuditEntry, Brand, BrandDraft, Merchant, User
from merchants.scope import merchant_scope
from tests import factories
from tests.factories import NOW

PICTURE = {"logo": b"new picture", "logo_type": "image/png"}


@pytest.fixture(autouse=True)
def scope(merchant: Merchant) -> Iterator[None]:
    with merchant_scope(merchant.pk):
        yield


@pytest.fixture
def colleague(merchant: Merchant) -> User:
    return factories.user(merchant)


def draft(merchant: Merchant, by: User, **values: Any) -> BrandDraft:
    seen = mark(draft_of(merchant), Brand.objects.get())
    return save_draft(merchant=merchant, by=by, values=values, seen=seen, now=NOW).draft


def live() -> tuple[str, str, int]:
    brand = Brand.objects.get()
    return brand.accent, brand.tagline, brand.version


def test_only_the_changed_columns_go_live(merchant: Merchant, colleague: User) -> None:
    kept = draft(merchant, colleague, tagline="Not ready", accent="#111111")
    _, tagline, version = live()
    found = publish_at_once(
        merchant=merchant, by=colleague, values={"accent": "#0a5c4a", "tagline": tagline}
    )
    assert [(one.field, one.after) for one in found] == [("accent", "#0a5c4a")]
    assert live() == ("#0a5c4a", tagline, version + 1)
    left = BrandDraft.objects.get()
    assert (left.tagline, left.accent, left.version) == ("Not ready", "#0a5c4a", kept.version + 1)


def test_draft_that_says_the_same_is_done(merchant: Merchant, colleague: User) -> None:
    draft(merchant, colleague, accent="#0a5c4a")
    publish_at_once(merchant=merchant, by=colleague, values={"accent": "#0a5c4a"})
    assert BrandDraft.objects.count() == 0


def test_logo_comes_with_its_type_and_draft_keeps_neither_old_one(
    merchant: Merchant, colleague: User
) -> None:
    Brand.objects.update(logo=b"old picture", logo_type="image/png")
    draft(merchant, colleague, tagline="Not ready")
    publish_at_once(merchant=merchant, by=colleague, values=PICTURE)
    for row in (Brand.objects.get(), BrandDraft.objects.get()):
        assert (bytes(row.logo or b""), row.logo_type) == (b"new picture", "image/png")


def test_same_again_changes_nothing(merchant: Merchant, colleague: User) -> None:
    publish_at_once(merchant=merchant, by=colleague, values=PICTURE)
    before = live(), AuditEntry.objects.count()
    assert publish_at_once(merchant=merchant, by=colleague, values=PICTURE) == []
    assert (live(), AuditEntry.objects.count()) == before


def test_old_draft_does_not_bring_back_old_contacts(merchant: Merchant, colleague: User) -> None:
    draft(merchant, colleague, tagline="Ready")
    said = Founding(
        name="Noor & Daughters", slug="noor", country="AE", zone="Asia/Dubai", currency="AED",
        languages=("en",), default_language="en", support_email="new@noor.example",
        support_phone="+97145550199",
    )  # fmt: skip
    change_merchant(merchant=merchant, by=colleague, said=said)
    assert publish_draft(merchant, colleague) == ["tagline"]
    shop = Merchant.objects.get(pk=merchant.pk)
    assert (shop.name, shop.support_email, shop.support_phone) == (
        "Noor & Daughters", "new@noor.example", "+97145550199",
    )  # fmt: skip


def publish_draft(merchant: Merchant, by: User) -> list[str]:
    seen = mark(draft_of(merchant), Brand.objects.get())
    return [one.field for one in publish(merchant=merchant, by=by, seen=seen)]
