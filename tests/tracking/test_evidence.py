"""Whether an answer is about this parcel."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from carriers.updates import CarrierEvent, Place, TrackingUpdate
from tests.factories import NOW
from tracking.evidence import Said, Way, weigh

WAY = Way(placed_at=NOW - timedelta(days=5), heard_at=NOW - timedelta(days=4), country="SA")


def scan(days: float, country: str = "SA", sub_status: str = "transit.departed_facility") -> Any:
    at = NOW - timedelta(days=days)
    return CarrierEvent("X", sub_status, at=at, place=Place(country=country))


def answer(*scans: CarrierEvent, to: str = "", **fields: Any) -> TrackingUpdate:
    return TrackingUpdate("N1", tuple(scans), destination=Place(country=to), **fields)


@pytest.mark.parametrize(
    ("update", "said"),
    [
        (None, Said.NOT_FOUND),
        (answer(not_found=True), Said.NOT_FOUND),
        (answer(), Said.NOT_FOUND),
        (answer(scan(3)), Said.FITS),
        (answer(scan(3, "AE"), to="SA"), Said.FITS),
        (answer(scan(3, "AE")), Said.MAY_BE),
        (answer(scan(3, "")), Said.MAY_BE),
        (answer(scan(3, "AE"), to="US"), Said.OTHER_PARCEL),
        (answer(scan(3, "US", "delivered.generic")), Said.OTHER_PARCEL),
        (answer(scan(3, "AE", "out.on_vehicle"), scan(1, "SA", "delivered.signed")), Said.FITS),
        (answer(scan(40)), Said.OTHER_PARCEL),
        (answer(scan(40), scan(3)), Said.FITS),
        (answer(scan(-4)), Said.OTHER_PARCEL),
    ],
)  # fmt: skip
def test_answer_is_weighed_by_date_and_destination(
    update: TrackingUpdate | None, said: Said
) -> None:
    assert weigh(update, WAY, now=NOW)[0] == said


@pytest.mark.parametrize(
    ("heard_at", "said"),
    [(WAY.placed_at, Said.FITS), (WAY.heard_at, Said.OTHER_PARCEL)],
)
def test_order_whose_date_nobody_told_may_have_older_scans(heard_at: datetime, said: Said) -> None:
    way = Way(WAY.placed_at, heard_at, "SA")
    assert weigh(answer(scan(10)), way, now=NOW)[0] == said


def test_why_names_both_countries() -> None:
    assert weigh(answer(scan(3, "AE"), to="US"), WAY, now=NOW)[1] == (
        "It goes to US, the order to SA"
    )
