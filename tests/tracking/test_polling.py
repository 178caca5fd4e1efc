"""Polling against the sandbox carrier, a real HTTP server, in each of its ways to fail."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError
from redis.exceptions import RedisError

from carriers.fetch import Fetcher
from carriers.models import CarrierAccount, CarrierFailure
from carriers.sandbox.running import RunningSandbox, running_sandbox
from lib import http
from lib.encryption import seal
from merchants.models import Merchant
from merchants.scope import merchant_scope
from tests import factories
from tests.factories import NOW
from tracking.models import Leg, Shipment, Watch
from tracking.poll_plan import LEASE
from tracking.poll_writing import write_answers
from tracking.polling import Round, poll_round, wake

FIRST = "1Z999AA10123456784"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[RunningSandbox]:
    with running_sandbox() as server:
        yield server


@pytest.fixture(autouse=True)
def well(sandbox: RunningSandbox) -> None:
    sandbox.fail("sandbox", "none")


@pytest.fixture(scope="module")
def fetcher(sandbox: RunningSandbox) -> Iterator[Fetcher]:
    made = Fetcher(allow=[sandbox.host])
    yield made
    made.close()


@pytest.fixture
def account(merchant: Merchant, sandbox: RunningSandbox) -> CarrierAccount:
    return connect(merchant, sandbox)


def connect(merchant: Merchant, sandbox: RunningSandbox) -> CarrierAccount:
    with merchant_scope(merchant.pk):
        return CarrierAccount.objects.create(
            merchant=merchant,
            carrier="sandbox",
            base_url=sandbox.base_url("sandbox"),
            secrets=seal({"client_id": merchant.slug, "client_secret": "right"}),
        )


def follow(merchant: Merchant, sandbox: RunningSandbox, number: str = FIRST) -> Shipment:
    sandbox.register(
        carrier="sandbox",
        number=number,
        scenario="delivered",
        origin={"city": "Dubai", "country": "AE"},
        destination={"city": "Abu Dhabi", "country": "AE"},
        registered_at=NOW.isoformat(),
    )
    with merchant_scope(merchant.pk):
        return factories.shipment(
            merchant, tracking_number=number, placed_at=NOW - timedelta(days=9)
        )


def watch(shipment: Shipment) -> Watch:
    with merchant_scope(shipment.merchant_id):
        return Watch.objects.get(shipment=shipment)


def state(shipment: Shipment) -> str:
    with merchant_scope(shipment.merchant_id):
        return Shipment.objects.get(pk=shipment.pk).status


def poll(fetcher: Fetcher, at: datetime = NOW) -> Round:
    return poll_round(fetcher, now=at)


def test_poll_learns_what_the_carrier_says(
    merchant: Merchant, account: CarrierAccount, sandbox: RunningSandbox, fetcher: Fetcher
) -> None:
    shipment = follow(merchant, sandbox)
    found = poll(fetcher)
    assert (found.asked, found.changed, found.failed) == (1, 1, 0)
    assert state(shipment) == "delivered"
    seen = watch(shipment)
    assert (seen.result, seen.asked_at, seen.answered_at) == ("changed", NOW, NOW)
    assert seen.next_ask_at is None  # delivered: nothing more is expected


def test_parcel_is_asked_by_one_round_only(
    merchant: Merchant, account: CarrierAccount, sandbox: RunningSandbox, fetcher: Fetcher
) -> None:
    follow(merchant, sandbox)
    assert [poll(fetcher).asked, poll(fetcher).asked] == [1, 0]


def test_unchanged_answer_writes_the_watch_only(
    merchant: Merchant, account: CarrierAccount, sandbox: RunningSandbox, fetcher: Fetcher
) -> None:
    shipment = follow(merchant, sandbox, "1Z999AA10123456785")
    poll(fetcher)
    with merchant_scope(merchant.pk):
        version = Shipment.objects.get(pk=shipment.pk).version
        Watch.objects.filter(shipment=shipment).update(next_ask_at=NOW)
    later = NOW + timedelta(minutes=1)
    assert poll(fetcher, later).changed == 0
    with merchant_scope(merchant.pk):
        assert Shipment.objects.get(pk=shipment.pk).version == version
    assert (watch(shipment).result, watch(shipment).asked_at) == ("unchanged", later)


def test_number_the_carrier_does_not_know_is_asked_again_soon(
    merchant: Merchant, account: CarrierAccount, fetcher: Fetcher
) -> None:
    with merchant_scope(merchant.pk):
        shipment = factories.shipment(merchant, tracking_number="1Z000000000UNKNOWN")
    poll(fetcher)
    seen = watch(shipment)
    assert (seen.result, seen.failures) == ("not_found", 1)
    assert seen.next_ask_at is not None
    assert timedelta(minutes=20) <= seen.next_ask_at - NOW <= timedelta(minutes=22)
    assert state(shipment) == "pending"


@pytest.mark.parametrize(
    ("mode", "kind", "http_status"),
    [
        ("429", "rate_limited", 429),
        ("500", "unavailable", 500),
        ("garbage", "unreadable", None),
        ("html", "unreadable", None),
        ("truncated", "unreadable", None),
        ("reset", "unavailable", None),
    ],
)
def test_failing_carrier_never_loses_a_parcel(
    merchant: Merchant,
    account: CarrierAccount,
    sandbox: RunningSandbox,
    fetcher: Fetcher,
    mode: str,
    kind: str,
    http_status: int | None,
) -> None:
    shipment = follow(merchant, sandbox)
    sandbox.fail("sandbox", mode)
    found = poll(fetcher)
    seen = watch(shipment)
    assert (found.failed, seen.result, seen.failures) == (1, kind, 1)
    assert seen.next_ask_at is not None
    assert seen.next_ask_at > NOW
    with merchant_scope(merchant.pk):
        failure = CarrierFailure.objects.get(account=account)
        assert (failure.kind, failure.parcels) == (kind, 1)
        if http_status:
            assert failure.http_status == http_status
    sandbox.fail("sandbox", "none")
    assert poll(fetcher, NOW + timedelta(hours=2)).failed == 0
    assert state(shipment) == "delivered"


def test_silent_carrier_is_given_up_after_the_time_out(
    merchant: Merchant,
    account: CarrierAccount,
    sandbox: RunningSandbox,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(http, "READ_SECONDS", 0.2)  # what a client made from here on waits
    impatient = Fetcher(allow=[sandbox.host])
    shipment = follow(merchant, sandbox)
    sandbox.fail("sandbox", "silence")
    assert poll(impatient).failed == 1
    impatient.close()
    assert watch(shipment).problem == "No answer in time"


def test_retry_after_pauses_the_whole_account(
    merchant: Merchant, account: CarrierAccount, sandbox: RunningSandbox, fetcher: Fetcher
) -> None:
    shipment = follow(merchant, sandbox)
    sandbox.fail("sandbox", "429", retry_after=1800)
    poll(fetcher)
    account = reload(account)
    assert account.paused_until == NOW + timedelta(seconds=1800)
    due = watch(shipment).next_ask_at
    assert due is not None
    assert due - NOW >= timedelta(seconds=1800)
    with merchant_scope(merchant.pk):
        wake(carrier="sandbox", now=NOW)
    assert poll(fetcher, NOW + timedelta(minutes=1)).asked == 0
    assert watch(shipment).result == "paused"


def reload(account: CarrierAccount) -> CarrierAccount:
    with merchant_scope(account.merchant_id):
        return CarrierAccount.objects.get(pk=account.pk)


def test_parcel_without_account_waits_and_says_so(merchant: Merchant, fetcher: Fetcher) -> None:
    with merchant_scope(merchant.pk):
        shipment = factories.shipment(merchant, carrier="aramex", tracking_number="44012345678")
    assert poll(fetcher).asked == 0
    seen = watch(shipment)
    assert (seen.result, seen.problem) == ("no_account", "No Aramex account is connected")
    assert seen.next_ask_at == NOW + timedelta(hours=6)


def test_half_the_credentials_are_not_sent(
    merchant: Merchant, account: CarrierAccount, sandbox: RunningSandbox, fetcher: Fetcher
) -> None:
    with merchant_scope(merchant.pk):
        CarrierAccount.objects.filter(pk=account.pk).update(secrets=seal({"client_id": "noor"}))
    shipment = follow(merchant, sandbox)
    before = sandbox.calls()
    poll(fetcher)
    assert sandbox.calls() == before
    assert watch(shipment).problem == "The account lacks: Client secret"


def test_each_merchants_parcels_are_asked_with_its_own_credentials(
    merchant: Merchant, other: Merchant, sandbox: RunningSandbox, fetcher: Fetcher
) -> None:
    connect(merchant, sandbox)
    with merchant_scope(other.pk):
        CarrierAccount.objects.create(
            merchant=other,
            carrier="sandbox",
            base_url=sandbox.base_url("sandbox"),
            secrets=seal({"client_id": "other", "client_secret": "wrong"}),
        )
    mine, theirs = follow(merchant, sandbox), follow(other, sandbox)
    poll(fetcher)
    assert (watch(mine).result, watch(theirs).result) == ("changed", "credentials")
    assert (state(mine), state(theirs)) == ("delivered", "pending")


def test_refused_account_is_not_asked_for_each_of_its_parcels(
    merchant: Merchant, account: CarrierAccount, sandbox: RunningSandbox, fetcher: Fetcher
) -> None:
    with merchant_scope(merchant.pk):
        wrong = seal({"client_id": "noor", "client_secret": "wrong"})
        CarrierAccount.objects.filter(pk=account.pk).update(secrets=wrong)
    mine = [follow(merchant, sandbox, f"1Z999AA1012345679{digit}") for digit in range(6)]
    before = len(sandbox.calls()["recent"])
    poll(fetcher)
    assert {watch(one).result for one in mine} == {"credentials"}
    assert len(sandbox.calls()["recent"]) - before == 1


def test_account_connected_while_we_asked_is_not_put_off(
    merchant: Merchant,
    account: CarrierAccount,
    sandbox: RunningSandbox,
    fetcher: Fetcher,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shipment = follow(merchant, sandbox)
    sandbox.fail("sandbox", "500")
    ask = fetcher.fetch_each

    def ask_and_wake(groups: Any) -> Any:
        for found in ask(groups):
            with merchant_scope(merchant.pk):
                wake(carrier="sandbox", now=NOW)
            yield found

    monkeypatch.setattr(fetcher, "fetch_each", ask_and_wake)
    poll(fetcher)
    assert (watch(shipment).result, watch(shipment).next_ask_at) == ("unavailable", NOW)


def test_round_that_fails_leaves_the_lease(
    merchant: Merchant,
    account: CarrierAccount,
    sandbox: RunningSandbox,
    fetcher: Fetcher,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shipment = follow(merchant, sandbox)
    with monkeypatch.context() as broken:
        broken.setattr("tracking.poll_plan.take_calls", _no_redis)
        with pytest.raises(RedisError):
            poll(fetcher)
    assert watch(shipment).next_ask_at == NOW + LEASE
    assert poll(fetcher, NOW + LEASE).changed == 1


def _no_redis(*_args: object, **_named: object) -> None:
    raise RedisError


def test_answers_of_one_shop_that_cannot_be_written_cost_the_others_nothing(
    merchant: Merchant,
    other: Merchant,
    sandbox: RunningSandbox,
    fetcher: Fetcher,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for shop in (merchant, other):
        connect(shop, sandbox)
    mine, theirs = follow(merchant, sandbox), follow(other, sandbox)

    def refuse_mine(answered: Any, found: Round, *, now: datetime) -> None:
        if answered[0][0].account.merchant_id == merchant.pk:
            raise IntegrityError
        write_answers(answered, found, now=now)

    monkeypatch.setattr("tracking.polling.write_answers", refuse_mine)
    found = poll(fetcher)
    assert (found.failed, state(theirs)) == (1, "delivered")
    assert watch(mine).next_ask_at == NOW + LEASE


def test_second_carrier_is_followed_where_the_first_has_no_account(
    merchant: Merchant, account: CarrierAccount, sandbox: RunningSandbox, fetcher: Fetcher
) -> None:
    shipment = follow(merchant, sandbox, "1Z000000000SECOND")
    with merchant_scope(merchant.pk):
        Shipment.objects.filter(pk=shipment.pk).update(carrier="aramex", number_key="1")
        Watch.objects.filter(shipment=shipment).update(carrier="aramex")
        Leg.objects.create(
            merchant=merchant, shipment=shipment, position=1, carrier="sandbox",
            tracking_number="1Z000000000SECOND",
        )  # fmt: skip
    poll(fetcher)
    seen = watch(shipment)
    assert (state(shipment), seen.result, seen.next_ask_at) == ("delivered", "changed", None)
