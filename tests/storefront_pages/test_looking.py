"""Which requests say that somebody saw the page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client, RequestFactory
from django.utils import timezone

from lib import near_limits
from merchants.models import Domain, Merchant
from merchants.scope import merchant_scope
from notifications import looks
from notifications.models import PageView
from notifications.tasks import write_looks
from storefront_pages.beacon import A_LINK
from storefront_pages.looking import device_of
from tests import factories
from tracking.links import link_for, page_path
from tracking.models import Link, Order, Recipient

PHONE = (
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36"
)
COMPUTER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36"


@pytest.fixture(autouse=True)
def nobody_looked() -> Iterator[None]:
    looks.forget()
    near_limits.forget()
    yield
    looks.forget()
    near_limits.forget()


@pytest.fixture
def order(merchant: Merchant) -> Order:
    with merchant_scope(merchant.pk):
        return factories.shipment(merchant).order


@pytest.fixture
def path(merchant: Merchant, order: Order) -> str:
    with merchant_scope(merchant.pk):
        link = link_for(order=order, recipient=Recipient.objects.get(order=order))
        return page_path(link, merchant=merchant)


def proofs(merchant: Merchant) -> list[tuple[str, str]]:
    looks.hand_over()
    write_looks()
    with merchant_scope(merchant.pk):
        return list(PageView.objects.order_by("pk").values_list("proof", "device"))


def test_fetch_is_a_fetch(client: Client, merchant: Merchant, path: str) -> None:
    client.get(path, headers={"User-Agent": PHONE})
    assert proofs(merchant) == [("", "phone")]


def test_beacon_proves_it(client: Client, merchant: Merchant, path: str) -> None:
    client.get(path, headers={"User-Agent": COMPUTER})
    answer = client.post(f"{path}seen/", headers={"User-Agent": COMPUTER})
    assert (answer.status_code, answer.headers["Referrer-Policy"]) == (204, "no-referrer")
    assert proofs(merchant) == [("beacon", "computer")]
    with merchant_scope(merchant.pk):
        assert PageView.objects.get().recipient_id == Recipient.objects.get().pk


def test_open_page_says_whether_somebody_is_there(
    client: Client, merchant: Merchant, path: str
) -> None:
    client.get(path, headers={"X-Looking": "0"})
    assert proofs(merchant) == []
    client.get(path, headers={"X-Looking": "1"})
    assert proofs(merchant) == [("beacon", "")]


def test_unchanged_page_was_seen_all_the_same(
    client: Client, merchant: Merchant, path: str
) -> None:
    etag = client.get(path, headers={"X-Looking": "0"}).headers["ETag"]
    again = client.get(path, headers={"If-None-Match": etag, "X-Looking": "1"})
    assert (again.status_code, proofs(merchant)) == (304, [("beacon", "")])


def test_posted_form_is_a_look_without_any_script(
    client: Client, merchant: Merchant, path: str
) -> None:
    client.post(f"{path}case/", {"kind": "concern", "text": "Please ring twice."})
    assert proofs(merchant) == [("deed", "")]


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Purpose": "prefetch;prerender"},
        {"Purpose": "preview"},
        {"X-Moz": "prefetch"},
        {"User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"},
        {"User-Agent": "WhatsApp/2.24.1 A"},
        {"User-Agent": "facebookexternalhit/1.1"},
        {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) HeadlessChrome/130.0 Safari/537.36"},
    ],
)
def test_programs_and_prefetches_never_count(
    client: Client, merchant: Merchant, path: str, headers: dict[str, str]
) -> None:
    client.get(path, headers=headers)
    assert client.post(f"{path}seen/", headers=headers).status_code == 202
    assert proofs(merchant) == []


def test_another_sites_post_is_not_kept(client: Client, merchant: Merchant, path: str) -> None:
    answer = client.post(f"{path}seen/", headers={"Sec-Fetch-Site": "cross-site"})
    assert (answer.status_code, proofs(merchant)) == (202, [])


def test_own_team_is_no_shopper(client: Client, merchant: Merchant, path: str) -> None:
    client.force_login(factories.user(merchant))
    client.get(path)
    assert (client.post(f"{path}seen/").status_code, proofs(merchant)) == (202, [])


def test_member_of_another_shop_is_one(
    client: Client, merchant: Merchant, other: Merchant, path: str
) -> None:
    client.force_login(factories.user(other, email="x@other.example"))
    assert client.post(f"{path}seen/").status_code == 204
    assert proofs(merchant) == [("beacon", "")]


def test_dead_or_foreign_link_is_nobodys(
    client: Client, merchant: Merchant, other: Merchant, path: str
) -> None:
    assert client.post(f"{path.replace('/noor/', '/other/')}seen/").status_code == 404
    Link.objects.update(revoked_at=timezone.now())
    assert client.post(f"{path}seen/").status_code == 404
    assert proofs(merchant) == []


def test_too_many_beacons_are_refused(client: Client, path: str) -> None:
    codes = [client.post(f"{path}seen/").status_code for _ in range(A_LINK[0] + 1)]
    assert (codes[0], codes[-2], codes[-1]) == (204, 204, 429)


def test_beacon_works_on_the_shops_own_domain(
    client: Client, merchant: Merchant, path: str
) -> None:
    Domain.objects.create(host="track.noor.example", merchant=merchant, verified_at=timezone.now())
    own = path.removeprefix("/p/noor")
    answer = client.post(f"{own}seen/", headers={"host": "track.noor.example"})
    assert (answer.status_code, proofs(merchant)) == (204, [("beacon", "")])


def test_beacon_costs_one_query(client: Client, path: str, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        client.post(f"{path}seen/")


@pytest.mark.parametrize(
    ("name", "device"),
    [
        (PHONE, "phone"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Mobile/15E148", "phone"),
        ("Mozilla/5.0 (iPad; CPU OS 18_0 like Mac OS X) Version/18.0", "tablet"),
        ("Mozilla/5.0 (Linux; Android 14; SM-X710) Safari/537.36", "tablet"),
        (COMPUTER, "computer"),
        ("", ""),
    ],
)
def test_only_the_kind_of_device_is_kept(name: str, device: str, rf: RequestFactory) -> None:
    assert device_of(rf.get("/", headers={"User-Agent": name})) == device
