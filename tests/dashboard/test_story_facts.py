"""Facts of an order and due times, as sentences."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from dashboard.clock import Clock
from dashboard.story_changes import change_sentence
from tests.factories import NOW
from tracking.models import Change

CLOCK = Clock(NOW, ZoneInfo("Asia/Dubai"), "en")


@pytest.mark.parametrize(
    ("key", "data", "words"),
    [
        ("cancelled", {}, "The order was cancelled"),
        ("cancelled", {"by": "shopper"}, "The customer cancelled the order"),
        ("on_hold:1", {}, "The shop put the order on hold"),
        ("out_of_stock:2", {}, "Something in the order is out of stock"),
        ("goes_on:2", {}, "The shop goes on with the order"),
        ("partly_dispatched:2026-11-12", {"sent": 1, "of": 3, "unit": "pieces"},
         "1 of 3 pieces is on its way"),
        ("partly_dispatched:2026-11-12", {"sent": 2, "of": 3, "unit": "parcels"},
         "2 of 3 parcels are on their way"),
        ("all_delivered", {"parcels": 2}, "All 2 parcels were delivered"),
        ("refund:9", {"amount": "12.50", "currency": "AED"}, "AED\xa012.50 was given back"),
        ("refund:9", {}, "Money was given back"),
        ("cod_refused:1", {}, "The customer does not want the order any more"),
        ("case:1:2", {"event": "opened"}, "The customer opened a case"),
    ],
)  # fmt: skip
def test_fact_of_an_order_in_words(key: str, data: dict[str, Any], words: str) -> None:
    assert change_sentence(Change(kind="order", key=key, data=data), CLOCK) == words


@pytest.mark.parametrize(
    ("key", "data", "words"),
    [
        ("arriving_tomorrow:2026-11-14", {"day": "2026-11-14"},
         "Expected the next day: Sat 14 Nov"),
        ("arriving_today:2026-11-14", {"day": "2026-11-14"}, "Expected on this day: Sat 14 Nov"),
        ("pickup_deadline:2026-11-14", {"day": "2026-11-14"},
         "Can be collected until the next day: Sat 14 Nov"),
        ("not_dispatched", {"planned": "2026-11-11"},
         "Not handed over in time: it was planned for Wed 11 Nov"),
        ("not_dispatched", {}, "Not handed over in time"),
    ],
)  # fmt: skip
def test_due_time_in_words(key: str, data: dict[str, Any], words: str) -> None:
    assert change_sentence(Change(kind="due", key=key, data=data), CLOCK) == words
