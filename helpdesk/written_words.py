"""Answers in words for agents."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from helpdesk.reader import Reader
from lib import formats
from notifications.answers.ways_back import CLOSING, Obstacle, WayBack
from notifications.channels.registry import label_of
from notifications.models import Answer

_EXCERPT: Final = 80


def said_in_words(answer: Answer) -> str:
    """The words; of what has none, what it was."""
    lines = [answer.text.strip()]
    if answer.kind == Answer.Kind.LOCATION:
        lines.append(place_line(answer))
    lines += [media_line(one) for one in answer.media]
    return "\n".join(line for line in lines if line) or _("An empty message")


def excerpt(answer: Answer) -> str:
    """The beginning, on one line."""
    words = " ".join(said_in_words(answer).split())
    return words if len(words) <= _EXCERPT else f"{words[: _EXCERPT - 1]}…"


def place_line(answer: Answer) -> str:
    """ "Shared a place: Gate 3, Marina"."""
    if answer.latitude is None or answer.longitude is None:
        return _("Shared a place")
    where = answer.place or f"{answer.latitude:.5f}, {answer.longitude:.5f}"
    return _("Shared a place: %(where)s") % {"where": where}


def media_line(one: dict[str, str]) -> str:
    """What was sent beside words. The file itself stays with the provider."""
    if "name" in one:
        return _("Attached: %(name)s") % {"name": one["name"]}
    family = one["type"].partition("/")[0]
    names = {
        "image": _("Sent a picture"),
        "audio": _("Sent a voice note"),
        "video": _("Sent a video"),
    }
    return names.get(family) or (
        _("Sent a contact") if one["type"] == "text/vcard" else _("Sent a file")
    )


def state_words(answer: Answer) -> str:
    """What became of it, where that needs saying; "" while it waits."""
    if answer.is_automatic:
        return _("Written by a machine; nobody answers it")
    if answer.wish:
        return {
            "stop": _("Asked for no more messages by this way"),
            "start": _("Asked for messages by this way again"),
            "help": _("Asked who writes"),
        }[answer.wish]
    if answer.kind == Answer.Kind.QUICK_REPLY and answer.state == Answer.State.DONE:
        return _("Done by itself")
    if answer.state == Answer.State.NOTED:
        return _("Needs no answer")
    return ""


def found_words(answer: Answer) -> str:
    """How the order was found, where that was no certainty."""
    if answer.found_by == Answer.FoundBy.NEWEST:
        return _("Taken for this order because the newest message to them is about it")
    return ""


def until_words(until: datetime, reader: Reader) -> str:
    """ "2:05 pm" today, else "Tue 12 Nov, 2:05 pm"."""
    local = until.astimezone(reader.zone)
    if local.date() == reader.today:
        return formats.time_of_day(local, reader.language)
    return reader.spoken(until)


def window_pill(until: datetime | None, reader: Reader) -> dict[str, str] | None:
    """How long WhatsApp takes words yet: `components/pill.html`; None without a window."""
    if until is None:
        return None
    if until <= reader.now:
        return {"tone": "quiet", "icon": "lock", "label": _("WhatsApp is closed")}
    left = until - reader.now
    if left > CLOSING:
        when = {"when": until_words(until, reader)}
        return {"tone": "good", "icon": "clock", "label": _("Open until %(when)s") % when}
    minutes = max(int(left.total_seconds()) // 60, 1)
    words = ngettext("Closes in %(n)s minute", "Closes in %(n)s minutes", minutes)
    return {"tone": "act", "icon": "clock-alert", "label": words % {"n": minutes}}


def way_row(way: WayBack, reader: Reader) -> dict[str, Any]:
    """A button of the reply box: its label, and why it cannot be used."""
    label = {
        "whatsapp": _("Answer by WhatsApp"),
        "sms": _("Answer by SMS"),
        "email": _("Answer by e-mail"),
    }[way.channel]
    if way.until is not None and way.obstacle is None:
        when = {"label": label, "when": until_words(way.until, reader)}
        label = _("%(label)s (open until %(when)s)") % when
    return {"channel": way.channel, "label": label, "why": obstacle_words(way, reader)}


def obstacle_words(way: WayBack, reader: Reader) -> str:
    """Why this way is closed; "" where it is open."""
    if way.obstacle is None:
        return ""
    names = {"channel": label_of(way.channel)}
    if way.obstacle is Obstacle.CLOSED and way.until is not None:
        return _(
            "WhatsApp takes an answer only within 24 hours of the customer’s last message; that "
            "ended %(when)s."
        ) % {"when": reader.near(way.until)}
    return {
        Obstacle.NOT_OPENED: _("The customer has not written by WhatsApp."),
        Obstacle.NO_ADDRESS: _("No address for %(channel)s is known.") % names,
        Obstacle.SUPPRESSED: _("The customer wants nothing by %(channel)s, or it does not arrive.")
        % names,
        Obstacle.NOT_SET_UP: _("%(channel)s is not set up.") % names,
        Obstacle.QUIET: _("The marketplace does not allow it."),
    }.get(way.obstacle, "")


def count_words(count: int) -> str:
    """ "3 unanswered messages"."""
    return ngettext("%(n)s unanswered message", "%(n)s unanswered messages", count) % {"n": count}


def age_words(answer: Answer, now: datetime) -> str:
    """How long it waits: "2 h"."""
    minutes = int((now - answer.received_at).total_seconds()) // 60
    if minutes < 60:
        return pgettext("waiting", "%(n)s min") % {"n": max(minutes, 0)}
    if minutes < 48 * 60:
        return pgettext("waiting", "%(n)s h") % {"n": minutes // 60}
    return pgettext("waiting", "%(n)s d") % {"n": minutes // (24 * 60)}
