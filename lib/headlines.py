"""The one sentence a parcel's page, mail and reply open with. Words: DESIGN, "Voice".

The storefront, the desk and the messages all call `headline`, so a shopper reads the
same sentence everywhere.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from lib import formats
from lib.carrier_words import naming
from lib.vocabulary import Milestone, Status
from lib.words import sentence

#: Far enough that no day and no month reads the same.
_OTHER_DATES: Final = timedelta(days=45)


@dataclass(frozen=True, slots=True)
class HeadlineState:
    """What the sentence depends on. All dates and the datetimes are local to the destination.

    `order_milestone` is the furthest of placed, confirmed, packed. `carrier` is a display
    name in the reader's language. `first`, `last` are the window now, `was_first`, `was_last`
    the one told first; `is_late` that it will be missed, `is_likely` that this is only likely.
    `kind` is what the carrier's word about the window is worth: "", "guaranteed" or
    "appointment". `quiet_since` is the last scan's day where the silence is worth a word though
    normal, `stalled_since` where it is too long; `feed_down_since` the last update before a
    carrier's feed went dead. `attempt_on` is the day of the last failed attempt.
    """

    status: Status
    today: date
    sub_status: str = ""
    order_milestone: Milestone = Milestone.PLACED
    carrier: str = ""
    first: date | None = None
    last: date | None = None
    was_first: date | None = None
    was_last: date | None = None
    is_late: bool = False
    is_likely: bool = False
    kind: str = ""
    delivered_at: datetime | None = None
    attempt_on: date | None = None
    pickup_place: str = ""
    pickup_until: date | None = None
    quiet_since: date | None = None
    stalled_since: date | None = None
    feed_down_since: datetime | None = None


def headline(state: HeadlineState, language: str) -> str:
    """The heading for this state in this language; one sentence, without a full stop."""
    with override(language):
        if state.status in _MOVING:
            if (since := state.feed_down_since) is not None:
                return feed_down(state.carrier, since, today=state.today, language=language)
            if _is_later_than_said(state):
                return _late(state, language)
        return _BY_STATUS[state.status](state, language)


def names_window(state: HeadlineState) -> bool:
    """Whether the heading of this state tells the delivery window, in whichever words.

    Found by trying: where other dates give the same sentence, none was named. All of them move
    together, so that late stays late.
    """
    if state.first is None or state.last is None:
        return False
    moved = replace(
        state,
        first=state.first + _OTHER_DATES,
        last=state.last + _OTHER_DATES,
        was_first=state.was_first + _OTHER_DATES if state.was_first else None,
        was_last=state.was_last + _OTHER_DATES if state.was_last else None,
    )
    return headline(state, "en") != headline(moved, "en")


def names_silence(state: HeadlineState) -> bool:
    """Whether the heading of this state says that it was silent for too long."""
    if state.stalled_since is None or state.status is not Status.IN_TRANSIT:
        return False
    return state.feed_down_since is None and not _is_later_than_said(state)


def expected(first: date, last: date, *, today: date, language: str) -> str:
    """When, as it stands in "expected …": "today", "tomorrow", a day or a window."""
    with override(language):
        if first == last == today:
            return pgettext("expected", "today")
        if first == last == today + timedelta(days=1):
            return pgettext("expected", "tomorrow")
        when = formats.date_range(first, last, language)
        if first == last:
            return pgettext("expected on one day", "%(day)s") % {"day": when}
        return pgettext("expected between two days", "%(days)s") % {"days": when}


def vouched(kind: str, when: str) -> str:
    """A date that is more than expected, in the active language; "" where it is not."""
    if kind == "guaranteed":
        return _("Guaranteed by the carrier: %(when)s") % {"when": when}
    if kind == "appointment":
        return _("Appointment with the carrier: %(when)s") % {"when": when}
    return ""


def feed_down(carrier: str, since: datetime, *, today: date, language: str) -> str:
    """A carrier answers nothing since then, in the active language; without a full stop."""
    if since.date() == today:
        words = naming(
            carrier,
            pgettext(
                "since an hour of today",
                "No updates from %(carrier)s since %(time)s. "
                "That does not mean your parcel has stopped",
            ),
            pgettext(
                "since an hour of today",
                "No updates from the carrier since %(time)s. "
                "That does not mean your parcel has stopped",
            ),
        )
        return words % {"carrier": carrier, "time": formats.time_of_day(since, language)}
    words = naming(
        carrier,
        pgettext(
            "since a day and hour",
            "No updates from %(carrier)s since %(time)s. "
            "That does not mean your parcel has stopped",
        ),
        pgettext(
            "since a day and hour",
            "No updates from the carrier since %(time)s. "
            "That does not mean your parcel has stopped",
        ),
    )
    return words % {"carrier": carrier, "time": formats.day_and_time(since, language)}


def pay_on_delivery(amount: Decimal, currency: str, language: str) -> str:
    """The line under the heading of a parcel with cash on delivery."""
    with override(language):
        price = formats.money(amount, currency, language)
        return _("To pay on delivery: %(amount)s") % {"amount": price}


def code_advice(language: str) -> str:
    """The line of a parcel that is handed over against a code."""
    with override(language):
        return _("Give the code only once you hold the parcel")


def checked(then: datetime, now: datetime, language: str) -> str:
    """How fresh the page is."""
    with override(language):
        return _("Checked %(ago)s") % {"ago": formats.ago(then, now, language)}


def _before_pickup(state: HeadlineState, language: str) -> str:
    if state.order_milestone is Milestone.PACKED or state.status is Status.INFO_RECEIVED:
        return _("Packed and waiting for the courier")
    if state.order_milestone is Milestone.CONFIRMED:
        return _("Confirmed. We are preparing it")
    return _("We have your order")


def _picked_up(state: HeadlineState, language: str) -> str:
    words = naming(state.carrier, _("Handed to %(carrier)s"), _("Handed to the carrier"))
    return words % {"carrier": state.carrier}


def _on_its_way(state: HeadlineState, language: str) -> str:
    if state.stalled_since is not None:
        day = formats.weekday_date(state.stalled_since, language)
        return _("No new scan since %(day)s, which is longer than usual") % {"day": day}
    if state.quiet_since is not None:
        day = formats.weekday(state.quiet_since, language)
        if state.today - state.quiet_since >= timedelta(days=7):
            # "Monday" alone would be read as the last one.
            day = formats.weekday_date(state.quiet_since, language)
        return _("No new scan since %(day)s, which is usual on this route") % {"day": day}
    if state.first is None or state.last is None:
        return pgettext("headline", "On its way")
    when = expected(state.first, state.last, today=state.today, language=language)
    if sure := vouched(state.kind, when):
        return _("On its way. %(sure)s") % {"sure": sure}
    return _("On its way, expected %(when)s") % {"when": when}


def _customs(state: HeadlineState, language: str) -> str:
    if state.sub_status == "customs.information_required":
        return _("Customs needs a document from you")
    if state.sub_status == "customs.duties_unpaid":
        return _("Customs charges are waiting to be paid")
    if state.sub_status in {"customs.delay", "customs.prohibited"} or state.first is None:
        return sentence(state.sub_status)
    return _late(state, language) if _is_later_than_said(state) else _on_its_way(state, language)


def _out_for_delivery(state: HeadlineState, language: str) -> str:
    if state.sub_status == "out.reschedule_needed":
        return _("Your parcel needs a new delivery time")
    if state.first is None or state.last is None:
        return pgettext("headline", "Out for delivery")
    when = expected(state.first, state.last, today=state.today, language=language)
    if state.sub_status in {"out.appointment_scheduled", "out.rescheduled"}:
        return _("Delivery is planned, expected %(when)s") % {"when": when}
    return _("Out for delivery, expected %(when)s") % {"when": when}


def _attempt_failed(state: HeadlineState, language: str) -> str:
    if state.sub_status == "attempt.disputed_by_shopper":
        return sentence(state.sub_status)
    if state.attempt_on is None or state.attempt_on == state.today:
        return naming(
            state.carrier,
            _(
                "%(carrier)s says it could not deliver today. "
                "Choose another time, or tell us if nobody came"
            ),
            _(
                "The carrier says it could not deliver today. "
                "Choose another time, or tell us if nobody came"
            ),
        ) % {"carrier": state.carrier}
    return naming(
        state.carrier,
        _(
            "%(carrier)s says it could not deliver on %(day)s. "
            "Choose another time, or tell us if nobody came"
        ),
        _(
            "The carrier says it could not deliver on %(day)s. "
            "Choose another time, or tell us if nobody came"
        ),
    ) % {"carrier": state.carrier, "day": formats.weekday(state.attempt_on, language)}


def _ready(state: HeadlineState, language: str) -> str:
    words = {"place": state.pickup_place, "day": ""}
    if state.pickup_until is not None:
        words["day"] = formats.weekday_date(state.pickup_until, language)
    if state.pickup_place and words["day"]:
        return _("Ready to collect at %(place)s until %(day)s") % words
    if state.pickup_place:
        return _("Ready to collect at %(place)s") % words
    return (
        _("Ready to collect until %(day)s") % words
        if words["day"]
        else pgettext("headline", "Ready to collect")
    )


def _delivered(state: HeadlineState, language: str) -> str:
    if state.sub_status == "delivered.disputed_by_shopper":
        return sentence(state.sub_status)
    if state.delivered_at is None:
        return pgettext("headline", "Delivered")
    day = state.delivered_at.date()
    recent = timedelta(0) <= state.today - day < timedelta(days=7)
    words = {
        "day": formats.weekday(day, language) if recent else formats.weekday_date(day, language),
        "time": formats.time_of_day(state.delivered_at, language),
    }
    if state.sub_status == "delivered.collected":
        return _("Collected on %(day)s at %(time)s") % words
    return _("Delivered on %(day)s at %(time)s") % words


def _is_later_than_said(state: HeadlineState) -> bool:
    """A parcel may be flagged late and yet come before the day we named: then nothing is said."""
    if state.last is not None and state.was_last is not None and state.last < state.was_last:
        return False
    return state.is_late


def _late(state: HeadlineState, language: str) -> str:
    if state.first is None or state.last is None:
        if state.is_likely:
            return _("Probably later than we said. We are sorry")
        return _("Later than we said. We are sorry")
    now = formats.date_range(state.first, state.last, language)
    if state.was_last is None or (state.was_first, state.was_last) == (state.first, state.last):
        if state.is_likely:
            return _("Probably later than we said, now expected %(now)s. We are sorry") % {
                "now": now
            }
        return _("Later than we said, now expected %(now)s. We are sorry") % {"now": now}
    # The old window is in the same month as a rule, which the new one names.
    same_month = (state.was_last.year, state.was_last.month) == (state.last.year, state.last.month)
    was = formats.date_range(
        state.was_first or state.was_last, state.was_last, language, month=not same_month
    )
    words = {"was": was, "now": now}
    if state.is_likely:
        return _("Probably later than we said: was %(was)s, now %(now)s. We are sorry") % words
    return _("Later than we said: was %(was)s, now %(now)s. We are sorry") % words


def _problem(state: HeadlineState, language: str) -> str:
    return sentence(state.sub_status or "exception.other")


_MOVING: Final = frozenset(
    {Status.INFO_RECEIVED, Status.PICKED_UP, Status.IN_TRANSIT, Status.PENDING}
)

_BY_STATUS: Final[dict[Status, Callable[[HeadlineState, str], str]]] = {
    Status.PENDING: _before_pickup,
    Status.INFO_RECEIVED: _before_pickup,
    Status.PICKED_UP: _picked_up,
    Status.IN_TRANSIT: _on_its_way,
    Status.CUSTOMS: _customs,
    Status.OUT_FOR_DELIVERY: _out_for_delivery,
    Status.AVAILABLE_FOR_PICKUP: _ready,
    Status.ATTEMPT_FAILED: _attempt_failed,
    Status.EXCEPTION: _problem,
    Status.DELIVERED: _delivered,
    Status.RETURNING: lambda state, language: _("Going back to the shop"),
    Status.RETURNED: lambda state, language: pgettext("headline", "Back at the shop"),
    Status.LOST_OR_DESTROYED: lambda state, language: _(
        "We believe this parcel is lost, and we are sorry. Here is what happens now"
    ),
    Status.CANCELLED: lambda state, language: _("This shipment was cancelled"),
    Status.EXPIRED: lambda state, language: _("No news from the carrier for a long time"),
}
