"""Days and rules in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from carriers.registry import name_of
from dashboard.clock import Clock
from dashboard.order_list import country_name
from edd.calendars import Calendar, Day, DayFacts, DayRule
from edd.calendars.spans import Span, facts_of, special
from edd.day_rules import StoredRule
from lib.formats import listing, locale_of


@dataclass(frozen=True, slots=True)
class Mark:
    """How a kind of day is drawn and named; colour, shape and word say the same."""

    key: str
    label: Promise
    tone: str
    icon: str


MARKS: Final = {
    mark.key: mark
    for mark in (
        Mark("rest", pgettext_lazy("a day", "Rest"), "quiet", "moon"),
        Mark("half", pgettext_lazy("a day", "Until noon"), "wait", "contrast"),
        Mark("slow", pgettext_lazy("a day", "Slow"), "moving", "turtle"),
        Mark("unsure", pgettext_lazy("a day", "Not certain yet"), "act", "circle-question-mark"),
        Mark("works", pgettext_lazy("a day", "Works"), "good", "circle-check"),
    )
}
#: What a merchant may say of days.
KINDS: Final[dict[Day, Promise]] = {
    Day.REST: pgettext_lazy("of a warehouse or carrier", "Rests"),
    Day.HALF: pgettext_lazy("of a warehouse or carrier", "Works until noon"),
    Day.WORKS: pgettext_lazy("of a warehouse or carrier", "Works all day"),
}
#: Names that no holiday table gives in the reader's language.
_NAMES: Final[dict[str, Promise]] = {
    "eid_al_fitr": gettext_lazy("Eid al-Fitr"),
    "eid_al_adha": gettext_lazy("Eid al-Adha"),
    "ramadan": gettext_lazy("Ramadan"),
    "Christmas Eve": gettext_lazy("Christmas Eve"),
    "New Year’s Eve": gettext_lazy("New Year’s Eve"),
}
#: Why a rule was refused: the field, and the words.
REFUSED: Final[dict[str, tuple[str, Promise]]] = {
    "order": ("last", gettext_lazy("The last day is before the first.")),
    "when": ("first", gettext_lazy("Choose a day, or a weekday above.")),
    "long": ("last", gettext_lazy("Nobody rests longer than 60 days. Choose a shorter period.")),
}


def mark_of(day: DayFacts) -> str:
    """The key of a day's mark; "" for a usual working day."""
    if not day.certain:
        return "unsure"
    if day.kind is Day.REST:
        return "rest"
    if day.kind is Day.HALF:
        return "half"
    return "slow" if day.slow else ""


def mark_of_span(span: Span) -> str:
    """The key of the mark that names a stretch of days."""
    if not span.certain:
        return "unsure"
    return {Day.REST: "rest", Day.HALF: "half", Day.WORKS: "works"}[span.kind]


def day_words(day: DayFacts) -> str:
    """A day as a screen reader says it: "Rest, National Day"."""
    key = mark_of(day)
    words = [str(MARKS[key].label)] if key else []
    words += [span_name(day.name)] if day.name else []
    words += [str(MARKS["slow"].label)] if day.slow and key == "half" else []
    return ", ".join(words)


def span_name(name: str) -> str:
    """What a stretch of days is called in the reader's language."""
    return str(_NAMES.get(name, name))


def weekday_names(days: list[int], language: str) -> str:
    """ISO weekdays as one phrase: "Friday and Saturday"."""
    names = locale_of(language).days["format"]["wide"]
    return listing([str(names[day - 1]) for day in days], language)


def opening(calendar: Calendar, clock: Clock, *, is_warehouse: bool) -> str:
    """The weekly rest, and the next day that is not as usual."""
    week = calendar.weekly_rest(clock.today.year)
    if week:
        said = _("Rests on %(days)s.") % {"days": weekday_names(week, clock.language)}
    else:
        said = _("Works on every day of the week.")
    ahead = facts_of(calendar, clock.today, clock.today + timedelta(days=365), clock.language)
    coming = next((span for span in special(ahead) if span.kind is Day.REST), None)
    if coming is None:
        return said
    words = {
        "name": span_name(coming.name) or _("closed"),
        "when": clock.window(coming.first, coming.last),
    }
    following = (
        _("Next without dispatch: %(name)s, %(when)s.")
        if is_warehouse
        else _("Next without delivery: %(name)s, %(when)s.")
    )
    return f"{said} {following % words}"


def rule_line(stored: StoredRule, clock: Clock) -> dict[str, Any]:
    """One of the merchant's rules as a line: who, when, what."""
    rule = stored.rule
    key = {Day.REST: "rest", Day.HALF: "half", Day.WORKS: "works"}[rule.kind]
    return {
        "who": _who(rule, clock.language),
        "when": _when(rule, clock),
        "name": span_name(rule.name),
        "mark": MARKS[key],
    }


def _who(rule: DayRule, language: str) -> str:
    if rule.part == "warehouse":
        return _("The warehouse")
    place = country_name(rule.country, language) if rule.country else ""
    if rule.carrier:
        named = {"carrier": name_of(rule.carrier, language=language), "country": place}
        return _("%(carrier)s in %(country)s") % named
    return _("Deliveries in %(country)s") % {"country": place}


def _when(rule: DayRule, clock: Clock) -> str:
    dated = ""
    if rule.first and rule.last:
        dated = clock.window(rule.first, rule.last)
        if rule.last.year != clock.today.year and rule.first.year == rule.last.year:
            dated = f"{dated} ({rule.last.year})"
    if not rule.weekday:
        return dated
    every = _("Every week on %(day)s") % {"day": weekday_names([rule.weekday], clock.language)}
    return f"{every}, {dated}" if dated else every
