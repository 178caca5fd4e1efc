"""Scans set aside: nothing is told, a person rules once, and what was ruled stays."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations

import pytest

from carriers.updates import CarrierEvent, Place, TrackingUpdate
from merchants.models import AuditEntry, Merchant, User
from tests import factories
from tests.factories import NOW
from tracking import outbox
from tracking.ingest import Heard, ingest
from tracking.models import Change, Event, Outbox, Ruling, Shipment
from tracking.quarantine import rule, waiting

LABEL, GHOST = "info.label_created", "delivered.generic"


@pytest.fixture(autouse=True)
def messages(monkeypatch: pytest.MonkeyPatch) -> None:
    """A consumer that wants every milestone, so that a turn would be seen."""
    monkeypatch.setattr(outbox, "_CONSUMERS", {"probe": frozenset({"milestone"})})


@pytest.fixture
def shipment(scope: Merchant) -> Shipment:
    return factories.shipment(scope)


@pytest.fixture
def agent(scope: Merchant) -> User:
    return factories.user(scope)


def scan(hours_ago: float, sub_status: str, **fields: object) -> CarrierEvent:
    values = {
        "code": sub_status, "sub_status": sub_status, "at": NOW - timedelta(hours=hours_ago),
        "zone_source": "carrier", "place": Place(city="Dubai", country="AE"),
    }  # fmt: skip
    return CarrierEvent(**(values | fields))  # type: ignore[arg-type]


def hear(shipment: Shipment, *events: CarrierEvent) -> None:
    update = TrackingUpdate(shipment.tracking_number, events)
    ingest(heard=[Heard(shipment.pk, update)], source="poll", now=NOW)
    shipment.refresh_from_db()


def told() -> list[str]:
    return list(Outbox.objects.order_by("pk").values_list("change__key", flat=True))


def ghost(shipment: Shipment, *, hours_ago: float = 2) -> Event:
    hear(shipment, scan(hours_ago + 0.2, LABEL), scan(hours_ago, GHOST))
    return Event.objects.get(sub_status=GHOST)


def test_ghost_delivery_is_set_aside_and_nothing_is_told(shipment: Shipment) -> None:
    found = ghost(shipment)
    assert (found.quarantined, shipment.status) == ("ghost_delivery", "info_received")
    assert not Change.objects.filter(key="delivered").exists()
    assert told() == []


def test_released_scan_counts_and_fresh_news_are_told(shipment: Shipment, agent: User) -> None:
    assert rule(event=ghost(shipment), ruling=Ruling.RELEASED, by=agent, now=NOW) is True
    shipment.refresh_from_db()
    found = Event.objects.get(sub_status=GHOST)
    assert (shipment.status, told()) == ("delivered", ["delivered"])
    assert (found.quarantined, found.ruled_for, found.ruled_by) == ("", "ghost_delivery", agent)


def test_released_scan_of_the_day_before_yesterday_is_not_told(
    shipment: Shipment, agent: User
) -> None:
    rule(event=ghost(shipment, hours_ago=30), ruling=Ruling.RELEASED, by=agent, now=NOW)
    shipment.refresh_from_db()
    assert (shipment.status, told()) == ("delivered", [])


def test_rejected_scan_stays_out_when_the_carrier_repeats_it(
    shipment: Shipment, agent: User
) -> None:
    rule(event=ghost(shipment), ruling=Ruling.REJECTED, by=agent, now=NOW)
    again = scan(2, GHOST), scan(2, GHOST, place=Place(city="DXB", country="AE"))
    hear(shipment, *again, scan(2.05, "picked_up.accepted"))
    assert list(Event.objects.filter(sub_status=GHOST).values_list("ruling", flat=True)) == [
        "rejected"
    ]
    assert (shipment.status, waiting().count()) == ("picked_up", 0)


def test_who_ruled_first_ruled(shipment: Shipment, agent: User) -> None:
    found = ghost(shipment)
    rule(event=found, ruling=Ruling.REJECTED, by=agent, now=NOW)
    assert rule(event=found, ruling=Ruling.RELEASED, by=agent, now=NOW) is False
    assert Event.objects.get(pk=found.pk).ruling == "rejected"
    assert list(AuditEntry.objects.values_list("action", "detail")) == [
        ("scan.rejected", {"code": GHOST, "doubt": "ghost_delivery"})
    ]


def test_late_pick_up_takes_the_doubt_back_and_the_delivery_is_told(shipment: Shipment) -> None:
    ghost(shipment)
    hear(shipment, scan(2.1, "picked_up.accepted"))
    assert (shipment.status, waiting().count(), told()) == ("delivered", 0, ["delivered"])


def test_late_scan_may_bring_a_doubt_and_the_milestone_is_told_once(
    shipment: Shipment, agent: User
) -> None:
    hear(shipment, scan(9, "picked_up.accepted"), scan(2, GHOST))
    hear(shipment, scan(2.2, "transit.departed_facility", place=Place("Leipzig", country="DE")))
    found = Event.objects.get(sub_status=GHOST)
    assert (found.quarantined, shipment.status) == ("impossible_place", "in_transit")
    rule(event=found, ruling=Ruling.RELEASED, by=agent, now=NOW)
    assert told().count("delivered") == 1


def test_any_order_of_arrival_gives_one_state_and_the_same_doubts(scope: Merchant) -> None:
    story = (
        scan(20, LABEL),
        scan(19.8, GHOST),
        scan(6, "transit.departed_facility", place=Place("Leipzig", country="DE")),
        scan(5.9, "delivered.signed"),
    )
    seen = set()
    for order in permutations(story):
        shipment = factories.shipment(scope)
        for event in (*order, order[0]):
            hear(shipment, event)
        doubts = Event.objects.filter(shipment=shipment).order_by("at")
        seen.add((shipment.status, shipment.sub_status, shipment.last_event_at,
                  *doubts.values_list("quarantined", flat=True)))  # fmt: skip
    assert seen == {
        ("in_transit", "transit.departed_facility", NOW - timedelta(hours=6),
         "", "ghost_delivery", "", "impossible_place"),
    }  # fmt: skip
