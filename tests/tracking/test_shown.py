"""The ledger of what was shown: one row a date, place and person; cheap; never in the way."""

from __future__ import annotations

from datetime import timedelta
from unittest.mock import patch

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from redis.exceptions import RedisError

from edd.estimate import Estimate
from lib.personal_data import Person, erase_person, export_person
from lib.vocabulary import Status
from merchants.models import Merchant
from tests import factories
from tests.factories import NOW
from tracking.models import Promise, Recipient, Shipment, ShownDate
from tracking.shown import Seen, Where, Who, note_shown, seen, told_of


@pytest.fixture
def parcel(scope: Merchant) -> Shipment:
    return factories.shipment(scope)


def look(parcel: Shipment, where: str = Where.PAGE, who: str = Who.BUYER) -> list[Seen]:
    return seen([parcel], where=where, who=who)


def test_shown_date_says_who_where_when_and_what_it_was_made_of(parcel: Shipment) -> None:
    buyer = Recipient.objects.get(order=parcel.order_id)
    looks = seen([parcel], where=Where.PAGE, who=buyer.role, recipient=buyer.pk)
    note_shown(looks, merchant_id=parcel.merchant_id, now=NOW)
    row = ShownDate.objects.select_related("promise").get()
    promise = Promise.objects.get(shipment=parcel)
    assert (row.where, row.who, row.recipient) == ("page", "buyer", buyer.pk)
    assert (row.first, row.last, row.zone) == (parcel.edd_first, parcel.edd_last, "Asia/Dubai")
    assert (row.source, row.stage, row.times) == ("configuration", "pending", 1)
    assert (row.first_at, row.last_at) == (NOW, NOW)
    assert (row.promise, row.level, row.version) == (promise, 90, 1)
    assert row.promise.why == promise.why != []


def test_same_date_again_counts_up_and_another_is_another_row(parcel: Shipment) -> None:
    for hours in (0, 2, 5):
        note_shown(look(parcel), merchant_id=parcel.merchant_id, now=NOW + timedelta(hours=hours))
    row = ShownDate.objects.get()
    assert (row.times, row.first_at, row.last_at) == (3, NOW, NOW + timedelta(hours=5))
    note_shown(look(parcel, Where.API, Who.PROGRAM), merchant_id=parcel.merchant_id, now=NOW)
    parcel.edd_last += timedelta(days=1)
    note_shown(look(parcel), merchant_id=parcel.merchant_id, now=NOW)
    assert ShownDate.objects.count() == 3
    assert [one.times for one in told_of(parcel.order_id)] == [3, 1, 1]


def test_parcel_that_has_ended_shows_no_date(parcel: Shipment) -> None:
    parcel.status = Status.DELIVERED
    assert look(parcel) == []


def test_a_look_costs_one_statement_and_the_next_none(
    parcel: Shipment,
    django_capture_on_commit_callbacks: object,
) -> None:
    looks = [*look(parcel), *look(parcel, Where.DESK, Who.AGENT)]
    for expected in (1, 0):
        with (
            django_capture_on_commit_callbacks(execute=True),  # type: ignore[operator]
            CaptureQueriesContext(connection) as asked,
        ):
            note_shown(looks, merchant_id=parcel.merchant_id, now=NOW)
        assert len(asked) == expected
    assert ShownDate.objects.count() == 2


def test_dead_cache_is_no_reason_not_to_note(parcel: Shipment) -> None:
    with patch.object(cache, "get_many", side_effect=RedisError("gone")):
        note_shown(look(parcel), merchant_id=parcel.merchant_id, now=NOW)
    assert ShownDate.objects.count() == 1


def test_failed_note_leaves_the_caller_whole(
    parcel: Shipment, caplog: pytest.LogCaptureFixture
) -> None:
    [broken] = look(parcel)
    object.__setattr__(broken, "zone", "x" * 60)
    note_shown([broken], merchant_id=parcel.merchant_id, now=NOW)
    assert ShownDate.objects.count() == 0
    assert [record.getMessage() for record in caplog.records] == [
        "shown dates were not noted: DataError"
    ]


def test_erased_person_leaves_role_and_date(parcel: Shipment) -> None:
    buyer = Recipient.objects.get(order=parcel.order_id)
    looks = seen([parcel], where="email", who=buyer.role, recipient=buyer.pk)
    note_shown(looks, merchant_id=parcel.merchant_id, now=NOW)
    person = Person(order_ids=frozenset({parcel.order_id}))
    assert [one["where"] for one in export_person(person)["dates"]] == ["email"]
    assert erase_person(person)["dates"] == 1
    row = ShownDate.objects.get()
    assert (row.recipient, row.who, row.last) == (None, "buyer", parcel.edd_last)
    assert erase_person(person)["dates"] == 0


def test_shops_own_promise_was_shown_at_its_checkout(
    scope: Merchant, monkeypatch: pytest.MonkeyPatch
) -> None:
    def promised(*args: object, **rest: object) -> Estimate:
        days = (NOW.date() + timedelta(days=2), NOW.date() + timedelta(days=4))
        return Estimate(*days, "Asia/Dubai", "merchant", ("shop_says",))

    monkeypatch.setattr("tracking.dating.estimate", promised)
    made = factories.shipment(scope)
    row = ShownDate.objects.get(shipment=made)
    assert (row.where, row.who, row.source, row.level) == ("checkout", "buyer", "merchant", 90)
