"""Outages of carriers as merchants and agents read them: which carrier, since when, what waits."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from carriers.registry import name_of
from tracking.models import Outage


class Times(Protocol):
    """A clock as desk and dashboard have it."""

    def spoken(self, moment: datetime) -> str: ...


def outage_lines(outages: Iterable[Outage], times: Times) -> list[str]:
    """A line for each."""
    return [_line(outage, times) for outage in outages]


def _line(outage: Outage, times: Times) -> str:
    words = {
        "carrier": name_of(outage.carrier, language=get_language() or "en"),
        "when": times.spoken(outage.since),
    }
    if outage.kind == Outage.Kind.FAILING:
        text = _(
            "%(carrier)s has answered no shop here since %(when)s. We keep asking; nobody is told "
            "that a parcel is late or does not move until it answers."
        )
    else:
        text = _(
            "%(carrier)s has sent no news of any parcel since %(when)s. We keep asking; nobody is "
            "told that a parcel is late or does not move until news come."
        )
    return text % words
