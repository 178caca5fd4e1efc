"""Cases on the shopper's page: how one is opened, and what became of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from helpdesk.case_words import SHOPPER_OUTCOMES
from lib import formats
from lib.vocabulary import TERMINAL, Status
from storefront_pages.asked import CaseSeen, EntrySeen
from storefront_pages.story import Parcel, Story
from storefront_pages.typed import Typed

#: A scan that is younger may be ahead of the courier.
FRESH: Final = timedelta(hours=24)
#: What a shopper may open; agents have one more.
KINDS: Final = ("not_received", "concern", "address")

_TITLES: Final[dict[str, Promise]] = {
    "concern": gettext_lazy("Your concern"),
    "not_received": gettext_lazy("Not received"),
    "address": gettext_lazy("The address"),
    "other": gettext_lazy("Your matter"),
}
#: Tone, icon and word of a case as the shopper sees it.
_STATES: Final[dict[str, tuple[str, str, Promise]]] = {
    "open": ("moving", "inbox", pgettext_lazy("a case", "Message received")),
    "waiting": ("moving", "message-square-text", pgettext_lazy("a case", "Being worked on")),
    "closed": ("good", "circle-check", pgettext_lazy("a case", "Settled")),
}


def case_cards(story: Story) -> list[dict[str, Any]]:
    """`cases` of the template, newest first."""
    return [_card(story, case) for case in story.cases]


def _card(story: Story, case: CaseSeen) -> dict[str, Any]:
    tone, icon, word = _STATES[case.state]
    lines = [line for entry in case.entries if (line := _line(story, case, entry))]
    return {
        "title": str(_TITLES.get(case.kind, _TITLES["other"])),
        "tone": tone,
        "icon": icon,
        "state": str(word),
        "lines": lines,
    }


def _line(story: Story, case: CaseSeen, entry: EntrySeen) -> dict[str, str] | None:
    """One line of a case: what happened, the shop's own words, when. A waiting state alone
    tells a shopper nothing that the pill does not."""
    shop = {"shop": story.merchant.name}
    if entry.kind == "to_shopper":
        said = _("%(shop)s wrote:") % shop
    elif entry.state == "closed":
        said = str(SHOPPER_OUTCOMES[case.outcome])
    elif entry.at == case.opened_at:
        said = (
            _("%(shop)s has received your message.") % shop
            if case.by_shopper
            else _("%(shop)s is looking into it.") % shop
        )
    else:
        return None
    local = story.local(entry.at)
    return {
        "said": said,
        "words": entry.text,
        "lang": entry.language,
        "time": formats.day_and_time(local, story.tag),
        "iso": local.isoformat(timespec="minutes"),
    }


def not_received(story: Story, typed: Typed, *, action: str) -> dict[str, Any] | None:
    """The steps and the form for a parcel that is said to be delivered; None without one, and
    while a case about it is open."""
    place = next(
        (n for n, parcel in enumerate(story.parcels) if _may_be_missing(story, parcel)), None
    )
    if place is None:
        return None
    steps = [
        _("Ask the people you live or work with, and your neighbours."),
        _("Look at the reception, with the guard, and in parcel lockers and mailboxes."),
    ]
    delivered_at = story.parcels[place].shipment.delivered_at
    if delivered_at is not None and story.now - delivered_at < FRESH:
        until = formats.day_and_time(story.local(delivered_at + FRESH), story.tag)
        steps.append(
            _("Some couriers scan a parcel before they hand it over. Give it until %(time)s.")
            % {"time": until}
        )
    form = _form(typed, "not_received", action=action, parcel=place)
    steps.append(_("If it is still missing, tell us here."))
    return form | {"steps": steps, "which": _which(story, place)}


def _may_be_missing(story: Story, parcel: Parcel) -> bool:
    if parcel.status is not Status.DELIVERED:
        return False
    return not any(
        case.is_open and case.kind == "not_received" and case.shipment_id == parcel.shipment.pk
        for case in story.cases
    )


def _which(story: Story, place: int) -> str:
    if len(story.parcels) < 2:
        return ""
    return _("This is about parcel %(n)s of %(total)s.") % {
        "n": place + 1,
        "total": len(story.parcels),
    }


def concern_form(story: Story, typed: Typed, *, action: str) -> dict[str, Any]:
    """The form for whatever is wrong; open to everybody at any time."""
    parcel = story.speaker
    place = story.parcels.index(parcel) if parcel is not None else None
    late = parcel is not None and parcel.shipment.is_late
    form = _form(typed, "concern", action=action, parcel=place)
    return form | {
        "title": _("Tell us if you need it sooner, or if something is wrong")
        if late
        else _("Something is wrong"),
        "label": _("What is the matter?"),
        "help": _("%(shop)s reads it and answers on this page and in a message.")
        % {"shop": story.merchant.name},
    }


def address_form(story: Story, typed: Typed, *, action: str) -> dict[str, Any] | None:
    """The form for a wrong address; None where it can change nothing any more."""
    if story.status in TERMINAL | {Status.RETURNING}:
        return None
    parcel = story.speaker
    place = story.parcels.index(parcel) if parcel is not None else None
    form = _form(typed, "address", action=action, parcel=place)
    return form | {
        "title": _("The address is wrong"),
        "label": _("What is the right address?"),
        "help": _("Street, building and flat, and a landmark nearby. Only the shop can read it."),
    }


def _form(typed: Typed, kind: str, *, action: str, parcel: int | None) -> dict[str, Any]:
    mine = typed.form == kind
    return {
        # With what is wrong the page comes back to this form, and not to its top.
        "action": f"{action}#{kind}",
        "kind": kind,
        "parcel": str(parcel + 1) if parcel is not None else "",
        "value": typed.values.get("text", "") if mine else "",
        "error": typed.errors.get("text", "") if mine else "",
        "problem": typed.errors.get("", "") if mine else "",
        "open": mine,
    }
