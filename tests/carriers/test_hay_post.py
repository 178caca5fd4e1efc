from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from carriers.base import Ask, CarrierError
from carriers.providers.hay_post import HayPost

ORDER = (Path(__file__).parent / "fixtures" / "hay_post" / "order.json").read_bytes()
LOGIN = {"username": "me", "password": "pw", "customer_type": "3"}


def test_states_are_armenian_time_oldest_first() -> None:
    (update,) = HayPost().parse(ORDER)

    assert [(e.code, e.sub_status, e.zone_source) for e in update.events] == [
        ("2", "transit.generic", "facility"),
        ("77", "unknown", "facility"),
        ("6", "delivered.generic", "facility"),
    ]
    assert str(update.events[0].at) == "2026-06-11 09:00:00+04:00"


def test_cash_and_destination_are_kept_and_the_empty_date_is_none() -> None:
    (update,) = HayPost().parse(ORDER)

    assert update.cash is not None
    assert (update.cash.amount, update.cash.currency) == (Decimal(12000), "AMD")
    assert str(update.destination) == "Գյումրի, AM"
    assert update.edd is None


def test_token_comes_from_another_host() -> None:
    call = HayPost().token_request(LOGIN)

    assert call is not None
    assert call.host + call.path == "https://identity.haypost.am/api/Connect/Token"
    assert HayPost().parse_token(b'{"accessToken": "abc"}').value == "abc"


def test_request_sends_the_bare_token() -> None:
    call = HayPost().request([Ask("PAS 1")], LOGIN, "abc")

    assert (call.path, call.headers["Authorization"]) == ("/Api/Order/Tracking/PAS%201", "abc")


def test_unknown_order_is_not_found_and_other_errors_pass() -> None:
    (update,) = HayPost().parse(b'{"status": 404, "title": "Not Found"}')
    with pytest.raises(CarrierError) as caught:
        HayPost().parse(b'{"status": 500, "title": "Oops"}')

    assert update.not_found
    assert caught.value.kind == "unavailable"
