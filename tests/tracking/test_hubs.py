"""A hub from its connection to a parcel's scans, over HTTP: the sandbox plays Ship24."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from carriers import registry
from carriers.accounts import routes
from carriers.base import HubCourier
from carriers.couriers import codes_of, keep_couriers, name_of, slug_for
from carriers.fetch import Fetcher
from carriers.models import CarrierAccount, Courier
from carriers.sandbox.running import RunningSandbox, running_sandbox
from carriers.updates import TrackingUpdate
from merchants.models import Merchant
from merchants.scope import merchant_scope
from tests import factories
from tests.factories import NOW
from tracking.carrier_accounts import connect_account, push_address
from tracking.hub_lists import list_couriers
from tracking.hub_news import name_carriers
from tracking.ingest import Heard
from tracking.links import link_for
from tracking.models import Event, Shipment, Watch
from tracking.polling import poll_round

Capture = Callable[..., Any]
SOON = NOW + timedelta(minutes=5)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[RunningSandbox]:
    with running_sandbox() as server:
        yield server


@pytest.fixture(scope="module")
def fetcher(sandbox: RunningSandbox) -> Iterator[Fetcher]:
    made = Fetcher(allow=[sandbox.host])
    yield made
    made.close()


@pytest.fixture
def hub(merchant: Merchant, sandbox: RunningSandbox) -> CarrierAccount:
    with merchant_scope(merchant.pk):
        return connect_account(
            merchant=merchant,
            carrier=registry.get("ship24"),
            secrets={"api_key": "right", "webhook_secret": "agreed"},
            base_url=sandbox.base_url("ship24"),
        )


def follow(merchant: Merchant, carrier: str, number: str) -> Shipment:
    with merchant_scope(merchant.pk):
        return factories.shipment(
            merchant,
            carrier=carrier,
            tracking_number=number,
            placed_at=NOW - timedelta(days=9),
            country="SA",
            ship_from_country="SA",
        )


def start(sandbox: RunningSandbox, number: str, scenario: str = "delivered") -> None:
    sandbox.register("ship24", number, scenario, registered_at=NOW.isoformat())


def watch(shipment: Shipment) -> Watch:
    with merchant_scope(shipment.merchant_id):
        return Watch.objects.select_related("shipment").get(shipment=shipment)


def calls(sandbox: RunningSandbox) -> list[str]:
    """Paths at Ship24, oldest first."""
    return [
        row["path"] for row in reversed(sandbox.calls()["recent"]) if row["carrier"] == "ship24"
    ]


def test_list_of_a_connected_hub_names_carriers_without_an_adapter(
    hub: CarrierAccount, fetcher: Fetcher
) -> None:
    assert list_couriers(hub.pk, fetcher, now=NOW) == 20
    assert Courier.objects.get(hub="ship24", code="oman-post").slug == "oman_post"
    assert name_of("oman_post") == "Oman Post"


def test_parcels_are_registered_in_one_batch_then_asked_by_registration(
    merchant: Merchant, hub: CarrierAccount, sandbox: RunningSandbox, fetcher: Fetcher
) -> None:
    list_couriers(hub.pk, fetcher, now=NOW)
    before = len(calls(sandbox))
    for number in ("EV100", "EV101"):
        start(sandbox, number)
    first, second = follow(merchant, "evri", "EV100"), follow(merchant, "evri", "EV101")
    poll_round(fetcher, now=NOW)
    seen = watch(first)
    assert (seen.result, seen.registered_with, seen.registration, seen.next_ask_at) == (
        "registered", hub.pk, "tracker-EV100", SOON,
    )  # fmt: skip
    poll_round(fetcher, now=SOON)
    assert [watch(one).shipment.status for one in (first, second)] == ["delivered", "delivered"]
    made = [path.removeprefix("/public/v1/trackers/") for path in calls(sandbox)[before:]]
    assert (made[0], sorted(made[1:])) == (
        "bulk", ["tracker-EV100/results", "tracker-EV101/results"],
    )  # fmt: skip


def push(
    client: Client, account: CarrierAccount, number: str, secret: str, courier: str = ""
) -> int:
    event = {
        "status": "Out for delivery",
        "occurrenceDatetime": "2026-11-12T09:00:00",
        "utcOffset": "+03:00",
        "location": "Riyadh",
        "statusMilestone": "out_for_delivery",
    }
    tracker = {"trackerId": f"tracker-{number}", "trackingNumber": number, "courierCode": [courier]}
    body = {"trackings": [{"tracker": tracker, "shipment": {}, "events": [event]}]}
    with merchant_scope(account.merchant_id):
        path = "/hooks/" + push_address(account).partition("/hooks/")[2]
    headers = {"Authorization": f"Bearer {secret}"}
    answer = client.post(path, json.dumps(body), "application/json", headers=headers)
    return answer.status_code


def test_push_with_the_hubs_secret_reaches_a_parcel_of_another_carrier(
    merchant: Merchant,
    hub: CarrierAccount,
    sandbox: RunningSandbox,
    fetcher: Fetcher,
    client: Client,
    django_capture_on_commit_callbacks: Capture,
) -> None:
    shipment = follow(merchant, "evri", "EV200")
    poll_round(fetcher, now=NOW)
    with django_capture_on_commit_callbacks(execute=True):
        assert push(client, hub, "EV200", "agreed") == 200
    seen = watch(shipment).shipment
    assert (seen.carrier, seen.status) == ("evri", "out_for_delivery")
    with merchant_scope(merchant.pk):
        assert list(Event.objects.values_list("source", "city")) == [("push", "Riyadh")]
        assert CarrierAccount.objects.get().last_push_at is not None


def test_push_with_a_wrong_secret_is_refused_and_told(
    merchant: Merchant, hub: CarrierAccount, fetcher: Fetcher, client: Client
) -> None:
    follow(merchant, "evri", "EV300")
    poll_round(fetcher, now=NOW)
    assert [push(client, hub, "EV300", "guessed") for _ in range(2)] == [401, 401]
    with merchant_scope(merchant.pk):
        account = CarrierAccount.objects.get()
        assert (Event.objects.count(), account.last_push_at) == (0, None)
    assert account.last_problem == "A push came whose signature is missing or wrong"


def test_push_about_a_parcel_that_the_hub_does_not_follow_is_nobodys(
    merchant: Merchant,
    hub: CarrierAccount,
    client: Client,
    django_capture_on_commit_callbacks: Capture,
) -> None:
    shipment = follow(merchant, "evri", "EV400")
    with django_capture_on_commit_callbacks(execute=True):
        assert push(client, hub, "EV400", "agreed") == 200
    assert watch(shipment).shipment.status == "pending"


def test_hub_that_must_be_told_the_courier_is_skipped_without_one(
    merchant: Merchant, sandbox: RunningSandbox, fetcher: Fetcher
) -> None:
    with merchant_scope(merchant.pk):
        account = CarrierAccount.objects.create(merchant=merchant, carrier="trackingmore")
        listed = HubCourier("oman-post", "Oman Post")
        keep_couriers("trackingmore", [listed], now=NOW)
        found = routes([merchant.pk], ["oman_post", "evri"])
        named = found.find(merchant.pk, "oman_post")
        assert named is not None
        assert (named.row, named.courier_code) == (account, "oman-post")
        assert found.find(merchant.pk, "evri") is None
    shipment = follow(merchant, "unknown", "XX1")
    assert poll_round(fetcher, now=NOW).asked == 0
    assert watch(shipment).result == "no_account"


def told(shipment: Shipment, code: str, **fields: Any) -> Heard:
    update = TrackingUpdate(shipment.tracking_number, courier_code=code)
    return Heard(shipment.pk, update, **{"hub": "ship24", **fields})


@pytest.fixture
def unnamed(merchant: Merchant, hub: CarrierAccount, fetcher: Fetcher) -> Shipment:
    list_couriers(hub.pk, fetcher, now=NOW)
    shipment = follow(merchant, "unknown", "XX500")
    poll_round(fetcher, now=NOW)
    return shipment


def test_hubs_word_becomes_the_carrier_and_id_link_and_registration_stay(
    merchant: Merchant, hub: CarrierAccount, unnamed: Shipment
) -> None:
    with merchant_scope(merchant.pk):
        link = link_for(order=unnamed.order, recipient=None).token
        assert name_carriers([told(unnamed, "oman-post")], now=NOW) == 1
        assert link_for(order=unnamed.order, recipient=None).token == link
        assert Shipment.objects.get(pk=unnamed.pk).carrier == "oman_post"
    seen = watch(unnamed)
    assert (seen.carrier, seen.registered_with, seen.registration) == (
        "oman_post", hub.pk, "tracker-XX500",
    )  # fmt: skip


def test_push_that_names_the_courier_settles_the_carrier(
    hub: CarrierAccount,
    unnamed: Shipment,
    client: Client,
    django_capture_on_commit_callbacks: Capture,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        assert push(client, hub, "XX500", "agreed", "oman-post") == 200
    seen = watch(unnamed).shipment
    assert (seen.pk, seen.carrier, seen.status) == (unnamed.pk, "oman_post", "out_for_delivery")


@pytest.mark.parametrize(
    ("code", "fields"), [("new-post", {}), ("", {}), ("evri", {"hub": ""}), ("evri", {"leg": 1})]
)
def test_word_that_is_not_of_the_hubs_list_names_nobody(
    merchant: Merchant, unnamed: Shipment, code: str, fields: dict[str, Any]
) -> None:
    with merchant_scope(merchant.pk):
        assert name_carriers([told(unnamed, code, **fields)], now=NOW) == 0


def test_carrier_that_is_known_is_not_renamed_by_a_hub(
    merchant: Merchant, hub: CarrierAccount, unnamed: Shipment
) -> None:
    shipment = follow(merchant, "evri", "EV600")
    with merchant_scope(merchant.pk):
        assert name_carriers([told(shipment, "oman-post")], now=NOW) == 0


@pytest.mark.parametrize(
    ("name", "slug"),
    [("SMSA Express", "smsa"), ("Hermes UK", "evri"), ("Emirates Post Group EPG", "emirates_post"),
     ("Oman Post", "oman_post"), ("سمسا", "smsa"), ("快递", "")],
)  # fmt: skip
def test_name_of_a_carrier_leads_to_our_slug(name: str, slug: str) -> None:
    assert slug_for(name) == slug


def test_plain_name_goes_before_a_countrys(db: None) -> None:
    listed = [HubCourier("dpd-pl", "DPD Poland"), HubCourier("dpd", "DPD")]
    keep_couriers("ship24", listed, now=NOW)
    assert codes_of(["ship24"], ["dpd"]) == {("ship24", "dpd"): "dpd"}
