from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from carriers.base import Ask, CarrierError
from carriers.providers.boxknight import BoxKnight
from carriers.updates import DateWindow

ORDER = (Path(__file__).parent / "fixtures" / "boxknight" / "order.json").read_bytes()
BOXKNIGHT = BoxKnight()


def test_order_has_one_undated_state() -> None:
    (update,) = BOXKNIGHT.parse(ORDER)

    assert [(e.code, e.sub_status, e.at) for e in update.events] == [
        ("DELIVERY_EN_ROUTE", "out.on_vehicle", None)
    ]
    assert (update.pieces, str(update.destination)) == (2, "Montreal, Quebec, CA")


def test_promise_is_a_local_date() -> None:
    (update,) = BOXKNIGHT.parse(ORDER)

    # The window begins when it is June 2 in UTC, in Montreal still the evening before.
    assert update.edd == DateWindow(date(2026, 6, 1), date(2026, 6, 2), "America/Toronto")


def test_unknown_state_stays_unknown() -> None:
    (update,) = BOXKNIGHT.parse(ORDER.replace(b"DELIVERY_EN_ROUTE", b"ABDUCTED"))

    assert update.events[0].sub_status == "unknown"


def test_nothing_found_and_refused() -> None:
    with pytest.raises(CarrierError) as caught:
        BOXKNIGHT.parse(b'{"error": "Bad token"}')

    assert BOXKNIGHT.parse(b'{"error": "Order not found"}')[0].not_found
    assert caught.value.kind == "bad_request"


def test_request_asks_for_the_order() -> None:
    call = BOXKNIGHT.request([Ask("a/b")], {"api_token": "t"}, None)

    assert (call.path, call.headers) == ("/v1/orders/a%2Fb", {"Authorization": "t"})
