"""Changes of an order as sentences: milestones, moved dates, flags, and what else became of it."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from dashboard.clock import Clock
from dashboard.story_facts import due_sentence, order_sentence
from lib.vocabulary import SUB_STATUSES, Milestone
from lib.words import DESK_LABELS, MILESTONE_LABELS, sentence
from notifications.answers.topics import PAGE_CODE
from tracking.address_check import ASKED
from tracking.address_check import CHANGE_PREFIX as ADDRESS_PREFIX
from tracking.models import Change

_FLAGS: Final[dict[str, tuple[Promise, Promise]]] = {
    "delayed": (gettext_lazy("Marked as late"), gettext_lazy("No longer late")),
    "will_be_late": (
        gettext_lazy("Will probably be late"),
        gettext_lazy("Will probably be in time after all"),
    ),
    "stalled": (gettext_lazy("No scan for too long"), gettext_lazy("Moves again")),
    "action_required": (
        gettext_lazy("Waits for the customer"),
        gettext_lazy("No longer waits for the customer"),
    ),
    "disputed": (gettext_lazy("Disputed by the customer"), gettext_lazy("Dispute settled")),
}
#: Milestones whose pill has another name.
_PILLS: Final = {"shipped": "picked_up"}


def change_sentence(change: Change, clock: Clock) -> str:
    """One line for a change, in the active language."""
    if change.kind == Change.Kind.MILESTONE:
        return _milestone(change)
    if change.kind == Change.Kind.DATE:
        return _date(change, clock)
    if change.kind == Change.Kind.FLAG:
        name, _colon, rest = change.key.partition(":")
        if name not in _FLAGS:
            return name
        return str(_FLAGS[name][0 if rest.startswith("raised") else 1])
    if change.kind == Change.Kind.STATUS:
        return meaning(change.key.partition("@")[0])
    if change.kind == Change.Kind.DUE:
        return due_sentence(change, clock)
    return order_sentence(change, clock) or _case(change)


def change_pill(change: Change) -> str:
    """The pill beside the sentence: the milestone's or flag's own, else the order's status."""
    name = change.key.partition(":")[0]
    if change.kind == Change.Kind.MILESTONE:
        return _PILLS.get(name, name)
    if change.kind == Change.Kind.FLAG and ":raised" in change.key:
        return name
    status: str = change.shipment.status if change.shipment else change.order.status
    return status


def meaning(sub_status: str) -> str:
    """A sub-status in the trade's words: "In transit: Left a sorting centre"."""
    row = SUB_STATUSES.get(sub_status)
    if row is None:
        return pgettext("meaning of a code", "Not read")
    return f"{DESK_LABELS[row.status]}: {sentence(sub_status)}"


_CASE_EVENTS: Final[dict[str, Promise]] = {
    "opened": gettext_lazy("The customer opened a case"),
    "replied": gettext_lazy("The customer was written to about a case"),
    "closed": gettext_lazy("A case was closed"),
    PAGE_CODE: gettext_lazy("A code for the order’s page was asked for"),
}
#: By whether it was asked about, and whether the customer answered.
_ADDRESS_EVENTS: Final[dict[tuple[bool, bool], Promise]] = {
    (True, False): gettext_lazy("The customer was asked to complete the address"),
    (False, True): gettext_lazy("The customer completed the address"),
    (False, False): gettext_lazy("The address was corrected"),
}


def _case(change: Change) -> str:
    """Changes of the order itself are about cases and about its address."""
    if change.key.startswith(ADDRESS_PREFIX):
        return str(_ADDRESS_EVENTS[change.key == ASKED, bool(change.data.get("by_shopper"))])
    return str(_CASE_EVENTS.get(str(change.data.get("event", "")), change.key))


def _milestone(change: Change) -> str:
    name, _colon, number = change.key.partition(":")
    if name == Milestone.ATTEMPT_FAILED and number:
        return _("Delivery attempt %(n)s failed") % {"n": number}
    return str(MILESTONE_LABELS[Milestone(name)]) if name in set(Milestone) else name


def _date(change: Change, clock: Clock) -> str:
    was, now = (_window(change.data.get(key), clock) for key in ("was", "now"))
    if not (was and now):
        return _("The expected date moved")
    return _("Expected date moved: was %(was)s, now %(now)s") % {"was": was, "now": now}


def _window(pair: object, clock: Clock) -> str:
    if not isinstance(pair, list) or len(pair) != 2:
        return ""
    try:
        first, last = (date.fromisoformat(str(day)) for day in pair)
    except ValueError:
        return ""
    return clock.window(first, last)
