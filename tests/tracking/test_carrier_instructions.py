"""Answers for a carrier with conditions: by code, by attempt, at its hours, by its own name."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from carriers.answers import BY_HAND, AnswerOptions
from carriers.fetch import Fetcher
from carriers.models import CarrierAccount
from carriers.updates import CarrierEvent, TrackingUpdate
from lib.encryption import seal
from merchants.models import Merchant
from merchants.scope import merchant_scope
from tests import factories
from tracking.answer_sending import send_round
from tracking.answers import Wish, options_for, take_wish
from tracking.ingest import Heard, ingest, review
from tracking.models import DeliveryAnswer, Shipment

#: 22:00 in India: Delhivery takes instructions.
NIGHT = datetime(2026, 11, 12, 16, 30, tzinfo=UTC)
#: 12:00 in India: it does not.
NOON = datetime(2026, 11, 12, 6, 30, tzinfo=UTC)
WISH = Wish(phone="+911234567890")


def attempted(
    merchant: Merchant, code: str, *, attempt: int = 1, now: datetime = NIGHT
) -> Shipment:
    """A parcel of Delhivery whose last attempt failed with this code."""
    CarrierAccount.objects.create(
        merchant=merchant, carrier="delhivery", base_url="https://track.delhivery.com",
        secrets=seal({"api_token": "k"}),
    )  # fmt: skip
    parcel = factories.shipment(
        merchant, carrier="delhivery", tracking_number="90000000000011",
        placed_at=now - timedelta(days=3), now=now,
    )  # fmt: skip
    events = tuple(
        CarrierEvent(
            code=code,
            sub_status="attempt.nobody_home",
            at=now - timedelta(hours=1, days=attempt - number),
            attempt=number,
        )
        for number in range(1, attempt + 1)
    )
    update = TrackingUpdate(parcel.tracking_number, events)
    ingest(heard=[Heard(parcel.pk, update)], source="poll", now=now)
    review([parcel.pk], now=now)
    parcel.refresh_from_db()
    return parcel


@pytest.mark.parametrize(
    ("code", "attempt", "by_api"),
    [("UD/EOD-11", 1, True), ("UD/EOD-11", 3, False), ("UD/EOD-999", 1, False)],
)
def test_only_some_codes_and_attempts_may_be_answered(
    scope: Merchant, code: str, attempt: int, *, by_api: bool
) -> None:
    parcel = attempted(scope, code, attempt=attempt)

    assert (options_for(parcel) is not BY_HAND) == by_api
    answer, _ = take_wish(shipment=parcel, wish=WISH, now=NIGHT)
    assert answer is not None
    assert answer.by_hand is not by_api


Say = Callable[[httpx.Request], httpx.Response]


def run(answer: Say, now: datetime) -> int:
    fetcher = Fetcher(transport=httpx.MockTransport(answer))
    try:
        return send_round(fetcher, now=now)
    finally:
        fetcher.close()


def wished(merchant: Merchant, now: datetime) -> DeliveryAnswer:
    with merchant_scope(merchant.pk):
        parcel = attempted(merchant, "UD/EOD-11", now=now)
        answer, _ = take_wish(shipment=parcel, wish=WISH, now=now)
    assert answer is not None
    return answer


def seen(answer: DeliveryAnswer) -> DeliveryAnswer:
    with merchant_scope(answer.merchant_id):
        answer.refresh_from_db()
    return answer


def test_wish_waits_for_the_carriers_hours(merchant: Merchant) -> None:
    answer = wished(merchant, NOON)

    assert run(lambda _: httpx.Response(500), NOON) == 0
    assert seen(answer).due_at == datetime(2026, 11, 12, 15, 30, tzinfo=UTC)
    assert not answer.is_uncertain


def test_wish_is_asked_after_by_the_carriers_own_name_for_it(merchant: Merchant) -> None:
    answer = wished(merchant, NIGHT)
    sent: list[Any] = []

    def say(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            sent.append(json.loads(request.content))
            return httpx.Response(200, json={"request_id": "UPL1"})
        sent.append(request.url.path)
        return httpx.Response(200, json={"status": "Success"})

    assert run(say, NIGHT) == 1
    assert (seen(answer).state, answer.reference) == ("sent", "UPL1")
    assert answer.due_at is not None
    # Once it has been told, the question may be put at any hour.
    run(say, answer.due_at)

    assert seen(answer).state == "accepted"
    act = {
        "waybill": "90000000000011", "act": "EDIT_DETAILS", "action_data": {"phone": WISH.phone},
    }  # fmt: skip
    assert sent == [{"data": [act]}, "/api/cmu/get_bulk_upl/UPL1"]


def test_wish_without_a_name_is_given_again(merchant: Merchant) -> None:
    answer = wished(merchant, NIGHT)
    methods: list[str] = []

    def lose(request: httpx.Request) -> httpx.Response:
        methods.append(request.method)
        raise httpx.ReadTimeout("lost", request=request)

    run(lose, NIGHT)
    assert seen(answer).is_uncertain
    assert answer.due_at is not None
    run(lose, answer.due_at)

    assert methods == ["POST", "POST"]


@pytest.mark.parametrize(
    ("hour", "opens"), [(20, 21), (21, 21), (23, 23), (2, 2), (6, 21), (12, 21)]
)
def test_hours_may_go_over_midnight(hour: int, opens: int) -> None:
    options = AnswerOptions(frozenset({"date"}), hours=(21, 6))

    found = options.opens(datetime(2026, 11, 12, hour, tzinfo=UTC))

    assert (found.day, found.hour) == (12, opens)
