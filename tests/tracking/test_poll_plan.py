"""Which calls a round makes: accounts, limits, shares, circuits."""

from __future__ import annotations

from datetime import timedelta

import pytest

from carriers import registry
from carriers.accounts import account_of
from carriers.base import Ask, CarrierError
from carriers.calls import Answer, Call
from carriers.models import CarrierAccount, CarrierFailure, PlatformAccount
from lib.encryption import seal
from merchants.models import Merchant
from merchants.scope import every_merchant, merchant_scope
from tests import factories
from tests.factories import NOW
from tracking.models import Leg, Shipment, Watch
from tracking.poll_plan import CIRCUIT_OPENS_AT, Plan, make_plan
from tracking.polling import claim
from tracking.polling_health import note_answers


def connect(merchant: Merchant, carrier: str = "ups", **fields: object) -> CarrierAccount:
    secrets = seal({"client_id": "id", "client_secret": "secret", "api_key": "key"})
    with merchant_scope(merchant.pk):
        return CarrierAccount.objects.create(
            merchant=merchant, carrier=carrier, **({"secrets": secrets} | fields)
        )


def parcels(merchant: Merchant, count: int, carrier: str = "ups", status: str = "") -> None:
    with merchant_scope(merchant.pk):
        for number in range(count):
            made = factories.shipment(
                merchant,
                carrier=carrier,
                tracking_number=f"{merchant.slug}{carrier}{status}{number}",
            )
            if status:
                Shipment.objects.filter(pk=made.pk).update(status=status)


def plan(minutes: int = 0) -> Plan:
    now = NOW + timedelta(minutes=minutes)
    with every_merchant("the test makes everything due"):
        Watch.objects.update(next_ask_at=now)
        return make_plan(claim(now=now, limit=100), now=now)


def reload(account: CarrierAccount) -> CarrierAccount:
    with merchant_scope(account.merchant_id):
        return CarrierAccount.objects.get(pk=account.pk)


def test_calls_hold_as_many_parcels_as_the_carrier_takes(merchant: Merchant) -> None:
    connect(merchant, "smsa")
    parcels(merchant, 60, "smsa")
    assert [len(one.dues) for one in plan().planned] == [50, 10]


def test_calls_get_moments_by_the_accounts_pace(merchant: Merchant) -> None:
    connect(merchant, calls_per_second=4.0)
    parcels(merchant, 3)
    assert [one.call.after for one in plan().planned] == [0.0, 0.25, 0.5]


def test_what_the_pace_leaves_over_only_waits_for_its_moment(merchant: Merchant) -> None:
    connect(merchant, calls_per_second=0.2)
    parcels(merchant, 4)
    found = plan()
    assert len(found.planned) == 2
    assert [(one.result, one.until - NOW) for one in found.postponed] == [
        ("", timedelta(seconds=10)),
        ("", timedelta(seconds=15)),
    ]


def test_parcels_at_the_door_are_asked_about_first_when_calls_are_short(
    merchant: Merchant,
) -> None:
    connect(merchant, calls_per_second=0.1)
    parcels(merchant, 2)
    parcels(merchant, 1, status="out_for_delivery")
    assert plan().planned[0].dues[0].status == "out_for_delivery"


def test_used_up_day_says_so(merchant: Merchant) -> None:
    connect(merchant, calls_per_day=1)
    parcels(merchant, 2)
    found = plan()
    assert [len(found.planned), len(found.postponed)] == [1, 1]
    assert found.postponed[0].words == "The carrier's daily limit for this account is used up"


def fail(account: CarrierAccount, kind: str, minutes: int = 0) -> None:
    call = plan(minutes).planned[0].call
    error = CarrierError("It does not answer", kind=kind)  # type: ignore[arg-type]
    with merchant_scope(account.merchant_id):
        note_answers([(reload(account), Answer(call, error=error))], now=NOW)


def test_carrier_silent_for_rounds_is_left_alone_then_tried_with_one_call(
    merchant: Merchant,
) -> None:
    account = connect(merchant)
    parcels(merchant, 5)
    for _ in range(CIRCUIT_OPENS_AT):
        assert reload(account).paused_until is None
        fail(account, "unavailable")
    assert reload(account).paused_until == NOW + timedelta(minutes=2)
    assert [one.result for one in plan(1).postponed] == ["paused"] * 5
    probe = plan(3)
    assert [len(probe.planned), len(probe.postponed)] == [1, 4]
    assert plan(3).planned == []  # another worker, at the same moment
    with merchant_scope(merchant.pk):
        later = NOW + timedelta(minutes=3)
        note_answers([(reload(account), Answer(probe.planned[0].call))], now=later)
    assert (reload(account).failures, reload(account).paused_until) == (0, None)
    assert len(plan(4).planned) == 5


def test_one_good_answer_keeps_the_circuit_closed(merchant: Merchant) -> None:
    account = connect(merchant)
    parcels(merchant, 2)
    with merchant_scope(merchant.pk):
        CarrierAccount.objects.filter(pk=account.pk).update(failures=CIRCUIT_OPENS_AT - 1)
    first, second = plan().planned
    error = CarrierError("It does not answer", kind="unavailable")
    with merchant_scope(merchant.pk):
        answers = [Answer(first.call, error=error), Answer(second.call)]
        note_answers([(reload(account), one) for one in answers], now=NOW)
    assert (reload(account).failures, reload(account).paused_until) == (1, None)


