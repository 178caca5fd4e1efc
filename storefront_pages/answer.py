"""The top of the page: the sentence, the dates, what happens next, the one thing to do."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lib import formats, headlines
from lib.headlines import HeadlineState
from lib.sentences import joined
from lib.vocabulary import SUB_STATUSES, TERMINAL, Party, Status
from notifications.heading import heading_state
from storefront_pages.attempt import heading_of_wish, holds_date, lead_of_wish
from storefront_pages.contents import in_it, still_to_come
from storefront_pages.hiding import carrier_name, carrier_page
from storefront_pages.hijri_dates import hijri_facts
from storefront_pages.last_metres import facts
from storefront_pages.leads import heading_of_hold, lead_of
from storefront_pages.reach import Contact, reach
from storefront_pages.settled import settled_lead
from storefront_pages.story import Parcel, Story
from tracking.answers import is_answerable
from tracking.details import read_details
from tracking.order_changes import ON_HOLD

#: Without a scan this long a shopper wonders, though the carrier is still in its usual time.
QUIET: Final = timedelta(days=2)
#: So many failed looks in a row, this long after the last good one, and the page says so.
FAILED_LOOKS: Final = 3
CUT_OFF: Final = timedelta(hours=2)
_CUT_OFF_RESULTS: Final = frozenset(
    {"unavailable", "unreadable", "rate_limited", "credentials", "paused"}
)
#: The fields of the forms below; browsers open what is folded around them.
_CONCERN: Final = "#f-concern"
_ADDRESS: Final = "#f-address"
_WRONG_ADDRESS: Final = frozenset(
    {"exception.address", "exception.address_id_missing", "exception.recipient_moved"}
)
#: A longer name is read below the heading.
_LONGEST_PLACE: Final = 40
_SAYS_DATE: Final = frozenset({Status.IN_TRANSIT, Status.CUSTOMS, Status.OUT_FOR_DELIVERY})
_COMING: Final = _SAYS_DATE | {Status.PENDING, Status.INFO_RECEIVED, Status.PICKED_UP}
_CALLS_SHOP: Final = frozenset(
    {Status.RETURNING, Status.RETURNED, Status.LOST_OR_DESTROYED, Status.EXPIRED}
)


@dataclass(frozen=True, slots=True)
class Window:
    """A date window as `components/window.html` takes it."""

    text: str
    was: str = ""
    sure: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What stands above the fold; texts in the story's language."""

    heading: str
    lead: str
    window: Window | None
    action: Contact | None
    facts: list[dict[str, str]]


def answer(story: Story) -> Answer:
    """The page's answer; call it with the story's language active."""
    parcel = story.speaker
    state = state_of(story, parcel)
    return Answer(
        heading=_heading(story, parcel, state),
        lead=_lead(story, parcel, state),
        window=_window(story, parcel, state),
        action=_action(story, parcel),
        facts=[*facts(story, parcel), *hijri_facts(story, state)],
    )


def sentence_of(story: Story, parcel: Parcel) -> str:
    """One parcel's heading, for its card."""
    return headlines.headline(state_of(story, parcel), story.tag)


def state_of(story: Story, parcel: Parcel | None) -> HeadlineState:
    """What the heading depends on, with what only the page knows: silence, cuts, past days."""
    shipment = parcel.shipment if parcel else None
    state = heading_state(story.order, shipment, language=story.language, now=story.now)
    if parcel is None:
        return state
    first, last = open_window(state.first, state.last, today=state.today)
    unmoved = (state.first, state.last) == (state.was_first, state.was_last)
    if unmoved and first is not None:
        # Days that fell off the front are no move: "was Mon – Fri, now Thu – Fri" says nothing.
        state = replace(state, was_first=first, was_last=last)
    return replace(
        state,
        is_late=state.is_late and not (unmoved and first is not None),
        carrier=carrier_name(story, parcel),
        first=first,
        last=last,
        quiet_since=_quiet_since(story, parcel),
        stalled_since=_stalled_since(story, parcel),
        feed_down_since=_cut_off_since(story, parcel),
        **_pickup(story, parcel),
    )


