"""A merchant's own domain: the two pages and nothing else; unknown hosts are refused."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from pytest_django import Settings

from merchants.models import Domain, Merchant
from merchants.scope import merchant_scope
from tests.factories import NOW
from tests.storefront_pages import scenes
from tracking.models import Link

MIDDLEWARE = "storefront_pages.domains.MerchantDomains"
HOST = "track.noor.example"


@pytest.fixture(autouse=True)
def strict(settings: Settings, merchant: Merchant) -> None:
    """As in production: every host passes Django, only ours pass the middleware."""
    settings.ALLOWED_HOSTS = ["*"]
    settings.BASE_HOST = "homeward.example"
    settings.OUR_HOSTS = ["homeward.example"]
    if MIDDLEWARE not in settings.MIDDLEWARE:
        settings.MIDDLEWARE = [MIDDLEWARE, *settings.MIDDLEWARE]
    Domain.objects.create(host=HOST, merchant=merchant, verified_at=NOW)


def test_own_domain_has_the_lookup_at_its_root(client: Client) -> None:
    page = client.get("/", headers={"Host": HOST}).content.decode()
    assert re.findall(r"<h1>(.*?)</h1>", page) == ["Where is my order?"]
    assert re.findall(r'<form method="post" action="([^"]+)"', page) == ["/"]
    assert re.findall(r'rel="stylesheet" href="(/style/)', page) == ["/style/"]


def test_own_domain_opens_the_page_and_its_sheet(client: Client, merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        order = scenes.out(merchant)
    data = {"number": order.number, "proof": "88417"}
    found = client.post("/", data, headers={"Host": f"{HOST}:443"})
    assert found.headers["Location"] == f"/t/{Link.objects.get(order_id=order.pk).token}/"
    page = client.get(found.headers["Location"], headers={"Host": HOST})
    assert page.status_code == 200
    sheet = re.findall(r'rel="stylesheet" href="([^"]+)"', page.content.decode())[0]
    assert client.get(sheet, headers={"Host": HOST}).status_code == 200


@pytest.mark.parametrize(
    "path",
    ["/app/", "/p/noor/", "/desk/", "/api/v1/orders/", "/hooks/store/shopify/x/", "/healthz"],
)
def test_own_domain_has_nothing_else(client: Client, path: str) -> None:
    assert client.get(path, headers={"Host": HOST}).status_code == 404


def test_own_domain_does_not_open_another_shops_page(client: Client, other: Merchant) -> None:
    with merchant_scope(other.pk):
        path = scenes.path(other, scenes.out(other)).removeprefix("/p/other")
    assert client.get(path, headers={"Host": HOST}).status_code == 404


def test_unverified_domain_is_refused(client: Client) -> None:
    Domain.objects.update(verified_at=None)
    assert client.get("/", headers={"Host": HOST}).status_code == 421


@pytest.mark.parametrize("host", ["evil.example", "homeward.example.evil.example", "", "x y"])
def test_unknown_host_is_refused(client: Client, host: str) -> None:
    assert client.get("/p/noor/", headers={"Host": host}).status_code == 421


def test_our_own_host_serves_everything(client: Client) -> None:
    assert client.get("/p/noor/", headers={"Host": "homeward.example:8000"}).status_code == 200


def test_removed_domain_leads_on_to_our_address(client: Client, settings: Settings) -> None:
    settings.BASE_URL = "https://homeward.example"
    Domain.objects.update(removed_at=NOW)
    ours = "https://homeward.example/p/noor"
    answer = client.get("/t/some-token/?lang=ar", headers={"Host": HOST})
    assert (answer.status_code, answer.headers["Location"]) == (
        302,
        f"{ours}/t/some-token/?lang=ar",
    )
    astray = client.get("/", headers={"Host": HOST}, PATH_INFO="//evil.example/")
    assert astray.headers["Location"] == f"{ours}/evil.example/"


def test_claim_that_nobody_proved_is_refused_beside_the_proven_one(
    client: Client, other: Merchant
) -> None:
    Domain.objects.create(host=HOST, merchant=other)
    assert client.get("/", headers={"Host": HOST}).status_code == 200