@pytest.fixture
def shared(merchant: Merchant, other: Merchant) -> PlatformAccount:
    made = PlatformAccount.objects.create(
        carrier="ups",
        secrets=seal({"client_id": "platform", "client_secret": "secret"}),
        calls_per_day=20,
    )
    for one in (merchant, other):
        connect(one, platform=made, secrets="")
    return made


def test_shared_account_asks_with_the_operators_credentials(
    merchant: Merchant, shared: PlatformAccount
) -> None:
    parcels(merchant, 1)
    account = plan().planned[0].call.account
    assert account.credentials == {"client_id": "platform", "client_secret": "secret"}
    assert account.key.startswith(f"platform-{shared.pk}:")


def test_nobody_takes_more_than_a_fair_share_of_a_shared_day(
    merchant: Merchant, other: Merchant, shared: PlatformAccount
) -> None:
    parcels(other, 1)
    plan()
    parcels(merchant, 30)
    found = plan(1)
    mine = [one for one in found.planned if one.account.merchant_id == merchant.pk]
    assert len(mine) <= 10
    assert {one.result for one in found.postponed} == {"budget"}


def test_refusal_of_a_shared_account_pauses_it_for_all(
    merchant: Merchant, other: Merchant, shared: PlatformAccount
) -> None:
    parcels(merchant, 1)
    parcels(other, 1)
    planned = plan().planned[0]
    error = CarrierError("Too fast", kind="rate_limited", retry_after=600)
    with merchant_scope(planned.account.merchant_id):
        note_answers([(planned.account, Answer(planned.call, error=error))], now=NOW)
    assert plan(1).planned == []


def test_second_carrier_is_asked_beside_the_first(merchant: Merchant) -> None:
    connect(merchant, "ups")
    connect(merchant, "smsa")
    with merchant_scope(merchant.pk):
        parcel = factories.shipment(merchant, carrier="ups", tracking_number="FIRST")
        Leg.objects.create(
            merchant=merchant, shipment=parcel, position=1, carrier="smsa", tracking_number="SECOND"
        )
    asked = sorted((one.call.carrier.slug, one.dues[0].number) for one in plan().planned)
    assert asked == [("smsa", "SECOND"), ("ups", "FIRST")]


def test_lost_key_of_one_shop_stops_nobody_elses_parcels(
    merchant: Merchant, other: Merchant
) -> None:
    connect(merchant, secrets="sealed with a key that is gone")
    connect(other)
    parcels(merchant, 1)
    parcels(other, 1)
    found = plan()
    assert [one.account.merchant_id for one in found.planned] == [other.pk]
    assert [(one.result, one.due.merchant_id) for one in found.postponed] == [
        ("credentials", merchant.pk)
    ]


def answered(account: CarrierAccount, kind: str = "", retry_after: float | None = None) -> None:
    call = Call(registry.get("ups"), account_of(account), (Ask("1Z", {}),))
    error = CarrierError("No", kind=kind, retry_after=retry_after) if kind else None  # type: ignore[arg-type]
    with merchant_scope(account.merchant_id):
        note_answers([(account, Answer(call, error=error))], now=NOW)


@pytest.mark.parametrize("kind", ["", "unavailable", "rate_limited"])
def test_answer_that_comes_late_does_not_shorten_a_pause(merchant: Merchant, kind: str) -> None:
    account = connect(merchant)
    answered(account, "rate_limited", retry_after=1800)
    answered(account, kind, retry_after=60)  # another worker asked before the refusal
    assert reload(account).paused_until == NOW + timedelta(seconds=1800)


def test_shared_pause_is_not_shortened(merchant: Merchant, shared: PlatformAccount) -> None:
    with merchant_scope(merchant.pk):
        account = CarrierAccount.objects.get()
    answered(account, "rate_limited", retry_after=1800)
    answered(account, "rate_limited", retry_after=60)
    shared.refresh_from_db()
    assert shared.paused_until == NOW + timedelta(seconds=1800)


def test_refusal_of_old_credentials_does_not_pause_the_new_ones(merchant: Merchant) -> None:
    asked_with = connect(merchant)
    with merchant_scope(merchant.pk):
        CarrierAccount.objects.update(secrets=seal({"client_id": "id", "client_secret": "new"}))
    answered(asked_with, "credentials")
    assert (reload(asked_with).paused_until, reload(asked_with).failures) == (None, 0)


def test_account_removed_while_we_asked_leaves_nothing(merchant: Merchant) -> None:
    account = connect(merchant)
    with merchant_scope(merchant.pk):
        CarrierAccount.objects.all().delete()
    answered(account, "unavailable")
    with merchant_scope(merchant.pk):
        assert CarrierFailure.objects.count() == 0


def test_operators_credentials_go_to_the_operators_address_only(
    merchant: Merchant, shared: PlatformAccount
) -> None:
    with merchant_scope(merchant.pk):
        CarrierAccount.objects.update(base_url="https://elsewhere.example")
    parcels(merchant, 1)
    assert plan().planned[0].call.account.base_url == ""