def _pickup(story: Story, parcel: Parcel) -> dict[str, Any]:
    """Where it waits and until when, as the carrier said it; a scan names the city alone."""
    point = read_details(parcel.shipment.details).pickup_point
    if point is None:
        return {}
    is_ahead = point.last_day is not None and point.last_day >= story.today
    return {
        "pickup_place": point.name if len(point.name) <= _LONGEST_PLACE else "",
        "pickup_until": point.last_day if is_ahead else None,
    }


def open_window(
    first: date | None, last: date | None, *, today: date
) -> tuple[date, date] | tuple[None, None]:
    """The window as far as it lies ahead: a day that has passed is no expectation."""
    if first is None or last is None or last < today:
        return None, None
    return max(first, today), last


def _heading(story: Story, parcel: Parcel | None, state: HeadlineState) -> str:
    if parcel is None and story.order.cancelled_at:
        return _("This order was cancelled")
    if _counts(story, state):
        done, total = _delivered(story)
        words: dict[str, object] = {"done": done, "total": total}
        if state.first is None or state.last is None:
            return _("%(done)s of %(total)s parcels delivered") % words
        words["when"] = headlines.expected(
            state.first, state.last, today=state.today, language=story.tag
        )
        return _("%(done)s of %(total)s parcels delivered, the next is expected %(when)s") % words
    if held := heading_of_hold(story, parcel):
        return held
    wish = heading_of_wish(story, parcel, carrier=state.carrier) if parcel is not None else ""
    return wish or headlines.headline(state, story.tag)


def says_window(story: Story, parcel: Parcel) -> bool:
    """Whether the top of the page tells this parcel's window: in the heading or below it."""
    state = state_of(story, parcel)
    if parcel is not story.speaker or state.first is None:
        return False
    if _window(story, parcel, state) is not None or _counts(story, state):
        return True
    wish = heading_of_wish(story, parcel, carrier=state.carrier)
    return not wish and headlines.names_window(state)


def _counts(story: Story, state: HeadlineState) -> bool:
    """Whether the heading counts parcels: some arrived, and the others come without trouble."""
    done, total = _delivered(story)
    return 0 < done < total and state.status in _COMING


def _lead(story: Story, parcel: Parcel | None, state: HeadlineState) -> str:
    done, total = _delivered(story)
    lead = lead_of(story, parcel, state)
    if parcel is not None:
        # What carriers usually do is no help beside the form that asks for a day.
        own = is_answerable(parcel.shipment)
        lead = lead_of_wish(parcel, carrier=state.carrier) if own else lead
    if total > 1 and done == total:
        return ngettext(
            "All %(total)s parcels have arrived.", "All %(total)s parcels have arrived.", total
        ) % {"total": total}
    if total > 1 and _counts(story, state):
        return joined(still_to_come(story), lead)
    if total > 1 and parcel is not None:
        which = _("This is about parcel %(n)s of %(total)s.") % {
            "n": list(story.parcels).index(parcel) + 1,
            "total": total,
        }
        return joined(which, in_it(story, parcel), lead)
    return lead


def _delivered(story: Story) -> tuple[int, int]:
    """How many parcels arrived, of how many that were not called off."""
    live = [one for one in story.parcels if one.status is not Status.CANCELLED]
    return sum(one.status is Status.DELIVERED for one in live), len(live)


def _window(story: Story, parcel: Parcel | None, state: HeadlineState) -> Window | None:
    """The dates where the heading does not say them, or where they moved forward."""
    if parcel is None or state.status in TERMINAL | {Status.RETURNING, Status.EXPIRED}:
        return None
    if state.status is Status.AVAILABLE_FOR_PICKUP or holds_date(parcel):
        return None
    was = _was(state, story.tag)
    if state.first is None or state.last is None:
        return Window(_("No new date yet"), was) if was and state.is_late else None
    earlier = bool(was and state.was_last and state.last < state.was_last)
    told = not was if _counts(story, state) else _heading_has_date(story, state)
    if told and not earlier:
        return None
    day = headlines.expected(state.first, state.last, today=state.today, language=story.tag)
    text = headlines.vouched(state.kind, day) or _("Expected %(when)s") % {"when": day}
    return Window(text, was, _sure(story, parcel))


