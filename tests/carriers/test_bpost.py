from __future__ import annotations

from pathlib import Path

import pytest

from carriers.base import Ask, CarrierError
from carriers.providers.bpost import Bpost
from tracking.reading import state_of

FOLDER = Path(__file__).parent / "fixtures" / "bpost"
ITEM = (FOLDER / "item.xml").read_bytes()


def test_delivered_to_the_sender_is_returned_whatever_its_code() -> None:
    (update,) = Bpost().parse(ITEM)

    assert [(e.code, e.sub_status) for e in update.events] == [
        ("T00", "transit.generic"),
        ("N74", "pickup.ready"),
        ("U02", "returned.received"),
    ]
    assert state_of(update.events).sub_status == "returned.received"


def test_time_without_an_offset_is_belgian_for_an_inland_item() -> None:
    (update,) = Bpost().parse(ITEM)

    last = update.events[-1]
    assert (str(last.at), last.zone_source) == ("2026-06-20 11:00:00+02:00", "facility")


def test_pickup_point_and_window_are_kept() -> None:
    (update,) = Bpost().parse(ITEM)

    assert update.pickup_point is not None
    assert update.pickup_point.name == "Dagbladhandel Noord"
    assert update.pickup_point.address == "DORPSTRAAT 9, 9000 GENT"
    assert update.edd is not None
    assert (str(update.edd.first), str(update.edd.last)) == ("2026-06-02", "2026-06-03")


def test_business_exception_is_an_unknown_item_and_a_system_exception_passes() -> None:
    (update,) = Bpost().parse((FOLDER / "unknown.xml").read_bytes())
    with pytest.raises(CarrierError) as caught:
        Bpost().parse(b"<systemException><message>Try again</message></systemException>")

    assert (update.not_found, update.problem) == (True, "bpost says: Item not found (404)")
    assert (caught.value.kind, caught.value.permanent) == ("unavailable", False)


def test_request_is_basic() -> None:
    call = Bpost().request([Ask("32/1")], {"account_id": "a", "passphrase": "p"}, None)

    assert call.path == "/services/trackedmail/item/32%2F1/trackingInfo"
    assert call.headers["Authorization"] == "Basic YTpw"
