"""The date widget of product page, cart and checkout: `components/date_promise.html`."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from django.utils.html import format_html
from django.utils.translation import gettext as _

from edd.before_order import BeforeOrder
from lib.formats import date_range, day_and_time, is_rtl, locale_of, unbroken
from lib.words import place_name

#: A countdown longer than this is no countdown: the day and the hour are told instead.
_COUNTDOWN: Final = timedelta(hours=24)


def date_promise(
    promise: BeforeOrder, *, country: str, city: str = "", language: str
) -> dict[str, Any]:
    """Keys: `text` (plain), `html` (the same, dates strong), `window`, `place`, `first` and
    `last` (ISO dates). The language must be active."""
    window = unbroken(date_range(promise.first, promise.last, language))
    if promise.order_within <= _COUNTDOWN:
        sentence = _("Order within {within} to get it {window}")
        within = duration(promise.order_within)
    else:
        sentence = _("Order by {within} to get it {window}")
        within = unbroken(day_and_time(promise.order_by, language))
    return {
        "text": sentence.format(within=within, window=window),
        "html": format_html(
            sentence, within=within, window=format_html("<strong>{}</strong>", window)
        ),
        "window": window,
        "place": place(country, city, language=language),
        "first": promise.first.isoformat(),
        "last": promise.last.isoformat(),
    }


def duration(left: timedelta) -> str:
    """Hours and minutes: "2 h 13 min". What is under a minute reads as one."""
    minutes = max(int(left.total_seconds() // 60), 1)
    hours, minutes = divmod(minutes, 60)
    if not hours:
        text = _("{minutes} min").format(minutes=minutes)
    elif not minutes:
        text = _("{hours} h").format(hours=hours)
    else:
        text = _("{hours} h {minutes} min").format(hours=hours, minutes=minutes)
    return text.replace(" ", "\N{NO-BREAK SPACE}")


def place(country: str, city: str, *, language: str) -> str:
    """City and country in the reader's language: "Dubai, United Arab Emirates"."""
    comma = "، " if is_rtl(language) else ", "
    named = str(locale_of(language).territories.get(country, country))
    return comma.join(part for part in (place_name(city), named) if part)
