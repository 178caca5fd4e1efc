"""Why a parcel has the date it has: the steps, who says what, the chances, what was said."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from django.utils import timezone

from dashboard.dates import why
from edd.distribution import Distribution
from edd.estimate import Estimate, Parcel, Rules, estimate
from edd.models import LaneDays
from merchants.models import Merchant, Role
from merchants.scope import merchant_scope
from tests import factories
from tests.dashboard.conftest import SignIn, scanned
from tracking.ingest import review
from tracking.models import Shipment

THURSDAY = datetime(2026, 11, 26, 6, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def on_a_thursday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: THURSDAY)


def path_of(shipment: Shipment) -> str:
    return f"/app/noor/parcels/{shipment.pk}/why/"


def fresh(merchant: Merchant, **fields: Any) -> Shipment:
    """Placed this morning, and nobody has scanned it."""
    with merchant_scope(merchant.pk):
        return factories.shipment(merchant, now=THURSDAY, placed_at=THURSDAY, **fields)


def verdicts(context: Any) -> list[tuple[str, str, str]]:
    return [(str(one["label"]), one["window"], one["verdict"]) for one in context["opinions"]]


def test_steps_lead_to_the_date(sign_in: SignIn, merchant: Merchant) -> None:
    context = sign_in(Role.VIEWER).get(path_of(fresh(merchant))).context
    assert context["title"] == "Expected Sat 28 Nov – Tue 1 Dec in Dubai"
    assert context["steps"] == [
        "Handling in the warehouse, working days: 1",
        "Leaves the warehouse on Fri 27 Nov",
        "Usual for this carrier on such a lane, business days: 1–3",
        "Days on the way when the carrier does not deliver: 1",
    ]


def test_each_source_says_its_date_or_why_it_does_not_count(
    sign_in: SignIn, merchant: Merchant
) -> None:
    shipment = fresh(merchant)
    with merchant_scope(merchant.pk):
        Shipment.objects.update(carrier_first=date(2026, 11, 28), carrier_last=date(2026, 11, 28))
    context = sign_in().get(path_of(shipment)).context
    assert verdicts(context) == [
        ("The date your shop promised", "", "The shop sent none"),
        (
            "The carrier’s date", "Sat 28 Nov",
            "Printed with the label: it counts from the first scan on",
        ),
        ("What we learned", "", "Too few parcels were followed on this lane so far"),
        ("Your own days per lane", "Sat 28 Nov – Tue 1 Dec", "This one is shown"),
    ]  # fmt: skip


def test_carriers_date_of_a_moving_parcel_is_shown_and_ours_stands_behind(
    sign_in: SignIn, merchant: Merchant
) -> None:
    with merchant_scope(merchant.pk):
        shipment = scanned(merchant, (20, "PU", "picked_up.accepted"))
        Shipment.objects.update(carrier_first=date(2026, 11, 28), carrier_last=date(2026, 11, 28))
        review([shipment.pk], now=THURSDAY)
    said = {label: (window, verdict) for label, window, verdict in verdicts(
        sign_in().get(path_of(shipment)).context
    )}  # fmt: skip
    assert said["The carrier’s date"] == ("Sat 28 Nov", "This one is shown")
    assert said["Your own days per lane"][1] == "Another one comes first in your order"


def test_with_the_courier_only_the_scan_counts(sign_in: SignIn, merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        shipment = scanned(
            merchant, (20, "PU", "picked_up.accepted"), (1, "OD", "out.on_vehicle")
        )  # fmt: skip
    first, *rest = verdicts(sign_in().get(path_of(shipment)).context)
    assert first == ("The last scan", "Thu 26 Nov", "This one is shown")
    assert {verdict for *_, verdict in rest} == {"Not heard: the last scan says more"}


def test_passed_day_of_the_carrier_is_said_to_be_over(sign_in: SignIn, merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        shipment = scanned(merchant, (80, "PU", "picked_up.accepted"))
        Shipment.objects.update(carrier_first=date(2026, 11, 24), carrier_last=date(2026, 11, 25))
    said = verdicts(sign_in().get(path_of(shipment)).context)
    assert said[1] == ("The carrier’s date", "Tue 24 – Wed 25 Nov", "This day is over")


def test_every_date_given_is_listed_newest_first(sign_in: SignIn, merchant: Merchant) -> None:
    shipment = fresh(merchant)
    with merchant_scope(merchant.pk):
        LaneDays.objects.create(merchant=merchant, fastest=5, slowest=6)
        review([shipment.pk], now=THURSDAY + timedelta(hours=1))
    given = sign_in().get(path_of(shipment)).context["given"]
    assert [(one["window"], one["time"]) for one in given] == [
        ("Sat 5 – Mon 7 Dec", "Thu 26 Nov, 11:00 am"),
        ("Sat 28 Nov – Tue 1 Dec", "Thu 26 Nov, 10:00 am"),
    ]


def test_delivered_parcel_says_when_and_weighs_nothing(sign_in: SignIn, merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        shipment = scanned(
            merchant, (20, "PU", "picked_up.accepted"), (1, "OK", "delivered.generic")
        )  # fmt: skip
    context = sign_in().get(path_of(shipment)).context
    assert (context["title"], context["opinions"]) == ("Delivered on Thu 26 Nov in Dubai", [])
    assert "bars" not in context


def test_nothing_learned_shows_no_chances(sign_in: SignIn, merchant: Merchant) -> None:
    assert "bars" not in sign_in().get(path_of(fresh(merchant))).context


@pytest.fixture
def learned(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the days of this lane had been counted: Saturday 20 %, never on Sunday, …"""
    mass = np.array([0.0, 0.2, 0.0, 0.5, 0.25])  # 5 % later than all of them
    chances = Distribution(date(2026, 11, 27), mass)

    def with_chances(parcel: Parcel, rules: Rules, *, now: datetime) -> Estimate | None:
        made = estimate(parcel, rules, now=now)
        return None if made is None else replace(made, chances=chances)

    monkeypatch.setattr(why, "estimate", with_chances)


def test_chances_are_said_in_numbers_and_drawn_by_day(
    sign_in: SignIn, merchant: Merchant, learned: None
) -> None:
    response = sign_in().get(path_of(fresh(merchant)))
    assert response.context["chances"] == [
        "The single likeliest day is Mon 30 Nov: 50%.",
        "By Tue 1 Dec, the last day we show, 95% of such parcels have come.",
        "That it comes after Tue 1 Dec, as first promised: 5%.",
    ]
    rows = [
        (one["label"], one["length"], one["chance"], one["by_then"], one["note"])
        for one in response.context["bars"]
    ]
    assert rows == [
        ("Sat 28 Nov", "40.0", "20%", "20%", ""),
        ("Sun 29 Nov", "0.0", "0%", "20%", ""),
        ("Mon 30 Nov", "100.0", "50%", "70%", "likeliest"),
        ("Tue 1 Dec", "50.0", "25%", "95%", "promised"),
        ("Later", "0", "5%", "", ""),
    ]
    assert response.content.decode().count("days__fill is-inside") == 4


def test_orders_page_and_desk_lead_there(sign_in: SignIn, merchant: Merchant) -> None:
    shipment, client = fresh(merchant), sign_in(Role.AGENT)
    for page in ("/app/noor/orders/", "/desk/noor/orders/"):
        assert path_of(shipment) in client.get(f"{page}{shipment.order_id}/").content.decode(), page
