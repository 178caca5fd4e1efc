"""Cases: opened once, talked about, closed; the shopper is told each time."""

from __future__ import annotations

from datetime import datetime, timedelta
from threading import Thread

import pytest
from django.db import connection

from helpdesk import cases
from helpdesk.case_words import OUTCOMES, told
from helpdesk.cases import (
    CaseProblem,
    add_case_note,
    close_case,
    erase_person,
    export_person,
    open_case,
    set_state,
    write_to_shopper,
)
from helpdesk.models import Case, CaseEntry
from helpdesk.queue import worst_first
from lib.personal_data import Person
from merchants.models import Merchant, User
from merchants.scope import merchant_scope
from tests import factories
from tests.factories import NOW
from tests.helpdesk.parcels import scanned
from tracking.disputes import settle_dispute
from tracking.models import Change, Shipment


@pytest.fixture
def agent(scope: Merchant) -> User:
    return factories.user(scope)


def delivered(merchant: Merchant) -> Shipment:
    return scanned(merchant, (20, "picked_up.accepted"), (2, "delivered.signed"), carrier="aramex")


def missing(parcel: Shipment, text: str = "It is not here") -> Case:
    case, _ = open_case(
        order=parcel.order, shipment=parcel, kind="not_received", text=text, now=NOW
    )  # fmt: skip
    return case


def told_events() -> list[tuple[str, str, str]]:
    rows = Change.objects.filter(kind="order", announce=True).order_by("pk")
    return [(row.data["event"], row.data["words"], row.data["words_language"]) for row in rows]


def test_second_click_opens_no_second_case(scope: Merchant) -> None:
    parcel = delivered(scope)
    assert missing(parcel) == missing(parcel)
    assert (Case.objects.count(), [event for event, *_ in told_events()]) == (1, ["opened"])


def test_further_words_join_the_open_case(scope: Merchant, agent: User) -> None:
    parcel = delivered(scope)
    case = missing(parcel)
    set_state(case=case, state="waiting", by=agent, now=NOW)
    missing(parcel, "Still not here")
    case.refresh_from_db()
    said = CaseEntry.objects.filter(kind="from_shopper").values_list("text", flat=True)
    assert (case.state, list(said)) == ("open", ["Still not here"])


def test_not_received_disputes_the_parcel_until_it_is_closed(scope: Merchant, agent: User) -> None:
    parcel = delivered(scope)
    case = missing(parcel)
    parcel.refresh_from_db()
    assert (parcel.disputed, parcel.sub_status) == (True, "delivered.disputed_by_shopper")
    assert parcel.delivered_at is not None
    close_case(case=case, outcome="found", text="At the guard", language="en", by=agent, now=NOW)
    parcel.refresh_from_db()
    assert (parcel.disputed, parcel.sub_status) == (False, "delivered.signed")
    flags = Change.objects.filter(kind="flag", key__startswith="disputed").order_by("pk")
    assert [row.key.split(":")[1] for row in flags] == ["raised", "cleared"]


def test_shopper_is_told_of_words_and_outcome_in_their_language(
    scope: Merchant, agent: User
) -> None:
    case = missing(delivered(scope))
    for _ in range(2):
        write_to_shopper(case=case, text="نتابع", language="ar", by=agent, now=NOW)
    close_case(case=case, outcome="refunded", text="رددنا", language="ar", by=agent, now=NOW)
    assert told_events() == [
        ("opened", "", ""),
        ("replied", "نتابع", "ar"),
        ("closed", "رددنا", "ar"),
    ]
    change = Change.objects.filter(kind="order").order_by("-pk")[0]
    assert change.key == f"case:{case.pk}:{CaseEntry.objects.order_by('-pk')[0].pk}"
    assert (change.data["case"], change.data["outcome"]) == (case.pk, "refunded")


def test_notes_are_told_to_nobody(scope: Merchant, agent: User) -> None:
    case = missing(delivered(scope))
    add_case_note(case=case, text="The driver was new", by=agent, now=NOW)
    assert len(told_events()) == 1


