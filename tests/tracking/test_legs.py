"""Parcels that are handed on: the further carrier is kept, and asked beside the first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from carriers import registry
from carriers.fetch import Fetcher
from carriers.models import CarrierAccount, Courier
from carriers.sandbox.running import RunningSandbox, running_sandbox
from carriers.updates import CarrierEvent, NextLeg, TrackingUpdate
from lib.encryption import seal
from merchants.models import Merchant
from merchants.scope import every_merchant, merchant_scope
from tests import factories
from tests.factories import NOW
from tracking.ingest import Heard, ingest
from tracking.models import Event, Leg, Shipment, Watch
from tracking.poll_plan import Plan, make_plan
from tracking.polling import claim, poll_round

FIRST, SECOND = "1Z999AA10123456784", "290123456789"


def hear(shipment: Shipment, following: NextLeg | None, *, hub: str = "", leg: int = 0) -> None:
    update = TrackingUpdate(shipment.tracking_number, next_leg=following)
    ingest(heard=[Heard(shipment.pk, update, leg, hub)], source="poll", now=NOW)


def legs(shipment: Shipment) -> list[tuple[int, str, str]]:
    rows = Leg.objects.filter(shipment=shipment).order_by("position")
    return list(rows.values_list("position", "carrier", "tracking_number"))


@pytest.fixture
def parcel(scope: Merchant) -> Shipment:
    return factories.shipment(scope, tracking_number=FIRST)


def test_hand_over_becomes_a_leg_once(parcel: Shipment) -> None:
    hear(parcel, NextLeg("United States Postal Service", " 9400 1000 "))
    hear(parcel, NextLeg("USPS", "94001000"))
    assert legs(parcel) == [(1, "usps", "9400 1000")]


def test_second_hand_over_is_the_next_position(parcel: Shipment) -> None:
    hear(parcel, NextLeg("USPS", "94001000"))
    hear(parcel, NextLeg("Canada Post", "7000"), leg=1)
    assert legs(parcel) == [(1, "usps", "94001000"), (2, "canadapost", "7000")]


@pytest.mark.parametrize("number", [FIRST, FIRST.lower(), "1Z 999AA1 0123 456784", "", "9" * 61])
def test_own_number_and_none_and_nonsense_are_no_leg(parcel: Shipment, number: str) -> None:
    hear(parcel, NextLeg("USPS", number))
    assert legs(parcel) == []


def test_number_of_the_first_leg_told_by_the_second_is_no_leg(parcel: Shipment) -> None:
    hear(parcel, NextLeg("SMSA", SECOND))
    hear(parcel, NextLeg("Sandbox Express", FIRST), leg=1)
    assert legs(parcel) == [(1, "smsa", SECOND)]


def test_carrier_with_a_new_number_each_time_does_not_fill_the_table(parcel: Shipment) -> None:
    for n in range(9):
        hear(parcel, NextLeg("USPS", f"940{n}"))
    assert len(legs(parcel)) == 5


def test_hubs_code_names_the_carrier_of_its_list(parcel: Shipment) -> None:
    Courier.objects.create(
        hub="ship24", code="qp-1", slug="qatar_post", name="Qatar Post", seen_at=NOW
    )
    hear(parcel, NextLeg("qp-1", "QA1"), hub="ship24")
    hear(parcel, NextLeg("qp-1", "QA2"))
    assert legs(parcel) == [(1, "qatar_post", "QA1"), (2, "qp_1", "QA2")]


def test_carrier_that_nobody_can_spell_is_unknown(parcel: Shipment) -> None:
    hear(parcel, NextLeg("快递", "KD1"))
    assert legs(parcel) == [(1, "unknown", "KD1")]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[RunningSandbox]:
    with running_sandbox() as server:
        yield server


@pytest.fixture(scope="module")
def fetcher(sandbox: RunningSandbox) -> Iterator[Fetcher]:
    made = Fetcher(allow=[sandbox.host])
    yield made
    made.close()


def connect(merchant: Merchant, sandbox: RunningSandbox, carrier: str, **secrets: str) -> int:
    with merchant_scope(merchant.pk):
        made = CarrierAccount.objects.create(
            merchant=merchant,
            carrier=carrier,
            base_url=sandbox.base_url(carrier),
            secrets=seal(secrets),
        )
    return int(made.pk)


def start(sandbox: RunningSandbox, carrier: str, number: str, scenario: str) -> None:
    sandbox.register(carrier, number, scenario, registered_at=NOW.isoformat())


def handed_on(merchant: Merchant, carrier: str, number: str) -> Shipment:
    with merchant_scope(merchant.pk):
        made = factories.shipment(
            merchant,
            tracking_number=FIRST,
            placed_at=NOW - timedelta(days=9),
            country="SA",
            ship_from_country="SA",
        )
        hear(made, NextLeg(carrier, number))
    return made


def due_again(shipment: Shipment, at: datetime) -> None:
    with merchant_scope(shipment.merchant_id):
        Watch.objects.filter(shipment=shipment).update(next_ask_at=at)


def scans(shipment: Shipment) -> set[int]:
    with merchant_scope(shipment.merchant_id):
        return set(Event.objects.filter(shipment=shipment).values_list("leg", flat=True))


def state(shipment: Shipment) -> str:
    with merchant_scope(shipment.merchant_id):
        return Shipment.objects.get(pk=shipment.pk).status


def test_further_carrier_is_asked_and_its_scans_reach_the_parcel(
    merchant: Merchant, sandbox: RunningSandbox, fetcher: Fetcher
) -> None:
    connect(merchant, sandbox, "sandbox", client_id="noor", client_secret="right")
    connect(merchant, sandbox, "smsa", api_key="right")
    start(sandbox, "sandbox", FIRST, "silent")
    start(sandbox, "smsa", SECOND, "delivered")
    shipment = handed_on(merchant, "SMSA", SECOND)
    assert poll_round(fetcher, now=NOW).asked == 2
    assert (scans(shipment), state(shipment)) == ({0, 1}, "delivered")


def test_leg_that_nobody_can_ask_does_no_harm(
    merchant: Merchant, sandbox: RunningSandbox, fetcher: Fetcher
) -> None:
    connect(merchant, sandbox, "sandbox", client_id="noor", client_secret="right")
    start(sandbox, "sandbox", FIRST, "silent")
    shipment = handed_on(merchant, "Canada Post", "7000")
    poll_round(fetcher, now=NOW)
    with merchant_scope(merchant.pk):
        watch = Watch.objects.get(shipment=shipment)
    assert (watch.result, watch.problem, watch.failures) == ("changed", "", 0)
    assert scans(shipment) == {0}


def test_leg_whose_carrier_fails_does_no_harm(
    merchant: Merchant, sandbox: RunningSandbox, fetcher: Fetcher
) -> None:
    connect(merchant, sandbox, "sandbox", client_id="noor", client_secret="right")
    connect(merchant, sandbox, "smsa", api_key="wrong")
    start(sandbox, "sandbox", FIRST, "silent")
    shipment = handed_on(merchant, "SMSA", SECOND)
    assert poll_round(fetcher, now=NOW).failed == 0
    assert scans(shipment) == {0}


def test_leg_is_registered_with_a_hub_once_and_apart_from_the_parcel(
    merchant: Merchant, sandbox: RunningSandbox, fetcher: Fetcher
) -> None:
    connect(merchant, sandbox, "sandbox", client_id="noor", client_secret="right")
    hub = connect(merchant, sandbox, "ship24", api_key="right")
    start(sandbox, "sandbox", FIRST, "silent")
    start(sandbox, "ship24", "OM900", "delivered")
    shipment = handed_on(merchant, "Oman Post", "OM900")
    poll_round(fetcher, now=NOW)
    with merchant_scope(merchant.pk):
        watch, leg = Watch.objects.get(shipment=shipment), Leg.objects.get(shipment=shipment)
    assert (watch.registered_with, watch.result) == (None, "changed")
    assert (leg.registered_with, leg.registration) == (hub, "tracker-OM900")
    due_again(shipment, NOW)
    poll_round(fetcher, now=NOW + timedelta(minutes=5))
    assert (scans(shipment), state(shipment)) == ({0, 1}, "delivered")


def planned(merchant: Merchant) -> Plan:
    with every_merchant("test"):
        return make_plan(claim(now=NOW, limit=10), now=NOW)


def test_hub_that_follows_the_parcel_is_not_asked_about_its_legs(
    merchant: Merchant, sandbox: RunningSandbox
) -> None:
    connect(merchant, sandbox, "ship24", api_key="right")
    with merchant_scope(merchant.pk):
        made = factories.shipment(merchant, carrier="evri", tracking_number="EV1")
        hear(made, NextLeg("An Post", "IE1"))
    assert [[due.number for due in one.dues] for one in planned(merchant).planned] == [["EV1"]]


def test_leg_without_its_needed_field_is_not_asked(
    merchant: Merchant, sandbox: RunningSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry.CARRIERS["smsa"], "needs", ("postcode",))
    connect(merchant, sandbox, "sandbox", client_id="noor", client_secret="right")
    connect(merchant, sandbox, "smsa", api_key="right")
    handed_on(merchant, "SMSA", SECOND)
    found = planned(merchant)
    assert [one.dues[0].leg for one in found.planned] == [0]
    assert [(one.due.leg, one.words) for one in found.postponed] == [
        (1, "SMSA Express needs the postcode")
    ]


def test_scan_of_a_leg_is_another_scan_than_the_first_carriers(parcel: Shipment) -> None:
    scan = CarrierEvent(code="D", sub_status="transit.generic", at=NOW)
    update = TrackingUpdate(FIRST, events=(scan,))
    ingest(heard=[Heard(parcel.pk, update), Heard(parcel.pk, update, 1)], source="poll", now=NOW)
    assert sorted(Event.objects.values_list("leg", flat=True)) == [0, 1]
