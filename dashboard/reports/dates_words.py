"""The report on dates in sentences a merchant says to a colleague."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy

from carriers.registry import name_of
from dashboard.clock import Clock
from dashboard.reports.dates_figures import HANDOVER, ORDER, WAY, Figures, whole
from edd.models import Calibration
from edd.scoring import FEWEST, Interval, Kept
from lib import formats

#: A level as people say it.
_LEVELS: Final[dict[int, Lazy]] = {
    80: pgettext_lazy("parcels that come in time", "8 of 10"),
    90: pgettext_lazy("parcels that come in time", "9 of 10"),
    95: pgettext_lazy("parcels that come in time", "19 of 20"),
}
STAGES: Final[dict[str, Lazy]] = {
    ORDER: pgettext_lazy("when a date was given", "At the order"),
    HANDOVER: pgettext_lazy("when a date was given", "At hand-over to the carrier"),
    WAY: pgettext_lazy("when a date was given", "Later, on the way"),
}


def percent(share: float, language: str, *, sign: bool = True) -> str:
    """ "91.2 %"; one digit behind the point."""
    text = formats.number(Decimal(f"{share * 100:.1f}"), language)
    return f"{text}\N{NO-BREAK SPACE}%" if sign else text


def interval(found: Interval, language: str) -> str:
    """ "89.5–92.7"."""
    return f"{percent(found.low, language, sign=False)}–{percent(found.high, language, sign=False)}"


def level_words(level: int) -> str:
    return str(_LEVELS[level]) if level in _LEVELS else f"{level}\N{NO-BREAK SPACE}%"


def too_few(n: int, language: str) -> str:
    """What is said instead of a share."""
    words = ngettext(
        "%(n)s parcel: too few to judge; at least %(fewest)s are needed",
        "%(n)s parcels: too few to judge; at least %(fewest)s are needed",
        n,
    )
    return words % {"n": formats.number(n, language), "fewest": FEWEST}


def sentence(found: Figures, clock: Clock) -> str:
    """The answer that the page opens with: what we said, what came, what the carriers said."""
    first = whole(found.ours(ORDER))
    ours = first if first.n else whole(found.ours(HANDOVER))
    if not ours.n:
        return _("No parcel with a date of ours has arrived in this time.")
    if not ours.is_enough:
        return f"{too_few(ours.n, clock.language)}."
    said = ngettext(
        "We said %(level)s by the last day; %(share)s came in time (%(n)s parcel, %(interval)s).",
        "We said %(level)s by the last day; %(share)s came in time (%(n)s parcels, %(interval)s).",
        ours.n,
    ) % {
        "level": level_words(found.level),
        "share": percent(ours.share, clock.language),
        "n": formats.number(ours.n, clock.language),
        "interval": interval(ours.interval, clock.language),
    }
    theirs = whole(found.carriers())
    if not theirs.is_enough:
        return said
    beside = _("The carriers’ own dates: %(share)s.")
    return f"{said} {beside % {'share': percent(theirs.share, clock.language)}}"


def told_sentence(found: Figures, clock: Clock) -> str:
    """How often those dates were kept that a customer had really seen; "" for too few."""
    told = Kept(
        n=sum(line.told.n for line in found.ours(ORDER)),
        in_time=sum(line.told.in_time for line in found.ours(ORDER)),
    )
    if not told.is_enough:
        return ""
    return ngettext(
        "%(n)s of these dates was seen by a customer on a page or in a message: %(share)s came "
        "in time.",
        "%(n)s of these dates were seen by a customer on a page or in a message: %(share)s came "
        "in time.",
        told.n,
    ) % {
        "n": formats.number(told.n, clock.language),
        "share": percent(told.share, clock.language),
    }


def correction(one: Calibration, clock: Clock) -> str:
    """ "Since Mon 2 Nov we ask for 93 instead of 90 on Aramex, because …"."""
    values = {
        "day": clock.day(one.since),
        "adjusted": formats.number(Decimal(f"{one.adjusted:g}"), clock.language),
        "before": formats.number(Decimal(f"{one.before:g}"), clock.language),
        "share": percent(one.came, clock.language),
        "n": formats.number(one.n, clock.language),
        "carrier": name_of(one.carrier, language=clock.language) if one.carrier else "",
    }
    if one.carrier:
        words = _(
            "Since %(day)s we ask for %(adjusted)s instead of %(before)s on %(carrier)s, "
            "because %(share)s of %(n)s came in time."
        )
    else:
        words = _(
            "Since %(day)s we ask for %(adjusted)s instead of %(before)s on all other carriers, "
            "because %(share)s of %(n)s came in time."
        )
    return words % values


def lane_name(lane: str, language: str) -> str:
    """ "AE>SA" as countries: "United Arab Emirates → Saudi Arabia"; one name at home."""
    names = formats.locale_of(language).territories
    origin, _arrow, destination = lane.partition(">")
    parts = [str(names.get(code, code)) for code in dict.fromkeys((origin, destination)) if code]
    arrow = " ← " if formats.is_rtl(language) else " → "
    return arrow.join(parts)
