"""Disruptions as merchants and agents read them: why, how many days, what the customer reads."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import get_language, ngettext

from edd.disruption_words import cause_label, sentence
from edd.disruptions import Disruption


def disruption_lines(disruptions: Iterable[Disruption]) -> list[str]:
    """A line for each, once."""
    return [_line(one) for one in {(one.by, one.id): one for one in disruptions}.values()]


def _line(disruption: Disruption) -> str:
    text = ngettext(
        "%(cause)s: %(days)s working day was added to the date. Customers read: “%(sentence)s”",
        "%(cause)s: %(days)s working days were added to the date. Customers read: “%(sentence)s”",
        disruption.days,
    )
    return text % {
        "cause": cause_label(disruption.cause),
        "days": disruption.days,
        "sentence": sentence(disruption, get_language() or "en"),
    }
