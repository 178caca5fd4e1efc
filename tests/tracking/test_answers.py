"""A shopper's answer to a failed attempt: kept once, handed to the carrier, settled."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from carriers.base import Limits
from carriers.calls import Errand, Returned
from carriers.fetch import Fetcher
from carriers.models import CarrierAccount
from carriers.sandbox.running import RunningSandbox, running_sandbox
from helpdesk.reader import Reader
from helpdesk.scans import card
from lib.encryption import seal
from lib.personal_data import Person
from merchants.models import Merchant
from merchants.scope import merchant_scope
from tests import factories
from tests.factories import NOW
from tests.helpdesk.parcels import hear, scanned
from tracking.answer_sending import LEASE, MOST_TRIES, POSTPONED, most_at_once, send_round
from tracking.answers import (
    Wish,
    agreed_day,
    days_for,
    erase_person,
    export_person,
    false_attempts,
    pass_on,
    settle,
    take_denial,
    take_wish,
    waiting_by_hand,
)
from tracking.models import Change, DeliveryAnswer, Order, Shipment

LANDMARK = Wish(landmark="Opposite the pharmacy")


def attempted(merchant: Merchant, now: datetime = NOW, **fields: object) -> Shipment:
    return scanned(
        merchant, (20, "picked_up.accepted"), (2, "attempt.nobody_home"), now=now, **fields
    )


@pytest.fixture
def sandbox() -> Iterator[RunningSandbox]:
    with running_sandbox() as server:
        yield server


@pytest.fixture
def fetcher(sandbox: RunningSandbox) -> Iterator[Fetcher]:
    made = Fetcher(allow=[sandbox.host])
    yield made
    made.close()


def connect(merchant: Merchant, sandbox: RunningSandbox, secret: str = "right") -> None:
    CarrierAccount.objects.create(
        merchant=merchant, carrier="sandbox", base_url=sandbox.base_url("sandbox"),
        secrets=seal({"client_id": "a", "client_secret": secret}),
    )  # fmt: skip


def asked(merchant: Merchant, sandbox: RunningSandbox, *, secret: str = "right") -> DeliveryAnswer:
    """A wish of now for a parcel that waits at the sandbox."""
    now = timezone.now()
    with merchant_scope(merchant.pk):
        connect(merchant, sandbox, secret)
        parcel = attempted(merchant, now, tracking_number="N1")
        sandbox.register("sandbox", "N1", "attempt_open", live_gap_seconds=0.4)
        answer, _ = take_wish(shipment=parcel, wish=LANDMARK, now=now)
    assert answer is not None
    return answer


def read(answer: DeliveryAnswer) -> DeliveryAnswer:
    with merchant_scope(answer.merchant_id):
        answer.refresh_from_db()
    return answer


def later(answer: DeliveryAnswer) -> datetime:
    due = read(answer).due_at
    assert due is not None
    return due + timedelta(seconds=1)


def page_stamp(answer: DeliveryAnswer) -> datetime:
    with merchant_scope(answer.merchant_id):
        return Order.objects.get(pk=answer.order_id).updated_at


def instructions(sandbox: RunningSandbox) -> int:
    return sum(
        call["method"] == "POST" and "instructions" in call["path"]
        for call in sandbox.calls()["recent"]
    )


def test_days_are_the_carriers_next_ones(scope: Merchant) -> None:
    parcel = attempted(scope, carrier="aramex")
    days = days_for(parcel, parcel.order, now=NOW)
    # Thursday noon: Sunday is no delivery day of Aramex in the Emirates.
    assert [f"{day:%a %d}" for day in days] == ["Fri 13", "Sat 14", "Mon 16", "Tue 17"]


def test_second_click_is_the_same_wish(scope: Merchant) -> None:
    parcel = attempted(scope)
    first, is_new = take_wish(shipment=parcel, wish=LANDMARK, now=NOW)
    second, again = take_wish(shipment=parcel, wish=LANDMARK, now=NOW)
    assert (first, is_new, again) == (second, True, False)


def test_parcel_that_moved_on_takes_no_wish(scope: Merchant) -> None:
    parcel = attempted(scope)
    hear(parcel, (1, "out.on_vehicle"))
    assert take_wish(shipment=parcel, wish=LANDMARK, now=NOW) == (None, False)


def test_empty_wish_is_refused(scope: Merchant) -> None:
    with pytest.raises(ValueError, match="asks for nothing"):
        take_wish(shipment=attempted(scope), wish=Wish(part_of_day="morning"), now=NOW)


def test_wish_is_sent_decided_and_the_page_is_new(
    merchant: Merchant, sandbox: RunningSandbox, fetcher: Fetcher
) -> None:
    answer = asked(merchant, sandbox)
    before = page_stamp(answer)
    assert send_round(fetcher, now=timezone.now()) == 1
    assert (read(answer).state, answer.reference[:4], answer.by_hand) == ("sent", "SBX-", False)
    time.sleep(0.2)
    assert send_round(fetcher, now=later(answer)) == 1
    assert (read(answer).state, answer.due_at) == ("accepted", None)
    assert page_stamp(answer) > before
    assert send_round(fetcher, now=timezone.now() + timedelta(days=1)) == 0


@pytest.mark.parametrize("mode", ["reset", "garbage", "500", "429"])
def test_lost_answer_is_asked_for_and_nothing_is_sent_twice(
    merchant: Merchant, sandbox: RunningSandbox, fetcher: Fetcher, mode: str
) -> None:
    answer = asked(merchant, sandbox)
    sandbox.fail("sandbox", mode, for_requests=2)  # the token, or the token and the instruction
    send_round(fetcher, now=timezone.now())
    sandbox.fail("sandbox", mode, for_requests=1)
    send_round(fetcher, now=later(answer))
    sandbox.fail("sandbox", "none")
    for _ in range(3):
        if read(answer).due_at is None:
            break
        send_round(fetcher, now=later(answer))
        time.sleep(0.2)
    assert read(answer).state == "accepted"
    kinds = [step["kind"] for step in sandbox.parcel("sandbox", "N1")["steps"]]
    assert (kinds.count("out_for_delivery"), kinds.count("delivered")) == (2, 1)


def test_worker_that_died_after_sending_is_found_out(
    merchant: Merchant, sandbox: RunningSandbox, fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = asked(merchant, sandbox)

    def die(*args: object, **kwargs: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("tracking.answer_sending._write", die)
        with pytest.raises(KeyboardInterrupt):
            send_round(fetcher, now=timezone.now())
    assert (read(answer).state, answer.is_uncertain) == ("received", True)
    time.sleep(0.2)
    send_round(fetcher, now=later(answer))
    assert (read(answer).state, instructions(sandbox)) == ("accepted", 1)


def test_refused_key_hands_it_to_a_person(
    merchant: Merchant, sandbox: RunningSandbox, fetcher: Fetcher
) -> None:
    answer = asked(merchant, sandbox, secret="wrong")
    send_round(fetcher, now=timezone.now())
    assert (read(answer).by_hand, answer.due_at) == (True, None)
    assert answer.problem == "The carrier refused the credentials (401)"


@pytest.mark.parametrize(("secret", "minutes"), [("right", 30), ("wrong", 60)])
def test_refusal_pauses_the_account_and_what_is_due_waits(
    merchant: Merchant, sandbox: RunningSandbox, fetcher: Fetcher, secret: str, minutes: int
) -> None:
    answer, now = asked(merchant, sandbox, secret=secret), timezone.now()
    if secret == "right":
        sandbox.fail("sandbox", "429", retry_after=1800)
    send_round(fetcher, now=now)
    with merchant_scope(merchant.pk):
        account = CarrierAccount.objects.get()
        DeliveryAnswer.objects.update(due_at=now, by_hand=False)
    assert account.paused_until == now + timedelta(minutes=minutes)
    calls = len(sandbox.calls()["recent"])
    soon = now + timedelta(minutes=1)
    assert send_round(fetcher, now=soon) == 0
    assert (len(sandbox.calls()["recent"]), read(answer).due_at) == (calls, soon + POSTPONED)
    sandbox.fail("sandbox", "none")
    assert send_round(fetcher, now=account.paused_until) == 1


def test_account_is_given_no_more_than_it_ends_within_the_lease(
    merchant: Merchant, sandbox: RunningSandbox, fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer, now = asked(merchant, sandbox), timezone.now()
    monkeypatch.setattr(
        "carriers.providers.sandbox.Sandbox.limits", Limits(per_second=0.01, concurrent=1)
    )
    with merchant_scope(merchant.pk):
        parcel = attempted(merchant, now, tracking_number="N2")
        second, _ = take_wish(shipment=parcel, wish=LANDMARK, now=now)
    assert second is not None
    assert send_round(fetcher, now=now + timedelta(seconds=1)) == 1
    assert (read(answer).state, read(second).state) == ("sent", "received")
    assert (second.due_at, second.is_uncertain) == (now + timedelta(seconds=1) + POSTPONED, False)


@pytest.mark.parametrize(
    ("limits", "most"),
    [
        (Limits(concurrent=100), 400),
        (Limits(per_second=0.1, concurrent=100), 12),
        (Limits(per_second=5, concurrent=4), 16),
        (Limits(per_second=0.001, concurrent=1), 1),
    ],
)
def test_accounts_share_of_a_round(limits: Limits, most: int) -> None:
    assert most_at_once(limits) == most


def test_slow_worker_does_not_undo_a_later_turn(
    merchant: Merchant, sandbox: RunningSandbox, fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer, now = asked(merchant, sandbox), timezone.now()
    carry, later_rounds = fetcher.carry, [now + LEASE + timedelta(seconds=1)]

    def carry_slowly(errands: Sequence[Errand]) -> list[Returned]:
        returned = carry(errands)
        if later_rounds:  # the first worker's lease ends before it writes
            moment = later_rounds.pop()
            sandbox.fail("sandbox", "none")
            send_round(fetcher, now=moment)
        return returned

    monkeypatch.setattr(fetcher, "carry", carry_slowly)
    sandbox.fail("sandbox", "500")
    send_round(fetcher, now=now)
    assert (read(answer).state, answer.problem, answer.tries) == ("sent", "", 1)
    assert answer.due_at is not None
    assert answer.due_at > now + LEASE


def test_too_many_tries_hand_it_to_a_person(
    merchant: Merchant, sandbox: RunningSandbox, fetcher: Fetcher
) -> None:
    answer = asked(merchant, sandbox)
    sandbox.fail("sandbox", "500")
    for _ in range(MOST_TRIES):
        send_round(fetcher, now=later(answer))
    assert (read(answer).by_hand, answer.state) == (True, "received")
    with merchant_scope(merchant.pk):
        assert list(waiting_by_hand()) == [answer]


def test_wish_that_the_parcel_overtook_is_not_sent(
    merchant: Merchant, sandbox: RunningSandbox, fetcher: Fetcher
) -> None:
    answer = asked(merchant, sandbox)
    with merchant_scope(merchant.pk):
        hear(answer.shipment, (0, "delivered.generic"), now=timezone.now())
    send_round(fetcher, now=timezone.now())
    assert (read(answer).state, instructions(sandbox)) == ("overtaken", 0)


def test_refused_wish_may_be_followed_by_another(
    merchant: Merchant, sandbox: RunningSandbox, fetcher: Fetcher
) -> None:
    answer = asked(merchant, sandbox)
    with merchant_scope(merchant.pk):
        day = timezone.now().date() + timedelta(days=30)
        DeliveryAnswer.objects.filter(pk=answer.pk).update(day=day)
    send_round(fetcher, now=timezone.now())
    assert (read(answer).state, answer.carrier_words) == (
        "refused", "The requested date is more than 6 days ahead",
    )  # fmt: skip
    with merchant_scope(merchant.pk):
        _, is_new = take_wish(shipment=answer.shipment, wish=LANDMARK, now=timezone.now())
    assert is_new


def test_carrier_without_an_api_is_told_by_hand(scope: Merchant) -> None:
    parcel = attempted(scope, carrier="aramex")
    agent = factories.user(scope)
    answer, _ = take_wish(shipment=parcel, wish=LANDMARK, now=NOW)
    assert answer is not None
    assert (answer.by_hand, answer.due_at, list(waiting_by_hand())) == (True, None, [answer])
    told = [pass_on(answer=answer, by=agent, now=NOW) for _ in range(2)]
    settled = [settle(answer=answer, agreed=True, words="OK", by=agent, now=NOW) for _ in range(2)]
    assert (told, settled) == ([True, False], [True, False])
    assert (answer.state, answer.handled_by, list(waiting_by_hand())) == ("accepted", agent, [])


def test_agreed_day_holds_until_it_passes_or_the_parcel_is_tried_again(scope: Merchant) -> None:
    parcel, day = attempted(scope, carrier="aramex"), NOW.date() + timedelta(days=3)
    answer, _ = take_wish(shipment=parcel, wish=Wish(day=day), now=NOW)
    assert answer is not None
    assert agreed_day(parcel, [answer], today=NOW.date()) is None
    settle(answer=answer, agreed=True, words="OK", by=factories.user(scope), now=NOW)
    assert agreed_day(parcel, [answer], today=day) == day
    assert agreed_day(parcel, [answer], today=day + timedelta(days=1)) is None
    parcel.attempts += 1
    assert agreed_day(parcel, [answer], today=day) is None


def test_agreed_day_stands_on_the_desks_card_and_not_late(scope: Merchant) -> None:
    parcel = attempted(scope, carrier="aramex")
    parcel.delayed = True
    reader = Reader(NOW, ZoneInfo("Asia/Dubai"), "en")
    late, agreed = (
        card(parcel, reader, index=1, count=1, items=[], agreed=day)
        for day in (None, NOW.date() + timedelta(days=3))
    )
    assert [("delayed" in one["flags"]) for one in (late, agreed)] == [True, False]
    assert agreed["window"]["text"] == "Agreed with the carrier for Sun 15 Nov"


def test_nobody_came_is_evidence_and_shows_until_the_next_attempt(scope: Merchant) -> None:
    parcel = attempted(scope, carrier="aramex")
    take_denial(shipment=parcel, now=NOW)
    take_denial(shipment=parcel, now=NOW)
    parcel.refresh_from_db()
    assert (parcel.sub_status, parcel.action_required) == ("attempt.disputed_by_shopper", False)
    assert false_attempts("aramex") == (1, 1)
    hear(parcel, (-20, "attempt.unreachable"), now=NOW + timedelta(hours=21))
    assert (parcel.sub_status, false_attempts("aramex")) == ("attempt.unreachable", (1, 2))


def test_changes_hold_no_address(scope: Merchant) -> None:
    parcel = attempted(scope)
    take_wish(shipment=parcel, wish=Wish(address="Villa 14", phone="0501234567"), now=NOW)
    said = repr(list(Change.objects.values_list("key", "data")))
    assert ("Villa" in said, "0501234567" in said) == (False, False)


def test_persons_answers_are_exported_and_erased(scope: Merchant) -> None:
    parcel = attempted(scope)
    take_wish(shipment=parcel, wish=LANDMARK, now=NOW)
    person = Person(order_ids=frozenset({parcel.order_id}))
    assert [row["landmark"] for row in export_person(person)] == ["Opposite the pharmacy"]
    assert (erase_person(person), erase_person(person)) == (1, 0)
    assert DeliveryAnswer.objects.get().landmark == ""
