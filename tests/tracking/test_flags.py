"""Flags: what time adds."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from lib.vocabulary import Status
from tracking.flags import Flags, Promised, Unheard, flags
from tracking.fold import ParcelState

#: Thursday 12 November 2026, 20:30 in Dubai.
NOW = datetime(2026, 11, 12, 16, 30, tzinfo=UTC)
DUBAI = "Asia/Dubai"


def moving(**fields: object) -> ParcelState:
    values = {
        "status": Status.IN_TRANSIT,
        "sub_status": "transit.generic",
        "last_event_at": NOW - timedelta(hours=5),
    }
    return ParcelState(**(values | fields))  # type: ignore[arg-type]


def look(state: ParcelState, promised: Promised | None = None, now: datetime = NOW) -> Flags:
    return flags(state, promised, now=now, followed_since=NOW - timedelta(days=3))


def test_parcel_in_time_has_no_flags_and_is_looked_at_in_the_morning() -> None:
    found = look(moving(), Promised(date(2026, 11, 13), date(2026, 11, 13), DUBAI))
    assert found == Flags(review_at=datetime(2026, 11, 13, 2, 30, tzinfo=UTC))


def test_parcel_is_looked_at_when_the_promise_ends() -> None:
    promised = Promised(date(2026, 11, 12), date(2026, 11, 12), DUBAI)
    assert look(moving(), promised).review_at == datetime(2026, 11, 12, 20, 0, tzinfo=UTC)


def likely(risk: float | None, **fields: object) -> Promised:
    days = {"now_first_day": date(2026, 11, 13), "risk": risk} | fields
    return Promised(date(2026, 11, 14), date(2026, 11, 16), DUBAI, **days)  # type: ignore[arg-type]


def flagged(risk: float | None, *, was: bool = False, **state: object) -> tuple[bool, bool]:
    found = flags(
        moving(**state),
        likely(risk),
        now=NOW,
        followed_since=NOW - timedelta(days=3),
        was_likely_late=was,
    )
    return found.will_be_late, found.delayed


def test_risk_of_half_is_likely_late_and_not_yet_late() -> None:
    assert [flagged(risk) for risk in (None, 0.49, 0.5)] == [
        (False, False), (False, False), (True, False),
    ]  # fmt: skip


def test_likely_late_stays_until_the_risk_is_small() -> None:
    found = [flagged(risk, was=True)[0] for risk in (0.5, 0.36, 0.35, None)]
    assert found == [True, True, False, False]


def test_carriers_word_of_a_delay_makes_likely_late_certain() -> None:
    assert flagged(0.9, was=True, sub_status="delay.weather") == (False, True)


def test_way_back_and_delivered_are_never_likely_late() -> None:
    back = flagged(0.9, return_leg=True, status=Status.RETURNING, sub_status="returning.started")
    done = flagged(0.9, status=Status.DELIVERED, sub_status="delivered.generic")
    assert (back, done) == ((False, False), (False, False))


def test_dead_feed_raises_no_likely_late_and_keeps_one() -> None:
    def unheard(*, was: bool) -> bool:
        return flags(
            moving(), likely(0.9), now=NOW, followed_since=NOW, was_likely_late=was,
            unheard=Unheard(was_delayed=False, was_stalled=False),
        ).will_be_late  # fmt: skip

    assert (unheard(was=False), unheard(was=True)) == (False, True)


def test_day_that_has_passed_is_late_and_no_longer_likely() -> None:
    after = datetime(2026, 11, 14, 20, 0, tzinfo=UTC)
    found = flags(moving(), likely(0.9), now=after, followed_since=NOW, was_likely_late=True)
    assert (found.will_be_late, found.delayed) == (False, True)


def test_learned_window_that_only_ends_later_is_no_delay() -> None:
    behind = likely(0.2, now_first_day=date(2026, 11, 15))
    assert flagged(0.2) == (False, False)
    assert look(moving(), behind).delayed is True


def test_promise_ends_with_the_day_at_the_destination() -> None:
    promised = Promised(date(2026, 11, 12), date(2026, 11, 12), DUBAI)
    last_second = datetime(2026, 11, 12, 19, 59, 59, tzinfo=UTC)
    assert look(moving(), promised, last_second).delayed is False
    assert look(moving(), promised, last_second + timedelta(seconds=1)).delayed is True


def test_window_that_moved_back_is_a_delay_before_the_day_has_passed() -> None:
    promised = Promised(date(2026, 11, 14), date(2026, 11, 16), DUBAI)
    assert look(moving(), promised).delayed is True


def test_carriers_own_word_of_delay_counts() -> None:
    assert look(moving(sub_status="delay.weather")).delayed is True


def test_carriers_delay_that_still_keeps_our_promise_is_none() -> None:
    promised = Promised(date(2026, 11, 17), date(2026, 11, 14), DUBAI)
    assert look(moving(sub_status="delay.weather"), promised).delayed is False


def test_delivered_parcel_has_no_flags() -> None:
    promised = Promised(date(2026, 11, 1), date(2026, 11, 1), DUBAI)
    state = moving(status=Status.DELIVERED, sub_status="delivered.generic")
    assert look(state, promised) == Flags()


def test_silence_longer_than_normal_is_stalled() -> None:
    assert look(moving(last_event_at=NOW - timedelta(days=4))).stalled is True
    assert look(moving(last_event_at=NOW - timedelta(days=3, hours=23))).stalled is False


def test_parcel_never_scanned_is_stalled_from_when_we_followed_it() -> None:
    state = ParcelState()
    assert look(state, now=NOW + timedelta(hours=23)).stalled is False
    assert look(state, now=NOW + timedelta(hours=24)).stalled is True


def test_shopper_must_act_on_customs_papers_but_not_on_a_van() -> None:
    customs = moving(status=Status.CUSTOMS, sub_status="customs.information_required")
    van = moving(status=Status.OUT_FOR_DELIVERY, sub_status="out.on_vehicle")
    assert look(customs).action_required is True
    assert look(van).action_required is False


def test_long_silence_expires() -> None:
    assert look(moving(last_event_at=NOW - timedelta(days=45))).expired is True
