"""The look-up: it opens for a proof, and tells nothing to anybody else."""

from __future__ import annotations

import re
import time
from types import SimpleNamespace

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from merchants.models import Merchant
from merchants.scope import merchant_scope
from storefront_pages import lookup, lookup_form
from tests.storefront_pages import scenes
from tracking.models import Link, Order, Recipient


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
    answers, calls = [], []
    client.get("/p/noor/")  # what the shop shows beside the form is read once a process
    for number in ("1001", "1002"):
        with CaptureQueriesContext(connection) as captured:
            answers.append(client.post("/p/noor/", {"number": number, "proof": "no@no.example"}))
        statements = [query["sql"].replace(number, "N") for query in captured]
        calls.append([re.sub(r'"s\d+_x\d+"', "a savepoint", one) for one in statements])
    known, unknown = answers
    assert known.status_code == unknown.status_code == 422
    # The one difference is drawn by lot for every answer.
    assert known.headers.pop("X-Request-ID") != unknown.headers.pop("X-Request-ID")
    assert dict(known.headers) == dict(unknown.headers)
    assert known.content.replace(b"1001", b"1002") == unknown.content
    assert calls[0] == calls[1]
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
    most = lookup_form.TRIES_AN_ADDRESS[0]
    statuses = [
        client.post("/p/noor/", {"number": str(n), "proof": "a@b.example"}).status_code
        for n in range(most + 1)
    ]
    assert statuses == [422] * most + [429]


def test_one_number_is_limited_whoever_asks(client: Client, order: Order) -> None:
    most = lookup_form.TRIES_A_NUMBER[0]
    data = {"number": "1001", "proof": "a@b.example"}
    statuses = [
        client.post("/p/noor/", data, REMOTE_ADDR=f"192.0.2.{n}").status_code
        for n in range(most + 1)
    ]
    assert statuses == [422] * most + [429]


def test_one_shop_is_limited_whoever_asks_for_what(
    client: Client, order: Order, other: Merchant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lookup_form, "TRIES_A_SHOP", (3, 600))
    statuses = [
        client.post(
            "/p/noor/", {"number": str(n), "proof": "a@b.example"}, REMOTE_ADDR=f"192.0.2.{n}"
        ).status_code
        for n in range(4)
    ]
    assert statuses == [422] * 3 + [429]
    elsewhere = client.post("/p/other/", {"number": "1", "proof": "a@b.example"})
    assert elsewhere.status_code == 422


def test_limit_says_when_to_come_back(client: Client, order: Order) -> None:
    for n in range(lookup_form.TRIES_AN_ADDRESS[0]):
        client.post("/p/noor/", {"number": str(n), "proof": "a@b.example"})
    right = {"number": "1001", "proof": "sara.hidden@shopper.example"}
    response = client.post("/p/noor/", right)
    assert response.status_code == 429
    assert 0 < int(response.headers["Retry-After"]) <= lookup_form.TRIES_AN_ADDRESS[1]
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


def test_no_refusal_comes_sooner_than_another(
    client: Client, order: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []
    # Of this thread alone: others may sleep meanwhile.
    clock = SimpleNamespace(sleep=waits.append, monotonic=time.monotonic)
    monkeypatch.setattr(lookup, "time", clock)
    for number in ("1001", "1002"):
        client.post("/p/noor/", {"number": number, "proof": "no@no.example"})
    client.post("/p/noor/", {"number": "1001", "proof": "88417"})
    assert len(waits) == 2


def test_present_that_is_found_by_its_postcode_is_shown_as_to_its_receiver(
    client: Client, merchant: Merchant
) -> None:
    with merchant_scope(merchant.pk):
        made = scenes.order(merchant, number="#5", is_gift=True)
        Recipient.objects.create(merchant=merchant, order=made, role="receiver", name="Layla")
    by_postcode = client.post("/p/noor/", {"number": "5", "proof": "88417"}, follow=True)
    by_email = client.post(
        "/p/noor/", {"number": "5", "proof": "sara.hidden@shopper.example"}, follow=True
    )
    shown = ["Brass lamp" in page.content.decode() for page in (by_postcode, by_email)]
    assert shown == [False, True]


# --- a number alone ---------------------------------------------------------------------------


@pytest.fixture
def by_number(merchant: Merchant) -> None:
    Merchant.objects.filter(pk=merchant.pk).update(shows_by_number=True)


def test_number_alone_shows_nothing_unless_the_shop_wants_it(client: Client, order: Order) -> None:
    response = client.post("/p/noor/", {"number": "1001", "proof": ""})
    assert (response.status_code, "Dubai" in response.content.decode()) == (422, False)


@pytest.mark.parametrize("number", ["1001", "١٠٠١", "SM 12345678"])
def test_number_alone_shows_status_and_city(
    client: Client, order: Order, by_number: None, number: str
) -> None:
    response = client.post("/p/noor/", {"number": number, "proof": ""})
    page = response.content.decode()
    assert (response.status_code, response.headers["Cache-Control"]) == (200, "no-store")
    assert re.findall(r"answer__order.*? · (.*?)</p>", page) == ["Dubai"]
    assert re.findall(r'pill--(\w+)"', page) == ["pending"]
    hidden = ["Sara", "Brass lamp", "Villa", "/t/", "88417", "hidden@"]
    assert [word for word in hidden if word in page] == []
    assert Link.objects.count() == 0


def test_wrong_proof_shows_no_more_than_an_unknown_number_though_numbers_are_open(
    client: Client, order: Order, by_number: None
) -> None:
    pages = [
        client.post("/p/noor/", {"number": number, "proof": "no@no.example"})
        for number in ("1001", "1002")
    ]
    assert [page.status_code for page in pages] == [422, 422]
    assert pages[0].content.replace(b"1001", b"1002") == pages[1].content


def test_numbers_alone_are_limited_as_well(client: Client, order: Order, by_number: None) -> None:
    most = lookup_form.TRIES_AN_ADDRESS[0]
    statuses = [
        client.post("/p/noor/", {"number": str(n), "proof": ""}).status_code
        for n in range(most + 1)
    ]
    assert statuses == [422] * most + [429]


def test_form_and_answers_are_private_and_hidden_from_search(client: Client, order: Order) -> None:
    for response in (
        client.get("/p/noor/"),
        client.post("/p/noor/", {"number": "1001", "proof": "no@no.example"}),
    ):
        assert response.headers["X-Robots-Tag"] == "noindex, nofollow"
        assert response.headers["Referrer-Policy"] == "no-referrer"


def test_counters_are_named_by_nothing_of_anybody(client: Client, order: Order) -> None:
    client.post("/p/noor/", {"number": "1001", "proof": "sara.hidden@shopper.example"})
    keys = [key.decode() for key in cache._cache.get_client().scan_iter("*lookup*")]  # type: ignore[attr-defined]
    assert len(keys) == 3
    assert [key for key in keys if "1001" in key or "sara" in key] == []
