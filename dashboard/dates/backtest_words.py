"""How a back-test stands, in words."""

from __future__ import annotations

from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from dashboard.clock import Clock
from lib.formats import number
from tracking.models import BackTest

_State, _Doing = BackTest.State, BackTest.Doing
#: Tone, icon and word of each state, for the pill.
_PILLS: Final[dict[str, tuple[str, str, Promise]]] = {
    _State.WAITING: ("moving", "clock", gettext_lazy("Waiting")),
    _State.RUNNING: ("moving", "loader-circle", gettext_lazy("Running")),
    _State.DONE: ("good", "circle-check", gettext_lazy("Done")),
    _State.FAILED: ("act", "circle-alert", gettext_lazy("Failed")),
}
_DOING: Final[dict[str, Promise]] = {
    _Doing.READING: gettext_lazy("Reading the orders"),
    _Doing.WALKING: gettext_lazy("Going through them week by week"),
    _Doing.SCORING: gettext_lazy("Counting what was kept"),
}


def pill(test: BackTest) -> dict[str, Any]:
    tone, icon, label = _PILLS[test.state]
    return {"tone": tone, "icon": icon, "label": label}


def months(count: int) -> str:
    return ngettext("The last %(n)s month", "The last %(n)s months", count) % {"n": count}


def too_large(most: int) -> str:
    return _("The file has more than %(n)s MB. Leave out older orders.") % {"n": most // 1_000_000}


def too_many() -> str:
    return _("That was tried very often today. Tomorrow it can be tried again.")


def stored(count: int, clock: Clock, *, fewest: int) -> str:
    """How much there is to try it on."""
    n = number(count, clock.language)
    text = ngettext(
        "%(n)s parcel of the last two years is here.",
        "%(n)s parcels of the last two years are here.",
        count,
    ) % {"n": n}
    if count >= fewest:
        return text
    few = _("At least %(n)s delivered ones are needed; a file can hold more.") % {"n": fewest}
    return f"{text} {few}"


def progress(test: BackTest, clock: Clock) -> dict[str, Any]:
    """What `components/progress.html` takes."""
    if test.state == _State.WAITING:
        label = _("Waiting for its turn")
        return {"label": label, "value": 0, "max": 100, "detail": ""}
    share = f"{test.progress} %"
    left = _left(test, clock)
    return {
        "label": _DOING[test.doing],
        "value": test.progress,
        "max": 100,
        "detail": f"{share} · {left}" if left else share,
    }


def _left(test: BackTest, clock: Clock) -> str:
    """About how long it still takes, by how long it has taken; "" before that can be said."""
    if test.started_at is None or test.progress < 12:
        return ""
    taken = (clock.now - test.started_at).total_seconds()
    left = taken * (100 - test.progress) / test.progress
    if left < 90:
        seconds = max(round(left / 5) * 5, 5)
        return ngettext(
            "about %(n)s second left", "about %(n)s seconds left", seconds
        ) % {"n": seconds}  # fmt: skip
    minutes = round(left / 60)
    return ngettext("about %(n)s minute left", "about %(n)s minutes left", minutes) % {"n": minutes}


def failure(test: BackTest, clock: Clock) -> str:
    """Why it failed; "" where it did not."""
    if test.state != _State.FAILED:
        return ""
    about = {name: _told(value, clock) for name, value in test.about.items()}
    return str(_failures().get(test.problem, _failures()["gave_up"])) % about


def _told(value: Any, clock: Clock) -> str:
    return number(value, clock.language) if isinstance(value, int) else str(value)


def _failures() -> dict[str, str]:
    return {
        "too_few": _(
            "Too few orders: %(found)s of this period were delivered, and %(needed)s are needed"
            " before a share of them says anything. Choose a longer period, or upload a file."
        ),
        "too_long": _("It took too long and was stopped. Choose a shorter period."),
        "gave_up": _("It was interrupted three times. It can be tried again."),
        "empty": _("The file has no order with a time of purchase."),
        "columns": _("The file has no column %(column)s."),
        "date": _("Row %(row)s, column %(column)s: “%(value)s” is no date. One looks like"
                  " 2026-11-27 or 2026-11-27 14:30."),
        "number": _("Row %(row)s, column %(column)s: “%(value)s” is no number."),
        "not_csv": _("Row %(row)s cannot be read. Save the file as “CSV UTF-8” and try again."),
    }  # fmt: skip
