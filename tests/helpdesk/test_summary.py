"""One order in one sentence."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils.translation import override

from helpdesk.reader import Reader
from helpdesk.summary import summary
from lib.vocabulary import Status
from notifications.models import Message
from tests.factories import NOW
from tracking.models import Shipment

_READER = Reader(NOW, ZoneInfo("Asia/Dubai"), "en")


def _parcel(status: Status, **flags: bool) -> Shipment:
    return Shipment(status=status, **flags)


def _sent(hours_ago: float) -> Message:
    return Message(state="sent", sent_at=NOW - timedelta(hours=hours_ago))


@pytest.mark.parametrize(
    ("parcels", "messages", "said"),
    [
        ([], [], "No parcel yet, customer not told yet"),
        (
            [_parcel(Status.IN_TRANSIT, delayed=True), _parcel(Status.DELIVERED)],
            [_sent(18)],
            "Two parcels, one late, one delivered, customer told yesterday 6:00 pm",
        ),
        (
            [_parcel(Status.OUT_FOR_DELIVERY)],
            [_sent(2)],
            "One parcel, out for delivery, customer told today 10:00 am",
        ),
        (
            [_parcel(Status.DELIVERED)] * 3,
            [_sent(24 * 7)],
            "Three parcels, all delivered, customer told Thu 5 Nov, 12:00 pm",
        ),
        (
            [_parcel(Status.ATTEMPT_FAILED, delayed=True)] * 7,
            [Message(state="failed")],
            "7 parcels, all with a failed attempt, the message to the customer failed",
        ),
    ],
)
def test_summary_says_count_matter_and_what_the_customer_knows(
    parcels: list[Shipment], messages: list[Message], said: str
) -> None:
    assert summary(parcels, messages, _READER, cancelled=False) == said


def test_cancelled_order_says_so() -> None:
    said = summary([], [], _READER, cancelled=True)
    assert said == "Cancelled before anything was sent, customer not told yet"


def test_summary_in_arabic_counts_as_arabic_does() -> None:
    reader = Reader(NOW, ZoneInfo("Asia/Dubai"), "ar")
    with override("ar"):
        said = summary(
            [_parcel(Status.IN_TRANSIT, delayed=True), _parcel(Status.DELIVERED)],
            [_sent(18)],
            reader,
            cancelled=False,
        )
    assert said == "شحنتان، واحدة متأخرة، واحدة سُلّمت، أُبلغ العميل أمس 6:00 م"
