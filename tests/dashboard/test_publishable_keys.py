"""Keys for the shop's own pages, from the dashboard."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from edd.models import QuoteCount
from merchants import publishable
from merchants.models import AuditEntry, Merchant, PublishableKey, Role
from merchants.scope import merchant_scope
from tests.dashboard.conftest import SignIn

KEYS = "/app/noor/settings/keys/"
NEW = KEYS + "pages/"


@pytest.fixture
def admin(sign_in: SignIn) -> Client:
    return sign_in(Role.ADMIN)


def make(client: Client, origins: str = "https://noor.example") -> PublishableKey:
    response = client.post(NEW, {"origins": origins, "fallback": "usual"})
    key = PublishableKey.objects.latest("pk")
    assert (response.status_code, response.headers["Location"]) == (303, f"{NEW}{key.pk}/")
    return key


def actions(merchant: Merchant) -> list[str]:
    with merchant_scope(merchant.pk):
        return list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))


def test_key_is_made_listed_and_shown_with_lines_to_copy(merchant: Merchant, admin: Client) -> None:
    key = make(admin, "Noor.example/cart\nhttp://localhost:3000")
    assert key.origins == ["https://noor.example", "http://localhost:3000"]
    assert publishable.find(key.key) == key
    assert f'href="{NEW}{key.pk}/"' in admin.get(KEYS).content.decode()
    page = admin.get(f"{NEW}{key.pk}/").context
    assert page["address"].endswith(f"/w/{key.key}/estimate?country=AE")
    assert page["embed_url"] == "/app/noor/settings/embed/"
    assert actions(merchant) == ["publishable.created"]


def test_shops_own_address_is_filled_in(merchant: Merchant, admin: Client) -> None:
    Merchant.objects.filter(pk=merchant.pk).update(store_url="https://shop.noor.example/en")
    (origins, fallback) = admin.get(NEW).context["fields"]
    assert (origins["value"], origins["type"]) == ("https://shop.noor.example", "textarea")
    assert [one["value"] for one in fallback["options"]] == ["usual", "nothing"]


@pytest.mark.parametrize("origins", ["", "*", "https://*.noor.example", "ftp://noor.example"])
def test_wrong_origins_are_refused(merchant: Merchant, admin: Client, origins: str) -> None:
    response = admin.post(NEW, {"origins": origins, "fallback": "usual"})
    assert (response.status_code, PublishableKey.objects.count()) == (400, 0)


def test_too_many_origins_are_refused(merchant: Merchant, admin: Client) -> None:
    origins = " ".join(f"shop{n}.example" for n in range(21))
    assert admin.post(NEW, {"origins": origins, "fallback": "usual"}).status_code == 400


def test_key_is_limited_switched_and_revoked(merchant: Merchant, admin: Client) -> None:
    key = make(admin)
    admin.post(f"{NEW}{key.pk}/", {"origins": "https://b.example", "fallback": "nothing"})
    key.refresh_from_db()
    assert (key.origins, key.fallback, key.is_on) == (["https://b.example"], "nothing", False)
    for _ in range(2):
        admin.post(f"{NEW}{key.pk}/revoke/")
    admin.post(f"{NEW}{key.pk}/", {"origins": "https://c.example", "fallback": "usual"})
    key.refresh_from_db()
    assert (key.origins, key.revoked_at is not None) == (["https://b.example"], True)
    assert actions(merchant) == [
        "publishable.created", "publishable.changed", "publishable.revoked",
    ]  # fmt: skip
    assert admin.get(f"{NEW}{key.pk}/").status_code == 200


def test_replaced_key_works_beside_the_new_one(merchant: Merchant, admin: Client) -> None:
    old = make(admin)
    admin.post(f"{NEW}{old.pk}/replace/")
    new = PublishableKey.objects.latest("pk")
    assert new.origins == old.origins
    assert [publishable.find(one.key) for one in (old, new)] == [old, new]


def test_page_says_how_often_dates_were_told(merchant: Merchant, admin: Client) -> None:
    key = make(admin)
    with merchant_scope(merchant.pk):
        QuoteCount.objects.create(
            merchant=merchant, day=timezone.now().date(), country="AE", level=90,
            promised_last=timezone.now().date(), source="engine", quotes=1_234,
            batch="00000000-0000-0000-0000-000000000000",
        )  # fmt: skip
    sentence = admin.get(f"{NEW}{key.pk}/").context["sentence"]
    assert sentence == "Your pages were told 1,234 dates in the last 30 days."


def test_agent_may_not(sign_in: SignIn) -> None:
    assert sign_in(Role.AGENT).get(NEW).status_code == 403
