"""The date widget of product page, cart and checkout: `components/date_promise.html`."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from django.utils.html import format_html
from django.utils.translation import gettext as _

from edd.before_order import BeforeOrder
from lib.formats import comma, date_range, day_and_time, locale_of, unbroken
from lib.gazetteer import find_town
from lib.words import place_name

#: A countdown longer than this is no countdown: the day and the hour are told instead.
_COUNTDOWN: Final = timedelta(hours=24)


def date_promise(
    promise: BeforeOrder, *, country: str, city: str = "", language: str
) -> dict[str, Any]:
    """Keys: `text` (plain), `html` (the same, dates strong), `window`, `place`, `first` and
    `last` (ISO dates); for who counts down, `sentence` (with {window}, and {within} or {until}) and
    `until`, empty where it counts down. The language must be active."""
    window = unbroken(date_range(promise.first, promise.last, language))
    if promise.order_within <= _COUNTDOWN:
        sentence = _("Order within {within}: delivery expected {window}")
        within, until = duration(promise.order_within), ""
    else:
        sentence = _("Order by {until}: delivery expected {window}")
        within, until = "", unbroken(day_and_time(promise.order_by, language))
    left = {"within": within, "until": until}
    return {
        "text": sentence.format(**left, window=window),
        "html": format_html(sentence, **left, window=format_html("<strong>{}</strong>", window)),
        "sentence": sentence,
        "until": until,
        "window": window,
        "place": place(country, city, language=language),
        "first": promise.first.isoformat(),
        "last": promise.last.isoformat(),
    }


def duration(left: timedelta) -> str:
    """Hours and minutes: "2 h 13 min". What is under a minute reads as one."""
    minutes = max(int(left.total_seconds() // 60), 1)
    hours, minutes = divmod(minutes, 60)
    patterns = duration_patterns()
    which = "hours_minutes" if hours and minutes else "hours" if hours else "minutes"
    return patterns[which].format(hours=hours, minutes=minutes)


def duration_patterns() -> dict[str, str]:
    """How hours and minutes are written, by which of them there are."""
    patterns = {
        "hours_minutes": _("{hours} h {minutes} min"),
        "hours": _("{hours} h"),
        "minutes": _("{minutes} min"),
    }
    return {name: text.replace(" ", "\N{NO-BREAK SPACE}") for name, text in patterns.items()}


def place(country: str, city: str, *, language: str) -> str:
    """City and country in the reader's language: "Dubai, United Arab Emirates"."""
    named = str(locale_of(language).territories.get(country, country))
    town = find_town(country, city)
    local = town.name(language) if town else place_name(city)
    return comma(language).join(part for part in (local, named) if part)
