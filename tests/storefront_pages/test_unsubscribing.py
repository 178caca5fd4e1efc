"""One click, no questions: and a page for who would rather be asked."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.test.client import MULTIPART_CONTENT
from django.utils import timezone

from merchants.models import Domain, Merchant
from merchants.scope import merchant_scope
from notifications.consent import choose, preference_of
from notifications.deliver import deliver_channel
from notifications.models import Preference
from storefront_pages.unsubscribing import POSTS_A_LINK
from tests.storefront_pages.test_preferences import parcel, path, phones, told
from tracking.models import Recipient, Shipment

__all__ = ("parcel", "path", "phones")

CLICK = {"List-Unsubscribe": "One-Click"}


def state(merchant: Merchant) -> tuple[list[str], list[int], bool] | None:
    with merchant_scope(merchant.pk):
        row = Preference.objects.first()
        return (row.channels, row.muted_orders, row.is_muted) if row else None


def test_one_click_unsubscribes_from_mail_alone(
    client: Client, merchant: Merchant, parcel: Shipment, path: str
) -> None:
    answer = client.post(f"{path}unsubscribe/", {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 204
    assert told(merchant, parcel) == {
        "email": ("skipped", "en"),
        "whatsapp": ("waiting", "en"),
    }


def test_click_may_come_as_a_form_with_parts_and_needs_no_cookie(
    merchant: Merchant, path: str
) -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(f"{path}unsubscribe/", CLICK, content_type=MULTIPART_CONTENT)
    assert (answer.status_code, answer.cookies) == (204, {})
    assert state(merchant) == (["sms", "webpush", "whatsapp"], [], False)


def test_second_click_changes_nothing(client: Client, merchant: Merchant, path: str) -> None:
    for _ in range(2):
        client.post(f"{path}unsubscribe/", CLICK)
    assert state(merchant) == (["sms", "webpush", "whatsapp"], [], False)


def test_what_was_chosen_before_stays(client: Client, merchant: Merchant, path: str) -> None:
    with merchant_scope(merchant.pk):
        choose(
            recipient=Recipient.objects.get(), channels=["email", "sms"], language="ar",
            is_muted=False, now=timezone.now(), muted_topics=["feedback"], muted_orders=[7],
        )  # fmt: skip
    client.post(f"{path}unsubscribe/", CLICK)
    with merchant_scope(merchant.pk):
        row = preference_of(Recipient.objects.get())
    assert row is not None
    assert (row.channels, row.language, row.muted_topics, row.muted_orders) == (
        ["sms"], "ar", ["feedback"], [7],
    )  # fmt: skip


def test_opening_the_address_changes_nothing(client: Client, merchant: Merchant, path: str) -> None:
    page = client.get(f"{path}unsubscribe/")
    assert (page.status_code, state(merchant)) == (200, None)
    assert "No more e-mails from Noor Home" in page.content.decode()
    assert f'href="{path}preferences/"' in page.content.decode()


def test_person_says_no_to_the_shop_and_yes_again(
    client: Client, merchant: Merchant, path: str
) -> None:
    address = f"{path}unsubscribe/"
    answer = client.post(address, {"do": "shop"})
    assert (answer.status_code, answer["Location"]) == (303, address)
    assert "writes you no more e-mails" in client.get(address).content.decode()
    client.post(address, {"do": "shop_back"})
    assert state(merchant) == (["email", "sms", "webpush", "whatsapp"], [], False)


def test_person_says_no_to_one_order_and_yes_again(
    client: Client, merchant: Merchant, parcel: Shipment, path: str
) -> None:
    address = f"{path}unsubscribe/"
    client.post(address, {"do": "order"})
    assert state(merchant) == (["email", "sms", "webpush", "whatsapp"], [parcel.order_id], False)
    assert "You hear no more about order" in client.get(address).content.decode()
    client.post(address, {"do": "order_back"})
    assert state(merchant) == (["email", "sms", "webpush", "whatsapp"], [], False)


def test_yes_again_ends_a_silence_too(client: Client, merchant: Merchant, path: str) -> None:
    client.post(f"{path}preferences/", {"mute": "on", "language": "en"})
    client.post(f"{path}unsubscribe/", {"do": "shop_back"})
    assert state(merchant) == (["email"], [], False)


def test_another_shop_is_not_bound_by_it(
    client: Client, merchant: Merchant, other: Merchant, path: str
) -> None:
    client.post(f"{path}unsubscribe/", CLICK)
    assert state(other) is None


def test_it_works_on_the_shops_own_domain(client: Client, merchant: Merchant, path: str) -> None:
    Domain.objects.create(host="track.noor.example", merchant=merchant, verified_at=timezone.now())
    own = path.removeprefix("/p/noor")
    headers = {"host": "track.noor.example"}
    assert client.post(f"{own}unsubscribe/", CLICK, headers=headers).status_code == 204
    page = client.get(f"{own}unsubscribe/", headers=headers).content.decode()
    assert f'href="{own}preferences/"' in page


def test_too_many_posts_are_refused_and_told_when_to_come_back(client: Client, path: str) -> None:
    answers = [client.post(f"{path}unsubscribe/", CLICK) for _ in range(POSTS_A_LINK[0] + 1)]
    assert (answers[0].status_code, answers[-1].status_code) == (204, 429)
    assert answers[-1].headers["Retry-After"].isdecimal()
    assert "Too many tries" in answers[-1].content.decode()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_page_speaks_the_shoppers_language(client: Client, path: str, language: str) -> None:
    page = client.get(f"{path}unsubscribe/?lang={language}")
    assert page.headers["Content-Language"] == language


def test_mail_names_both_ways_out(
    merchant: Merchant, parcel: Shipment, path: str, settings: Any
) -> None:
    told(merchant, parcel)
    deliver_channel("email", clock=timezone.now, limit=100)
    [sent] = mail.outbox
    assert sent.extra_headers["List-Unsubscribe"] == f"<{settings.BASE_URL}{path}unsubscribe/>"
    assert sent.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert f"{settings.BASE_URL}{path}preferences/" in sent.body
