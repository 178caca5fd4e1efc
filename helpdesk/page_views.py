"""Whether the customer saw the order's page or read a mail, in words: for desk and dashboard."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy

from helpdesk.told import Clock
from lib import formats
from notifications.models import Message
from notifications.seen import Visits
from tracking.models import Recipient

_WHO: Final[dict[str, Lazy]] = {
    Recipient.Role.BUYER: pgettext_lazy("who saw a date", "Buyer"),
    Recipient.Role.RECEIVER: pgettext_lazy("who saw a date", "Receiver"),
    Recipient.Role.FRONT_DESK: pgettext_lazy("who saw a date", "Front desk"),
    "": pgettext_lazy("who saw a date", "Whoever has the order’s link"),
}


def page_view_rows(visits: Iterable[Visits], clock: Clock) -> list[dict[str, Any]]:
    """What `desk/_page_views.html` takes: who, how often, the last time; who looked last first."""
    return [
        {
            "who": str(_WHO[one.role]),
            "words": _seen(one.seen, clock.language) if one.seen else _fetched(),
            "last": clock.pair(one.last_seen) if one.last_seen else None,
        }
        for one in visits
    ]


def reading_rows(message: Message, clock: Clock) -> list[dict[str, str]]:
    """What the mail provider said of its reading, as lines of {words, time, iso}."""
    known = (
        (_("Opened, or fetched by the mail program"), message.opened_at),
        (_("A link in it was followed"), message.clicked_at),
    )
    return [{"words": words, **clock.pair(at)} for words, at in known if at is not None]


def _seen(times: int, language: str) -> str:
    words = ngettext("Opened the page %(n)s time", "Opened the page %(n)s times", times)
    return words % {"n": formats.number(times, language)}


def _fetched() -> str:
    """A program that checks links, or a browser without scripts: nobody knows."""
    return _("The page was fetched, but nobody is known to have looked.")
