"""The carriers' door: scans pushed to an address that holds a secret."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from carriers.models import CarrierAccount
from inbox.doors import hook_path, open_door
from inbox.models import Delivery
from merchants.models import Merchant
from merchants.scope import merchant_scope
from tests import factories
from tests.hooks.posting import post
from tracking.models import Event, Shipment

Capture = Callable[..., Any]
NUMBER = "290123456789"


@pytest.fixture
def path(merchant: Merchant) -> str:
    with merchant_scope(merchant.pk):
        account = CarrierAccount.objects.create(merchant=merchant, carrier="smsa")
        factories.shipment(merchant, carrier="smsa", tracking_number=NUMBER)
    door = open_door(merchant=merchant, kind="carrier", slug="smsa", connection_id=account.pk)
    return hook_path(door)


def push(number: str = NUMBER) -> bytes:
    scan = {
        "ReferenceID": 1,
        "City": "Riyadh",
        "ScanType": "OD",
        "ScanDescription": "Out for delivery",
        "ScanDateTime": "2026-11-12T09:00:00",
        "ScanTimeZone": "+03:00",
    }
    return json.dumps([{"AWB": number, "isDelivered": False, "Scans": [scan]}]).encode()


@pytest.fixture
def deliver(client: Client, path: str, django_capture_on_commit_callbacks: Capture) -> Capture:
    def run(body: bytes) -> int:
        with django_capture_on_commit_callbacks(execute=True):
            status: int = post(client, path, body, {}).status_code
        return status

    return run


def last_delivery(merchant: Merchant) -> tuple[str, str]:
    with merchant_scope(merchant.pk):
        row = Delivery.objects.latest("pk")
        return row.outcome, row.problem


def test_pushed_scan_reaches_the_parcel_once(deliver: Capture, merchant: Merchant) -> None:
    assert [deliver(push()), deliver(push())] == [200, 200]
    with merchant_scope(merchant.pk):
        assert Shipment.objects.get().status == "out_for_delivery"
        assert list(Event.objects.values_list("code", "source")) == [("OD", "push")]
        assert Delivery.objects.count() == 1


def test_push_about_nobodys_parcel_is_ignored_in_words(
    deliver: Capture, merchant: Merchant
) -> None:
    assert deliver(push("111111111111")) == 200
    assert last_delivery(merchant) == ("ignored", "None of its 1 parcels is one of yours.")


def test_unreadable_push_has_failed_in_words(deliver: Capture, merchant: Merchant) -> None:
    assert deliver(b"<html>") == 200
    assert last_delivery(merchant) == (
        "failed", "Cannot be read: Expected JSON, got an HTML page",
    )  # fmt: skip
    with merchant_scope(merchant.pk):
        assert CarrierAccount.objects.get().last_problem == last_delivery(merchant)[1]


def test_carrier_that_does_not_push_has_no_address(
    client: Client, merchant: Merchant, path: str
) -> None:
    assert post(client, path.replace("/smsa/", "/aramex/"), push(), {}).status_code == 404


def test_push_reaches_only_its_own_merchants_parcel(
    deliver: Capture, merchant: Merchant, other: Merchant
) -> None:
    with merchant_scope(other.pk):
        factories.shipment(other, carrier="smsa", tracking_number=NUMBER)
    deliver(push())
    with merchant_scope(other.pk):
        assert (Event.objects.count(), Shipment.objects.get().status) == (0, "pending")
