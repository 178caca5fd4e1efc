"""How new the page is: what the carrier said last, when we looked, when we look again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from lib import formats
from lib.vocabulary import TERMINAL
from storefront_pages.answer import carrier_name
from storefront_pages.parcels import local_time
from storefront_pages.story import Parcel, Story


def freshness(story: Story) -> dict[str, Any] | None:
    """For `components/fresh.html`: sentences around times, which the browser turns into ages."""
    parcel = story.speaker
    if parcel is None or parcel.watch is None:
        return None
    watch = parcel.watch
    lines: list[dict[str, Any]] = [_scan(story, parcel)] if watch.carrier_said_at else []
    is_over = parcel.status in TERMINAL
    if watch.asked_at and not is_over:
        lines.append(_line(story, story.local(watch.asked_at), _("Checked {time}.")))
    if watch.next_ask_at and watch.next_ask_at > story.now and not is_over:
        ahead = _line(story, story.local(watch.next_ask_at), _("Next look {time}."))
        lines.append(ahead | {"ahead": True})
    failed = watch.result in {"unavailable", "unreadable", "credentials", "paused"}
    return {"lines": lines, "tone": "wait" if failed else ""} if lines else None


def _scan(story: Story, parcel: Parcel) -> dict[str, str]:
    assert parcel.watch is not None
    assert parcel.watch.carrier_said_at is not None
    carrier = carrier_name(story, parcel)
    text = (
        _("Last scan by %(carrier)s: {time}.") % {"carrier": carrier}
        if carrier
        else _("Last scan: {time}.")
    )
    newest = parcel.events[0] if parcel.events else None
    if newest is not None and newest.at == parcel.watch.carrier_said_at:
        # The same hour as in the list of scans: that of the place of the scan.
        return _line(story, local_time(newest) or newest.at, text)
    return _line(story, story.local(parcel.watch.carrier_said_at), text)


def _line(story: Story, local: datetime, text: str) -> dict[str, str]:
    before, _time, after = text.partition("{time}")
    is_today = local.date() == story.today
    return {
        "before": before.strip(),
        "time": formats.time_of_day(local, story.tag)
        if is_today
        else formats.day_and_time(local, story.tag),
        "iso": local.isoformat(timespec="minutes"),
        "after": after.strip(),
    }
