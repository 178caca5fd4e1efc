"""Silence on the desk: as a fact beside the last scan, and in the reply."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from helpdesk.replies import Inquiry, reply
from helpdesk.scans import silence_words
from merchants.models import Merchant
from tests.factories import NOW
from tests.helpdesk.parcels import scanned
from tests.tracking.taught import teach
from tracking.gap_history import forget
from tracking.models import Recipient, Shipment


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    forget()
    yield
    forget()


def silent(scope: Merchant, hours: float) -> Shipment:
    return scanned(scope, (hours, "transit.generic"), carrier="sandbox")


def told(parcel: Shipment) -> str:
    """What the reply says of the parcel."""
    buyer = Recipient.objects.get(order=parcel.order)
    text = reply(Inquiry(parcel.merchant, parcel.order, [parcel], buyer, "link", NOW), "en")
    return text.split("\n\n")[2]


def test_desk_says_normal_with_its_figures(scope: Merchant) -> None:
    teach(scope.pk, typical=50)
    assert silence_words(silent(scope, 60), now=NOW) == (
        "Nothing for 2 days, which is normal here: "
        "9 of 10 are heard of again within 4 days (this lane, 300 scans)"
    )


def test_desk_says_too_long_though_it_is_only_a_day(scope: Merchant) -> None:
    teach(scope.pk, typical=5)
    assert silence_words(silent(scope, 26), now=NOW) == (
        "Nothing for 1 day, longer than usual here: "
        "9 of 10 are heard of again within 1 day (this lane, 300 scans)"
    )


def test_desk_says_nothing_of_a_short_silence(scope: Merchant) -> None:
    teach(scope.pk, typical=50)
    assert silence_words(silent(scope, 30), now=NOW) == ""


def test_desk_has_no_figures_where_little_is_known(scope: Merchant) -> None:
    assert silence_words(silent(scope, 60), now=NOW) == "Nothing for 2 days, which is normal here"


def test_reply_to_a_usual_silence_gives_the_figure(scope: Merchant) -> None:
    teach(scope.pk, typical=50)
    assert told(silent(scope, 60)).endswith(
        "It was last scanned on Tuesday 10 November. At this stage, 9 of 10 parcels on this route "
        "are heard of again within 4 days. You need to do nothing: the next scan appears on the "
        "page below by itself."
    )


def test_reply_to_a_long_silence_gives_the_figure_and_asks(scope: Merchant) -> None:
    teach(scope.pk, typical=5)
    assert told(silent(scope, 60)).endswith(
        "It has not been scanned since Tuesday 10 November. At this stage, 9 of 10 parcels on this "
        "route are heard of again within 1 day. I am asking Sandbox Express where it is and will "
        "write to you again."
    )


def test_reply_to_a_fresh_scan_needs_no_figure(scope: Merchant) -> None:
    teach(scope.pk, typical=50)
    parcel = silent(scope, timedelta(days=1) / timedelta(hours=1))
    assert "9 of 10" not in told(parcel)