def _heading_has_date(story: Story, state: HeadlineState) -> bool:
    if state.feed_down_since is not None and state.status is not Status.OUT_FOR_DELIVERY:
        return False
    if state.is_late and state.status in {Status.PENDING, Status.INFO_RECEIVED, Status.PICKED_UP}:
        return True
    if state.status is Status.OUT_FOR_DELIVERY:
        return state.sub_status != "out.reschedule_needed"
    return state.status in _SAYS_DATE and (state.is_late or _is_heard(state))


def _was(state: HeadlineState, tag: str) -> str:
    """The window we gave first, where it is another one now."""
    if state.was_last is None or (state.was_first, state.was_last) == (state.first, state.last):
        return ""
    if not state.is_late and state.last is not None and state.last == state.was_last:
        return ""  # only narrower: days that have passed fell off
    return formats.date_range(state.was_first or state.was_last, state.was_last, tag)


def _sure(story: Story, parcel: Parcel) -> str:
    shipment = parcel.shipment
    if shipment.edd_source == "merchant":
        return _("As promised when you ordered")
    if shipment.edd_source == "carrier":
        if shipment.edd_kind in {"guaranteed", "appointment"}:
            return ""  # the line above says it
        carrier = carrier_name(story, parcel)
        return _("This is %(carrier)s’s own estimate") % {"carrier": carrier} if carrier else ""
    return _("Estimated in working days, from what is usual on this route")


def asks_shopper(parcel: Parcel) -> bool:
    """Whether customs or the carrier waits for something from the shopper."""
    if parcel.status not in {Status.CUSTOMS, Status.EXCEPTION}:
        return False
    row = SUB_STATUSES.get(parcel.shipment.sub_status)
    return row is not None and row.who is Party.SHOPPER


def _is_heard(state: HeadlineState) -> bool:
    return state.quiet_since is None and state.stalled_since is None


def _stalled_since(story: Story, parcel: Parcel) -> date | None:
    shipment = parcel.shipment
    if not shipment.stalled or shipment.last_event_at is None:
        return None
    return story.local(shipment.last_event_at).date()


def _quiet_since(story: Story, parcel: Parcel) -> date | None:
    shipment = parcel.shipment
    if shipment.last_event_at is None or shipment.stalled or shipment.is_late:
        return None
    is_quiet = story.now - shipment.last_event_at >= QUIET
    return story.local(shipment.last_event_at).date() if is_quiet else None


def _cut_off_since(story: Story, parcel: Parcel) -> datetime | None:
    """Since when the carrier answers us nothing, where that has lasted."""
    watch = parcel.watch
    if parcel.shipment.carrier in story.outages:
        return None  # the banner says it, and for how long
    if watch is None or watch.result not in _CUT_OFF_RESULTS:
        return None
    since = watch.answered_at or watch.carrier_said_at
    if since is None or story.now - since < CUT_OFF:
        return None
    if watch.failures < FAILED_LOOKS and watch.result not in {"credentials", "paused"}:
        return None
    return story.local(since)


def _action(story: Story, parcel: Parcel | None) -> Contact | None:
    """The one thing to do, where something is to be done that really works."""
    if settled_lead(story, parcel):
        return None  # "you need to do nothing"
    if parcel is None:
        return reach(story) if story.order.hold == ON_HOLD else None
    shipment = parcel.shipment
    if is_answerable(shipment):
        return None  # the form for another time, or what became of it, stands here
    if parcel.status is Status.ATTEMPT_FAILED:
        return reach(story, about=_("delivery attempt"), by_phone=True)
    if parcel.status is Status.AVAILABLE_FOR_PICKUP:
        page = carrier_page(story, parcel)
        if page:
            name = carrier_name(story, parcel)
            return Contact(_("Where to collect, at %(carrier)s") % {"carrier": name}, page)
        return reach(story, about=_("collecting the parcel"))
    if shipment.sub_status in _WRONG_ADDRESS and not any(case.is_open for case in story.cases):
        return Contact(_("Give the right address"), _ADDRESS)
    if asks_shopper(parcel) or parcel.status in _CALLS_SHOP:
        return reach(story, about=_("where is my parcel?"))
    if any(case.is_open for case in story.cases):
        return None  # what became of it stands below
    if shipment.stalled and not shipment.return_leg:
        return Contact(_("Ask %(shop)s to look for it") % {"shop": story.merchant.name}, _CONCERN)
    if shipment.is_late and parcel.status in _COMING:
        return Contact(_("Tell us if you need it sooner"), _CONCERN)
    return None
