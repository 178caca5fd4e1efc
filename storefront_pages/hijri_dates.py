"""The page's day once more by the Hijri calendar, where the shop wants that."""

from __future__ import annotations

from django.utils.translation import gettext as _

from lib.headlines import HeadlineState
from lib.hijri import hijri_range
from lib.vocabulary import TERMINAL, Status
from storefront_pages.story import Story


def hijri_facts(story: Story, state: HeadlineState) -> list[dict[str, str]]:
    """A line under the heading, {icon, text}: of the window, or of the day of delivery."""
    if not story.merchant.shows_hijri:
        return []
    first, last = state.first, state.last
    if state.status is Status.DELIVERED:
        first = last = state.delivered_at.date() if state.delivered_at else None
    elif state.status in TERMINAL:
        return []
    days = hijri_range(first, last, story.language) if first and last else ""
    if not days:
        return []
    return [{"icon": "calendar", "text": _("By the Hijri calendar: %(date)s") % {"date": days}}]
