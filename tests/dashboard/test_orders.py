"""The list of orders, the search, one order, and the home page's counts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from carriers.updates import NextLeg, TrackingUpdate
from dashboard.order_list import PAGE, read_cursor
from merchants.models import AuditEntry, Merchant, Role
from merchants.scope import merchant_scope
from tests import factories
from tests.dashboard.conftest import SignIn, scanned
from tracking.ingest import Heard, ingest
from tracking.models import Order, Shipment

#: Session, user and membership, scope, counts, orders, parcels, and the commits around them.
LIST_QUERIES = 9
#: … and the order with its parcels, scans, dates, contents, legs, watch, items, changes,
#: messages, refunds, consents, link, the codes read by hand, and the ledger read and written.
ORDER_QUERIES = 27


def numbers(client: Client, query: str = "") -> list[str]:
    return [row["number"] for row in client.get(f"/app/noor/orders/{query}").context["orders"]]


def many(merchant: Merchant, count: int) -> None:
    with merchant_scope(merchant.pk):
        for n in range(count):
            placed = timezone.now() - timedelta(minutes=n)
            factories.shipment(merchant, number=f"M{n:03}", placed_at=placed)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["1044", "1043", "1042"]),
        ("?view=attempts", ["1042"]),
        ("?view=shopper", ["1042"]),
        ("?view=unreadable", ["1043"]),
        ("?view=late", []),
        ("?status=delivered", ["1044"]),
        ("?status=delivered&carrier=smsa", []),
        ("?view=nonsense&status=nonsense&carrier=%27", ["1044", "1043", "1042"]),
    ],
)
def test_views_and_filters(
    shop: Merchant, sign_in: SignIn, query: str, expected: list[str]
) -> None:
    assert numbers(sign_in(Role.VIEWER), query) == expected


def test_likely_delay_is_listed_counted_and_explained(shop: Merchant, sign_in: SignIn) -> None:
    client = sign_in(Role.VIEWER)
    today = timezone.now().date()
    with merchant_scope(shop.pk):
        parcel = Shipment.objects.get(order__number="1043")
        Order.objects.filter(pk=parcel.order_id).update(promised_last=today, promised_first=today)
        Shipment.objects.filter(pk=parcel.pk).update(
            will_be_late=True, late_risk=62.0, carrier_first=today, carrier_last=today
        )
    assert numbers(client, "?view=likely") == ["1043"]
    assert "1 order will probably be late" in client.get("/app/noor/").content.decode()
    page = client.get(f"/app/noor/orders/{parcel.order_id}/").content.decode()
    assert ("1 probably late" in page, "will be missed: 62 %" in page) == (True, True)
    assert ("Your shop promised" in page, "The carrier says" in page) == (True, True)


def test_carrier_that_took_the_parcel_over_is_named(shop: Merchant, sign_in: SignIn) -> None:
    with merchant_scope(shop.pk):
        parcel = Shipment.objects.get(order__number="1042")
        update = TrackingUpdate(parcel.tracking_number, next_leg=NextLeg("SMSA", "290000000077"))
        ingest(heard=[Heard(parcel.pk, update)], source="poll", now=timezone.now())
    page = sign_in(Role.VIEWER).get(f"/app/noor/orders/{parcel.order_id}/").content.decode()
    assert ("Handed on" in page, "290000000077" in page) == (True, True)


@pytest.mark.parametrize("fragment", ["1042", "noura al", "qahtani", "1Z0000000000000001"])
def test_search_finds_by_any_fragment(shop: Merchant, sign_in: SignIn, fragment: str) -> None:
    response = sign_in(Role.VIEWER).post("/app/noor/orders/search/", {"q": fragment})
    assert [row["number"] for row in response.context["orders"]] == ["1042"]


def test_search_by_htmx_is_the_table_alone(shop: Merchant, sign_in: SignIn) -> None:
    response = sign_in(Role.VIEWER).post(
        "/app/noor/orders/search/", {"q": "noura"}, headers={"HX-Request": "true"}
    )
    assert next(one.name for one in response.templates) == "dashboard/_orders_table.html"


def test_emptied_search_shows_the_list_again(shop: Merchant, sign_in: SignIn) -> None:
    response = sign_in(Role.VIEWER).post("/app/noor/orders/search/", {"q": " \x00"})
    assert len(response.context["orders"]) == 3


def test_reloaded_search_leads_to_the_list(shop: Merchant, sign_in: SignIn) -> None:
    response = sign_in(Role.VIEWER).get("/app/noor/orders/search/")
    assert (response.status_code, response.headers["Location"]) == (303, "/app/noor/orders/")


@pytest.mark.parametrize("count", [1, 30])
def test_list_asks_the_same_at_one_and_at_thirty_rows(
    merchant: Merchant, sign_in: SignIn, count: int
) -> None:
    many(merchant, count)
    client = sign_in(Role.VIEWER)
    client.get("/app/noor/orders/")
    with CaptureQueriesContext(connection) as asked:
        assert len(numbers(client)) == count
    assert len(asked) == LIST_QUERIES, "\n".join(one["sql"][:120] for one in asked)


@pytest.mark.parametrize("count", [1, 12])
def test_order_asks_the_same_for_one_and_for_many_scans(
    merchant: Merchant, sign_in: SignIn, count: int
) -> None:
    with merchant_scope(merchant.pk):
        scans = [(40 - n, f"C{n}", "transit.generic") for n in range(count)]
        order = scanned(merchant, *scans).order
        if count > 1:
            scanned(merchant, (3, "PU", "picked_up.accepted"), order=order)
    client = sign_in(Role.VIEWER)
    client.get(f"/app/noor/orders/{order.pk}/")
    with CaptureQueriesContext(connection) as asked:
        client.get(f"/app/noor/orders/{order.pk}/")
    assert len(asked) == ORDER_QUERIES, "\n".join(one["sql"][:120] for one in asked)


def test_pages_lead_there_and_back(merchant: Merchant, sign_in: SignIn) -> None:
    many(merchant, PAGE + 5)
    client = sign_in(Role.VIEWER)
    first = client.get("/app/noor/orders/").context
    second = client.get(first["next_url"]).context
    back = client.get(second["prev_url"]).context
    names = [[row["number"] for row in page["orders"]] for page in (first, second, back)]
    assert names[0] == [f"M{n:03}" for n in range(PAGE)]
    assert names[1] == [f"M{n:03}" for n in range(PAGE, PAGE + 5)]
    assert names[2] == names[0]
    assert (first["prev_url"], second["next_url"], back["prev_url"]) == ("", "", "")


@pytest.mark.parametrize(
    "text", ["", "x", "-", "1-", "-1", "9" * 30 + "-1", "1-" + "9" * 30, "١-١"]
)
def test_bad_cursor_is_no_cursor(text: str) -> None:
    assert read_cursor(text) is None


def test_home_counts_what_its_lists_show(shop: Merchant, sign_in: SignIn) -> None:
    client = sign_in(Role.OWNER)
    todos = client.get("/app/noor/").context["todos"]
    lists = {one["url"]: one["count"] for one in todos if "/orders/?" in one["url"]}
    assert lists == {
        "/app/noor/orders/?view=attempts": 1,
        "/app/noor/orders/?view=shopper": 1,
    }
    for url, count in lists.items():
        assert len(client.get(url).context["orders"]) == count
    rest = [one for one in todos if one["url"] not in lists]
    others = {one["url"]: one["count"] for one in rest if one["icon"] != "megaphone"}  # by season
    assert others == {
        "/app/noor/carriers/": 1,
        "/app/noor/carriers/#unreadable": 1,
        "/app/noor/stores/": 1,
        "/app/noor/messages/?state=problem": 1,
    }


def test_home_of_an_empty_shop_is_calm(merchant: Merchant, sign_in: SignIn) -> None:
    context = sign_in(Role.OWNER).get("/app/noor/").context
    assert [one["sentence"] for one in context["todos"]] == [
        "Add a parcel",
        "Connect a shop",
        "Import orders",
    ]
    assert (context["sentence"], context["stats"]) == ("Ready for the first parcel", [])


def test_order_says_which_scan_and_which_rule(shop: Merchant, sign_in: SignIn) -> None:
    with merchant_scope(shop.pk):
        order = Order.objects.get(number="1042")
    parcel = sign_in(Role.VIEWER).get(f"/app/noor/orders/{order.pk}/").context["parcels"][0]
    status = parcel["facts"][0]
    assert status["why"].startswith("From code NH of ")
    assert status["why"].endswith("read by the adapter map")
    assert next(one["why"] for one in parcel["proofs"]) == (
        "Code PU (Picked up: Picked up by the carrier)"
    )
    assert parcel["ledger"][-1]["why"] != []
    assert parcel["events"][0]["why"] == "NH: attempt.nobody_home · read by the adapter map"


def test_agent_adds_a_parcel(shop: Merchant, sign_in: SignIn) -> None:
    with merchant_scope(shop.pk):
        order = Order.objects.get(number="1044")
    data = {"tracking_number": "1Z 9999 999 9", "carrier": "sandbox"}
    url = f"/app/noor/orders/{order.pk}/parcels/"
    client = sign_in(Role.AGENT)
    codes = [client.post(url, data).status_code for _ in range(2)]
    with merchant_scope(shop.pk):
        assert codes == [303, 303]
        assert Shipment.objects.filter(order=order).count() == 2
        assert list(AuditEntry.objects.values_list("action", flat=True)) == ["parcel.added"]


@pytest.mark.parametrize("number", ["", "abc", "<script>1", "1" * 61])
def test_nonsense_is_not_followed(shop: Merchant, sign_in: SignIn, number: str) -> None:
    with merchant_scope(shop.pk):
        order = Order.objects.get(number="1044")
    url = f"/app/noor/orders/{order.pk}/parcels/"
    sign_in(Role.AGENT).post(url, {"tracking_number": number})
    with merchant_scope(shop.pk):
        assert Shipment.objects.filter(order=order).count() == 1


def test_mail_is_framed_without_power(shop: Merchant, sign_in: SignIn) -> None:
    client = sign_in(Role.VIEWER)
    rows = client.get("/app/noor/messages/").context["rows"]
    page = client.get(rows[0]["url"])
    preview = client.get(page.context["preview_url"])
    assert 'sandbox=""' in page.content.decode()
    assert preview.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none';")
