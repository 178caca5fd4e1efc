"""`edd.ics`: the same event moves with the date, and goes when the parcel has come."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from lib.vocabulary import Status
from merchants.models import Domain, Merchant
from merchants.scope import merchant_scope
from storefront_pages import calendar_feed
from tests import factories
from tests.lib.test_icalendar import read
from tests.storefront_pages import scenes
from tracking.answers import Wish, settle, take_wish
from tracking.links import link_for, page_path
from tracking.models import CalendarEntry, Link, Order, Shipment

MIDDLEWARE = "storefront_pages.domains.MerchantDomains"
SOON = datetime.now(UTC).date() + timedelta(days=5)


@pytest.fixture
def coming(merchant: Merchant) -> str:
    with merchant_scope(merchant.pk):
        order = scenes.in_transit(merchant)
        move(SOON, SOON + timedelta(days=1))
        return scenes.path(merchant, order)


def move(first: date | None, last: date | None, **fields: Any) -> None:
    Shipment.objects.update(edd_first=first, edd_last=last, **fields)


def events(client: Client, path: str) -> list[dict[str, str]]:
    response = client.get(f"{path}edd.ics")
    assert (response.status_code, response.headers["Content-Type"]) == (
        200,
        "text/calendar; charset=utf-8",
    )
    return read(response.content.decode())[1:]


def plain(day: date) -> str:
    return day.strftime("%Y%m%d")


def test_window_is_an_event_of_whole_days(client: Client, coming: str) -> None:
    (event,) = events(client, coming)
    assert event["SUMMARY"] == "Expected: order #1001 from Noor Home"
    assert (event["STATUS"], event["SEQUENCE"]) == ("TENTATIVE", "0")
    days = (event["DTSTART;VALUE=DATE"], event["DTEND;VALUE=DATE"])
    assert days == (plain(SOON), plain(SOON + timedelta(days=2)))


def test_it_moves_and_its_sequence_only_rises(
    client: Client, merchant: Merchant, coming: str
) -> None:
    seen = events(client, coming)
    for days in (2, 0):  # later, and back again
        with merchant_scope(merchant.pk):
            move(SOON + timedelta(days=days), SOON + timedelta(days=days + 1))
        seen += events(client, coming)
        assert events(client, coming) == seen[-1:]
    assert len({event["UID"] for event in seen}) == 1
    assert [event["SEQUENCE"] for event in seen] == ["0", "1", "2"]
    assert seen[1]["DTSTART;VALUE=DATE"] == plain(SOON + timedelta(days=2))


def test_delivered_is_cancelled_and_found_again_moves_on(
    client: Client, merchant: Merchant, coming: str
) -> None:
    (before,) = events(client, coming)
    with merchant_scope(merchant.pk):
        Shipment.objects.update(status=Status.DELIVERED)
    (after,) = events(client, coming)
    assert (after["UID"], after["STATUS"], after["SEQUENCE"]) == (before["UID"], "CANCELLED", "1")
    with merchant_scope(merchant.pk):
        Shipment.objects.update(status=Status.IN_TRANSIT)
    (again,) = events(client, coming)
    assert (again["STATUS"], again["SEQUENCE"]) == ("TENTATIVE", "2")


def test_agreed_day_is_sure(client: Client, merchant: Merchant) -> None:
    now = datetime.now(UTC)
    with merchant_scope(merchant.pk):
        order = scenes.attempt_failed(merchant)
        path = scenes.path(merchant, order)
        answer, _ = take_wish(shipment=Shipment.objects.get(), wish=Wish(day=SOON), now=now)
        assert answer is not None
        settle(answer=answer, agreed=True, words="", by=factories.user(merchant), now=now)
    (event,) = events(client, path)
    assert (event["STATUS"], event["DTSTART;VALUE=DATE"]) == ("CONFIRMED", plain(SOON))


def test_last_day_to_collect_is_an_event_of_its_own(
    client: Client, merchant: Merchant, coming: str
) -> None:
    (before,) = events(client, coming)
    point = {"name": "Shop 4", "last_day": SOON.isoformat()}
    with merchant_scope(merchant.pk):
        Shipment.objects.update(status=Status.AVAILABLE_FOR_PICKUP, details={"pickup_point": point})
    delivery, pickup = events(client, coming)
    assert (delivery["UID"], delivery["STATUS"]) == (before["UID"], "CANCELLED")
    assert pickup["SUMMARY"] == "Last day to collect order #1001 from Noor Home"
    assert (pickup["STATUS"], pickup["DTSTART;VALUE=DATE"]) == ("CONFIRMED", plain(SOON))


def test_nothing_personal_and_no_way_back_to_the_page(client: Client, coming: str) -> None:
    text = client.get(f"{coming}edd.ics").content.decode().replace("\r\n ", "")
    held = [*scenes.SECRETS.values(), "Sara", coming.split("/")[-2]]
    assert [word for word in held if word in text] == []


def test_unchanged_is_304(client: Client, merchant: Merchant, coming: str) -> None:
    etag = client.get(f"{coming}edd.ics").headers["ETag"]
    for known in (etag, f"W/{etag}"):
        response = client.get(f"{coming}edd.ics", headers={"If-None-Match": known})
        assert (response.status_code, response.content) == (304, b"")
    with merchant_scope(merchant.pk):
        move(SOON, SOON)
    response = client.get(f"{coming}edd.ics", headers={"If-None-Match": etag})
    assert response.status_code == 200


def test_revoked_link_has_no_calendar(client: Client, coming: str) -> None:
    Link.objects.update(revoked_at=datetime.now(UTC))
    assert client.get(f"{coming}edd.ics").status_code == 404


def test_too_many_looks_are_told_when(
    client: Client, coming: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calendar_feed, "LOOKS_A_LINK", (1, 3600))
    codes = [client.get(f"{coming}edd.ics") for _ in range(2)]
    assert [one.status_code for one in codes] == [200, 429]
    assert int(codes[1].headers["Retry-After"]) > 0


def test_page_leads_there_while_there_is_a_day(
    client: Client, merchant: Merchant, coming: str
) -> None:
    page = client.get(coming).content.decode()
    assert f'href="webcal://testserver{coming}edd.ics"' in page
    assert f'href="{coming}edd.ics?download"' in page
    download = client.get(f"{coming}edd.ics?download")
    assert download.headers["Content-Disposition"] == 'attachment; filename="parcel.ics"'
    with merchant_scope(merchant.pk):
        Shipment.objects.update(status=Status.DELIVERED)
        Order.objects.update(updated_at=datetime.now(UTC))
    assert "edd.ics" not in client.get(coming).content.decode()


def test_day_that_is_over_is_not_offered(client: Client, merchant: Merchant, coming: str) -> None:
    with merchant_scope(merchant.pk):
        past = SOON - timedelta(days=9)
        move(past, past)
        Order.objects.update(updated_at=datetime.now(UTC))
    assert "edd.ics" not in client.get(coming).content.decode()


def test_own_domain_subscribes_there(
    client: Client, merchant: Merchant, coming: str, settings: Settings
) -> None:
    settings.ALLOWED_HOSTS, settings.OUR_HOSTS = ["*"], ["testserver"]
    if MIDDLEWARE not in settings.MIDDLEWARE:
        settings.MIDDLEWARE = [MIDDLEWARE, *settings.MIDDLEWARE]
    Domain.objects.create(
        host="track.noor.example", merchant=merchant, verified_at=datetime.now(UTC)
    )
    own = "/" + coming.split("/", 3)[3]
    page = client.get(own, headers={"Host": "track.noor.example"}).content.decode()
    assert f'href="webcal://track.noor.example{own}edd.ics"' in page


def test_each_link_of_an_order_has_the_same_events(
    client: Client, merchant: Merchant, coming: str
) -> None:
    with merchant_scope(merchant.pk):
        order = Order.objects.get()
        buyers = link_for(order=order, recipient=order.recipients.get())
        path = page_path(buyers, merchant=merchant)
    assert events(client, path) == events(client, coming)
    with merchant_scope(merchant.pk):
        assert CalendarEntry.objects.count() == 1