def test_agents_case_is_told_when_the_agent_writes(scope: Merchant, agent: User) -> None:
    order = factories.order(scope)
    case, _ = open_case(order=order, kind="other", text="Phoned us", by=agent, now=NOW)
    assert (told_events(), case.by_shopper, case.opened_by) == ([], False, agent)
    write_to_shopper(case=case, text="We call back", language="en", by=agent, now=NOW)
    assert told_events() == [("replied", "We call back", "en")]


def test_closed_case_stays_closed(scope: Merchant, agent: User) -> None:
    case = missing(delivered(scope))
    close_case(case=case, outcome="found", text="There", language="en", by=agent, now=NOW)
    for act in (
        lambda: write_to_shopper(case=case, text="x", language="en", by=agent, now=NOW),
        lambda: set_state(case=case, state="open", by=agent, now=NOW),
        lambda: close_case(case=case, outcome="found", text="x", language="en", by=agent, now=NOW),
    ):
        with pytest.raises(CaseProblem):
            act()


@pytest.mark.parametrize("text", ["", "   ", "x" * 1001])
def test_no_words_and_too_many_are_refused(scope: Merchant, text: str) -> None:
    with pytest.raises(CaseProblem):
        open_case(order=factories.order(scope), kind="concern", text=text, now=NOW)


def test_open_case_stands_above_parcels_in_trouble(scope: Merchant) -> None:
    scanned(scope, (20, "picked_up.accepted"), (2, "lost.declared"))
    order = factories.order(scope)
    open_case(order=order, kind="concern", text="Please hurry", now=NOW - timedelta(days=2))
    lines = worst_first(now=NOW, today=NOW.date())
    assert (lines[0].order_id, lines[0].reason) == (order.pk, "Case: Concern · open for 2 days")
    assert len(lines) == 2


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_outcomes_have_words_in_both_languages(db: None, outcome: str) -> None:
    english, arabic = told(outcome, "en"), told(outcome, "ar")
    assert bool(english) == (outcome != "other")
    assert not any(letter.isascii() and letter.isalpha() for letter in arabic)


def test_persons_cases_are_exported_and_erased(scope: Merchant, agent: User) -> None:
    case = missing(delivered(scope))
    write_to_shopper(case=case, text="We look into it", language="en", by=agent, now=NOW)
    kept = missing(delivered(scope), "Another one’s")
    person = Person(order_ids=frozenset({case.order_id}))
    (row,) = export_person(person)
    assert (row["text"], [one["text"] for one in row["entries"]]) == (
        "It is not here", ["We look into it"],
    )  # fmt: skip
    assert (erase_person(person), erase_person(person)) == (3, 0)
    assert list(Case.objects.order_by("pk").values_list("text", flat=True)) == ["", kept.text]
    assert [words for _, words, _ in told_events() if words] == []


@pytest.mark.django_db(transaction=True)
def test_words_to_a_case_that_is_being_closed_open_another(
    merchant: Merchant, monkeypatch: pytest.MonkeyPatch
) -> None:
    with merchant_scope(merchant.pk):
        parcel, agent = delivered(merchant), factories.user(merchant)
        case = missing(parcel)

    def write_again() -> None:
        try:
            with merchant_scope(merchant.pk):
                missing(parcel, "Still not here")
        finally:
            connection.close()

    shopper = Thread(target=write_again)

    def settle_slowly(*, shipment: Shipment, now: datetime) -> bool:
        shopper.start()
        shopper.join(timeout=0.5)
        return settle_dispute(shipment=shipment, now=now)

    monkeypatch.setattr(cases, "settle_dispute", settle_slowly)
    with merchant_scope(merchant.pk):
        close_case(case=case, outcome="found", text="There", language="en", by=agent, now=NOW)
    shopper.join()
    with merchant_scope(merchant.pk):
        found = Case.objects.order_by("pk").values_list("state", "outcome", "text")
        assert list(found) == [
            ("closed", "found", "It is not here"),
            ("open", "", "Still not here"),
        ]
