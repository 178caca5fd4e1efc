"""A promotion's rule as a sentence, and how it stands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from dashboard.clock import Clock
from dashboard.order_list import country_name
from dashboard.reports.dates_words import percent
from dashboard.selling.promotion_form import days_of
from lib import formats
from lib.languages import OWN_NAMES
from selling.counting import Counted
from selling.models import Promotion


def rule_words(promotion: Promotion, clock: Clock) -> str:
    """Who sees it: "Orders to Saudi Arabia. While: Delivered." """
    return " ".join(_parts(promotion, clock)) or _("Every order sees it.")


def state(promotion: Promotion, clock: Clock) -> dict[str, str]:
    """For a pill: whether it is shown now."""
    if not promotion.is_on:
        return {"tone": "quiet", "icon": "pause", "state": _("Off")}
    if promotion.starts_at and promotion.starts_at > clock.now:
        return {"tone": "wait", "icon": "clock", "state": _("Begins later")}
    if promotion.ends_at and promotion.ends_at <= clock.now:
        return {"tone": "quiet", "icon": "check", "state": _("Over")}
    return {"tone": "good", "icon": "check", "state": _("On")}


def rate(counted: Counted, language: str) -> str:
    """Clicks of views in per cent, "" where too few saw it to say."""
    if counted.views < 20:
        return ""
    return percent(counted.clicks / counted.views, language)


def _parts(promotion: Promotion, clock: Clock) -> Iterator[str]:
    language = clock.language
    stages = dict(Promotion.Stage.choices)
    spoken = OWN_NAMES
    lists: list[tuple[str, list[Any]]] = [
        (_("Orders to %(names)s."), [country_name(c, language) for c in promotion.countries]),
        (_("Stage: %(names)s."), [str(stages[one]) for one in promotion.stages if one in stages]),
        (_("Read in %(names)s."), [spoken[one] for one in promotion.languages if one in spoken]),
        (_("With the tag %(names)s."), promotion.tags),
        (_("With %(names)s in the order."), promotion.bought),
    ]
    for words, names in lists:
        if names:
            yield words % {"names": formats.listing([str(one) for one in names], language,
                                                    either=True)}  # fmt: skip
    starts, ends = days_of(promotion, clock.zone)
    if starts:
        yield _("From %(day)s.") % {"day": clock.day(starts)}
    if ends:
        yield _("Until %(day)s.") % {"day": clock.day(ends)}
    if promotion.share < 100:
        yield _("To %(n)s %% of these orders.") % {"n": promotion.share}
