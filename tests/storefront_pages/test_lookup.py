"""The look-up: it opens for a proof, and tells nothing to anybody else."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from merchants.models import Merchant
from merchants.scope import merchant_scope
from storefront_pages import views
from tests.storefront_pages import scenes
from tracking.models import Link, Order


@pytest.fixture
def order(merchant: Merchant) -> Order:
    with merchant_scope(merchant.pk):
        made = scenes.order(merchant, number="#1001")
        scenes.parcel(merchant, of=made, tracking_number="SM 12345678")
        return made


@pytest.mark.parametrize("number", ["#1001", "1001", " ١٠٠١ ", "۱۰۰۱", "sm12345678"])
@pytest.mark.parametrize(
    "proof",
    [
        "Sara.Hidden@Shopper.example ",
        "+971 50 765 4321",
        "0507654321",
        "00971507654321",
        "٠٥٠٧٦٥٤٣٢١",
        "88417",
    ],
)
def test_right_proof_leads_to_the_page(
    client: Client, order: Order, number: str, proof: str
) -> None:
    response = client.post("/p/noor/", {"number": number, "proof": proof})
    token = Link.objects.get(order_id=order.pk).token
    assert (response.status_code, response.headers["Location"]) == (303, f"/p/noor/t/{token}/")


@pytest.mark.parametrize("proof", ["4321", "654321", "0", "@", "sara", "8841", "other@x.example"])
def test_part_of_a_proof_proves_nothing(client: Client, order: Order, proof: str) -> None:
    assert client.post("/p/noor/", {"number": "1001", "proof": proof}).status_code == 422


def test_order_without_postcode_and_phone_is_not_opened_by_nothing(
    client: Client, merchant: Merchant
) -> None:
    with merchant_scope(merchant.pk):
        scenes.order(merchant, number="7", postcode="", customer_phone="", customer_email="")
    for proof in ("-", "0000000", "+", "."):
        assert client.post("/p/noor/", {"number": "7", "proof": proof}).status_code == 422


def test_another_shops_order_is_not_found(client: Client, order: Order, other: Merchant) -> None:
    data = {"number": "1001", "proof": "sara.hidden@shopper.example"}
    assert client.post("/p/other/", data).status_code == 422


def test_unknown_number_and_wrong_proof_are_indistinguishable(client: Client, order: Order) -> None:
    answers, counts = [], []
    client.get("/p/noor/")  # what the shop shows beside the form is read once a process
    for number in ("1001", "1002"):
        with CaptureQueriesContext(connection) as captured:
            answers.append(client.post("/p/noor/", {"number": number, "proof": "no@no.example"}))
        counts.append(len(captured))
    known, unknown = answers
    assert known.status_code == unknown.status_code == 422
    # The one difference is drawn by lot for every answer.
    assert known.headers.pop("X-Request-ID") != unknown.headers.pop("X-Request-ID")
    assert dict(known.headers) == dict(unknown.headers)
    assert known.content.replace(b"1001", b"1002") == unknown.content
    assert counts[0] == counts[1]
    assert Link.objects.count() == 0


def test_wrong_proof_answers_in_one_calm_sentence(client: Client, order: Order) -> None:
    page = client.post("/p/noor/", {"number": "1001", "proof": "no@no.example"}).content.decode()
    assert re.findall(r'role="alert">.*?<p>(.*?)</p>', page, re.DOTALL) == [
        "We found no order with these details. Please check the number, and use the e-mail, "
        "phone number or postcode you ordered with."
    ]


def test_missing_fields_are_named(client: Client, order: Order) -> None:
    response = client.post("/p/noor/", {"number": "#", "proof": ""})
    found = re.findall(r'class="field__error" id="(.*?)"', response.content.decode())
    assert (response.status_code, found) == (422, ["f-number-error", "f-proof-error"])


def test_one_address_is_limited(client: Client, merchant: Merchant, order: Order) -> None:
    most = views.TRIES_AN_ADDRESS[0]
    statuses = [
        client.post("/p/noor/", {"number": str(n), "proof": "a@b.example"}).status_code
        for n in range(most + 1)
    ]
    assert statuses == [422] * most + [429]


def test_one_number_is_limited_whoever_asks(client: Client, order: Order) -> None:
    most = views.TRIES_A_NUMBER[0]
    data = {"number": "1001", "proof": "a@b.example"}
    statuses = [
        client.post("/p/noor/", data, REMOTE_ADDR=f"192.0.2.{n}").status_code
        for n in range(most + 1)
    ]
    assert statuses == [422] * most + [429]


def test_limit_says_when_to_come_back(client: Client, order: Order) -> None:
    for n in range(views.TRIES_AN_ADDRESS[0]):
        client.post("/p/noor/", {"number": str(n), "proof": "a@b.example"})
    right = {"number": "1001", "proof": "sara.hidden@shopper.example"}
    response = client.post("/p/noor/", right)
    assert response.status_code == 429
    assert 0 < int(response.headers["Retry-After"]) <= views.TRIES_AN_ADDRESS[1]
    assert re.findall(r'role="alert">.*?<p>(.*?)</p>', response.content.decode(), re.DOTALL) == [
        "Too many tries just now. Please try again in a few minutes."
    ]


def test_form_speaks_arabic(client: Client, merchant: Merchant) -> None:
    page = client.get("/p/noor/", headers={"Accept-Language": "ar"}).content.decode()
    assert page.count('<html lang="ar" dir="rtl">') == 1
    assert re.findall(r"<h1>(.*?)</h1>", page) == ["أين طلبي؟"]


def test_form_needs_no_cookie_and_keeps_nothing(merchant: Merchant, order: Order) -> None:
    strict = Client(enforce_csrf_checks=True)
    response = strict.post(
        "/p/noor/",
        {"number": "1001", "proof": "88417"},
        headers={"Origin": "null"},
    )
    assert (response.status_code, dict(response.cookies)) == (303, {})
    assert response.headers["Cache-Control"] == "no-store"
