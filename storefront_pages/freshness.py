"""How new the page is: what the carrier said last, when we looked, when we look again."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _

from lib import formats
from lib.carrier_words import naming
from lib.headlines import feed_down
from lib.sentences import between, ended, joined
from lib.vocabulary import TERMINAL
from storefront_pages.hiding import carrier_name, scan_time, untold_scans
from storefront_pages.story import Parcel, Story

#: Our last look brought no answer.
_FAILED: Final = frozenset({"unavailable", "unreadable", "credentials", "rate_limited", "paused"})


def outage_banner(story: Story) -> dict[str, str] | None:
    """One calm line while the feed of a carrier is dead that still has a parcel of the order."""
    for parcel in story.parcels:
        since = story.outages.get(parcel.shipment.carrier)
        if since is None or parcel.status in TERMINAL:
            continue
        carrier = carrier_name(story, parcel)
        said = feed_down(carrier, story.local(since), today=story.today, language=story.tag)
        text = joined(ended(said, story.tag), _("We keep asking."))
        return {"text": text, "tone": "wait"}
    return None


def freshness(story: Story) -> dict[str, Any] | None:
    """For `components/fresh.html`: sentences around times, which the browser turns into ages."""
    return freshness_of(story, story.speaker) if story.speaker else None


def freshness_of(story: Story, parcel: Parcel) -> dict[str, Any] | None:
    """The same of one parcel: what the carrier said, how our last look went, when the next is."""
    watch = parcel.watch
    if watch is None:
        return None
    lines: list[dict[str, Any]] = [_scan(story, parcel)] if watch.carrier_said_at else []
    is_over = parcel.status in TERMINAL
    failed = watch.result in _FAILED
    if failed and watch.answered_at and not is_over:
        text = _("We do not reach the carrier at the moment. Last answer: {time}.")
        lines.append(_line(story, story.local(watch.answered_at), text))
    elif watch.asked_at and not is_over:
        lines.append(_line(story, story.local(watch.asked_at), _("Checked {time}.")))
    if watch.next_ask_at and watch.next_ask_at > story.now and not is_over:
        ahead = _line(story, story.local(watch.next_ask_at), _("Next look {time}."))
        lines.append(ahead | {"ahead": True})
    return {"lines": lines, "tone": "wait" if failed else ""} if lines else None


def _scan(story: Story, parcel: Parcel) -> dict[str, str]:
    assert parcel.watch is not None
    assert parcel.watch.carrier_said_at is not None
    carrier = carrier_name(story, parcel)
    words = naming(carrier, _("Last scan by %(carrier)s: {time}."), _("Last scan: {time}."))
    text = words % {"carrier": carrier}
    newest = parcel.events[0] if parcel.events else None
    if newest is not None and newest.at == parcel.watch.carrier_said_at:
        # The same hour as in the list of scans: that of the place of the scan.
        at = scan_time(story, newest, untold=untold_scans(story, parcel))
        return _line(story, at or newest.at, text)
    return _line(story, story.local(parcel.watch.carrier_said_at), text)


def _moment(story: Story, local: datetime) -> str:
    """The time alone where it is today's."""
    if local.date() == story.today:
        return formats.time_of_day(local, story.tag)
    return formats.day_and_time(local, story.tag)


def _line(story: Story, local: datetime, text: str) -> dict[str, str]:
    before, _time, after = text.partition("{time}")
    return {
        "before": before,
        "time": _moment(story, local),
        "iso": local.isoformat(timespec="minutes"),
        "after": after,
        "gap": between(after),
    }
