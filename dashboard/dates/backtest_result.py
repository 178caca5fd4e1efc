"""What a back-test found, in sentences, two charts and the tables behind them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from babel.dates import format_skeleton
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboard.clock import Clock
from dashboard.dates.tradeoff import Point, tradeoff
from dashboard.order_list import country_name
from lib.formats import locale_of, number

_LEVELS: Final = ("80", "90", "95")
Figures = Mapping[str, Any]


def result(found: Figures, clock: Clock) -> dict[str, Any]:
    """What `dashboard/dates/backtest.html` shows of `BackTest.results`."""
    order, level = found["order"], str(found["level"])
    return {
        "sentence": _sentence(order, level, clock),
        "about": _about(found, clock),
        "facts": _facts(order, level, clock),
        "stages": [
            _stage(_("When it is ordered"), order, level),
            _stage(_("When the carrier has it"), found["handover"], level),
        ],
        "months": [
            _group(_month(name, clock), one, level, clock) for name, one in order["months"].items()
        ],
        "places": [
            _group(_place(name, clock, is_code=found["by_country"]), one, level, clock)
            for name, one in order["places"].items()
        ],
        "by_country": found["by_country"],
    }


def _sentence(order: Figures, level: str, clock: Clock) -> str:
    """The answer, on the orders for which there was a promise."""
    promise = order["promise"]
    if promise is None:
        kept, lead = order["levels"][level]["on_time"], order["levels"][level]["lead"]
        return _(
            "We would have promised %(days)s on average and kept %(kept)s of 100. No date of yours"
            " is known for these orders."
        ) % {"days": days(lead, clock), "kept": of_100(kept)}
    kept, lead = promise["ours"][level]
    return _(
        "You promised on average %(days)s and kept %(kept)s of 100. We would have promised"
        " %(our_days)s and kept %(our_kept)s of 100."
    ) % {
        "days": days(promise["lead"], clock),
        "kept": of_100(promise["on_time"]),
        "our_days": days(lead, clock),
        "our_kept": of_100(kept),
    }


def _about(found: Figures, clock: Clock) -> str:
    """Which orders these were."""
    count = found["order"]["n"]
    text = ngettext(
        "%(n)s delivered order, placed %(between)s. Each was predicted from what was known on the"
        " Monday before it.",
        "%(n)s delivered orders, placed %(between)s. Each was predicted from what was known on the"
        " Monday before it.",
        count,
    ) % {"n": number(count, clock.language), "between": _between(found, clock)}
    if not found["is_cut"]:
        return text
    cut = _("There are more: only the newest %(n)s were looked at.")
    return f"{text} {cut % {'n': number(found['looked_at'], clock.language)}}"


def _between(found: Figures, clock: Clock) -> str:
    first, last = date.fromisoformat(found["first"]), date.fromisoformat(found["last"])
    return _("between %(first)s and %(last)s") % {
        "first": clock.day(first),
        "last": clock.day(last),
    }


def _facts(order: Figures, level: str, clock: Clock) -> list[str]:
    told = [
        _as_many(order, clock),
        _carriers(order, level, clock),
        _("The single likeliest day was right for %(exact)s of 100 orders, and at most a day off"
          " for %(near)s of 100.")
        % {"exact": of_100(order["exact"]), "near": of_100(order["within_1"])},
        _("Windows that should hold 90 of 100 held %(held)s; they were %(days)s wide on average.")
        % {
            "held": of_100(order["window90"]["coverage"]),
            "days": days(order["window90"]["width"] + 1, clock),
        },
        _alarms(order["alerts"]),
    ]  # fmt: skip
    return [text for text in told if text]


def _as_many(order: Figures, clock: Clock) -> str:
    lead = order["lead_at_peer_on_time"]
    if lead is None or order["promise"] is None:
        return ""
    return _("To keep %(kept)s of 100, as you did, we would have needed %(days)s.") % {
        "kept": of_100(order["promise"]["on_time"]),
        "days": days(lead, clock),
    }


def _carriers(order: Figures, level: str, clock: Clock) -> str:
    carrier = order["carrier"]
    if carrier is None:
        return ""
    kept, lead = carrier["ours"][level]
    return _(
        "The carriers’ own first dates were %(days)s after the order, and %(kept)s of 100 were"
        " kept. Ours for the same orders: %(our_days)s, %(our_kept)s of 100."
    ) % {
        "days": days(carrier["lead"], clock),
        "kept": of_100(carrier["on_time"]),
        "our_days": days(lead, clock),
        "our_kept": of_100(kept),
    }


def _alarms(alerts: Figures) -> str:
    if alerts["recall"] is None:
        return _("No promise was broken, so there was nothing to warn of.")
    text = _(
        "Of the promises that were broken, %(seen)s of 100 would have been foreseen two days ahead"
        " or more."
    ) % {"seen": of_100(alerts["recall"])}
    if alerts["precision"] is None:
        return text
    right = _("Of the warnings, %(right)s of 100 would have come true.")
    return f"{text} {right % {'right': of_100(alerts['precision'])}}"


def _stage(title: str, figures: Figures, level: str) -> dict[str, Any]:
    """One chart and the table behind it."""
    own = _others(figures)
    ours = [
        Point(lead, kept, f"{round(at)}" if str(round(at)) in _LEVELS else "", "dot")
        for at, kept, lead in figures["curve"]
    ]
    rows = [_row(point.label, point.kept, point.lead) for point in own]
    rows += [
        _row(
            _("Ours at %(level)s") % {"level": name},
            figures["levels"][name]["on_time"],
            figures["levels"][name]["lead"],
            is_chosen=name == level,
        )
        for name in _LEVELS
    ]
    return {"title": title, "chart": tradeoff(ours, own), "rows": rows}


def _others(figures: Figures) -> list[Point]:
    named = (
        ("promise", _("Your promise"), "square"),
        ("carrier", _("Carriers’ dates"), "diamond"),
    )
    return [
        Point(figures[name]["lead"], figures[name]["on_time"], label, shape)
        for name, label, shape in named
        if figures[name] is not None
    ]


def _row(label: str, kept: float, lead: float, *, is_chosen: bool = False) -> dict[str, Any]:
    return {
        "label": label,
        "kept": of_100(kept),
        "days": decimal(lead),
        "is_chosen": is_chosen,
    }


def _group(label: str, one: Figures, level: str, clock: Clock) -> dict[str, str]:
    promise = one["promise"]
    kept, lead = one["ours"][level]
    return {
        "label": label,
        "n": number(one["n"], clock.language),
        "days": decimal(promise["lead"]) if promise else "–",
        "kept": of_100(promise["on_time"]) if promise else "–",
        "our_days": decimal(lead),
        "our_kept": of_100(kept),
    }


def _month(name: str, clock: Clock) -> str:
    locale = locale_of("en-GB" if clock.language == "en" else clock.language)
    return format_skeleton("yMMM", date.fromisoformat(f"{name}-01"), locale=locale)


def _place(name: str, clock: Clock, *, is_code: bool) -> str:
    if not name:
        return _("Not said")
    return country_name(name, clock.language) if is_code else name


def of_100(share: float) -> str:
    """A share as so many of a hundred; only what is all is called 100."""
    return str(100 if share >= 1 else min(round(share * 100), 99))


def decimal(value: float) -> str:
    """With one decimal always, for a column."""
    return f"{value:.1f}"


def days(value: float, clock: Clock) -> str:
    """ "4.1 days", "1 day"."""
    rounded = Decimal(f"{value:.1f}")
    is_whole = rounded == int(rounded)
    # A broken number takes the plural of a hundred in every language of ours.
    count = int(rounded) if is_whole else 100
    n = number(int(rounded) if is_whole else rounded, clock.language)
    return ngettext("%(n)s day", "%(n)s days", count) % {"n": n}
