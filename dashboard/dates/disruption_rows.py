"""Disruptions in a merchant's words: which parcels, when, what it comes to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Final, NamedTuple

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from carriers.registry import name_of
from dashboard.clock import Clock
from dashboard.shell import address
from edd.disruption_rows import Row, as_disruption
from edd.disruption_words import cause_label, country_in_words, sentence
from edd.disruptions import Disruption
from edd.models import MerchantDisruption, OperatorDisruption
from edd.regions import region_key, region_name
from lib import formats
from lib.words import place_name
from merchants.access import MerchantRequest
from notifications.rules import channels_on, rules_of, topics_on
from notifications.triggers import topics_of
from tracking.disrupting import OPEN
from tracking.disruption_preview import Touched
from tracking.models import Shipment, Slowness
from tracking.outbox import NewChange
from tracking.slowness_seen import Suggestion, suggestions

#: Of those that are over so many are shown, the newest.
_OVER_SHOWN: Final = 20


class State(NamedTuple):
    """How a disruption stands: its place in the list, and as a pill."""

    order: int
    label: str
    tone: str
    icon: str


def state_of(row: Row, *, today: date) -> State:
    """Running, planned, over, or taken back before it ran."""
    if row.withdrawn_at is not None:
        return State(3, pgettext("a disruption", "Taken back"), "quiet", "undo-2")
    if today < row.starts:
        return State(1, pgettext("a disruption", "Planned"), "moving", "calendar-clock")
    if today > row.ends:
        return State(2, pgettext("a disruption", "Over"), "quiet", "check")
    return State(0, pgettext("a disruption", "Running"), "wait", "clock")


def disruption_rows(request: MerchantRequest, clock: Clock) -> list[dict[str, Any]]:
    """Running ones first, then planned ones and the newest that are over; the operator's among
    them. In the merchant's scope."""
    own = MerchantDisruption.objects.select_related("author").order_by("-pk")
    rows: list[Row] = [*OperatorDisruption.objects.order_by("-pk"), *own]
    rows.sort(key=lambda row: (state_of(row, today=clock.today).order, -row.starts.toordinal()))
    over = [row for row in rows if state_of(row, today=clock.today).order > 1]
    kept = [row for row in rows if row not in over] + over[:_OVER_SHOWN]
    held = {kind: _held(kind) for kind in ("operator_disruption", "own_disruption")}
    return [_row(request, row, clock, held) for row in kept]


def _held(column: str) -> dict[int, int]:
    """How many open parcels carry the days of each."""
    counted = (
        Shipment.objects.filter(status__in=OPEN, **{f"{column}__isnull": False})
        .values_list(f"{column}_id")
        .annotate(parcels=Count("pk"))
        .order_by()
    )
    return dict(counted)


def _row(
    request: MerchantRequest, row: Row, clock: Clock, held: dict[str, dict[int, int]]
) -> dict[str, Any]:
    found = as_disruption(row)
    is_own = isinstance(row, MerchantDisruption)
    state = state_of(row, today=clock.today)
    parcels = held["own_disruption" if is_own else "operator_disruption"].get(row.pk, 0)
    lasts = state.order < 2
    return {
        "title": title(found, clock.language),
        "state": state._asdict(),
        "when": clock.window(row.starts, row.ends),
        "cause": cause_label(row.cause),
        "by": _by(row),
        "parcels": _parcels(parcels) if parcels else "",
        "sentence": sentence(found, clock.language),
        "change_url": address(request, "dates_disruption", row.pk) if is_own and lasts else "",
        "end_url": address(request, "dates_disruption_end", row.pk) if is_own and lasts else "",
        "end": _("Take back") if row.starts >= clock.today else _("End now"),
    }


def _by(row: Row) -> str:
    if isinstance(row, OperatorDisruption):
        return _("for all shops, by whoever runs Homeward")
    return (row.author.name or row.author.email) if row.author else _("Somebody who left")


def _parcels(count: int) -> str:
    text = ngettext("%(n)s open parcel has its days", "%(n)s open parcels have its days", count)
    return text % {"n": count}


def title(found: Disruption, language: str) -> str:
    """ "+3 working days · Aramex · to Bahia, Brazil"."""
    days = ngettext("+%(n)s working day", "+%(n)s working days", found.days) % {"n": found.days}
    origin, to = found.from_country, destination(found, language)
    parts = (
        days,
        name_of(found.carrier, language=language) if found.carrier else _("every carrier"),
        found.service,
        _("from %(place)s") % {"place": country_in_words(origin, language)} if origin else "",
        _("to %(place)s") % {"place": to} if to else _("to everywhere"),
    )
    return " · ".join(part for part in parts if part)


def destination(found: Disruption | Slowness, language: str) -> str:
    """Region and country; "" for everywhere."""
    if not found.to_country:
        return ""
    country = country_in_words(found.to_country, language)
    if not found.to_region:
        return country
    known = region_name(found.to_country, key := region_key(found.to_country, found.to_region))
    region = place_name(found.to_region if known == key else known)
    return f"{region}، {country}" if formats.is_rtl(language) else f"{region}, {country}"


def sentences(found: Disruption, languages: Sequence[str]) -> list[dict[str, str]]:
    """What customers read in each language."""
    return [
        {
            "lang": code,
            "dir": "rtl" if formats.is_rtl(code) else "ltr",
            "text": sentence(found, code),
        }
        for code in languages
    ]


def tells(request: MerchantRequest) -> Callable[[NewChange], bool]:
    """Whether some channel of the shop tells customers of such a change."""
    rules = rules_of(request.merchant)
    told = {
        topic
        for kind in channels_on(request.merchant)
        for topic in topics_on(rules, channel=kind.slug)
    }
    return lambda change: not told.isdisjoint(topics_of(change))


def effects(touched: Touched) -> list[str]:
    """What it comes to, a sentence for each number that is not zero."""
    counts = (
        (touched.parcels, ngettext(
            "%(n)s open parcel is on such a way.",
            "%(n)s open parcels are on such a way.", touched.parcels)),
        (touched.later, ngettext(
            "%(n)s of them is expected later than before.",
            "%(n)s of them are expected later than before.", touched.later)),
        (touched.earlier, ngettext(
            "%(n)s of them is expected earlier than before.",
            "%(n)s of them are expected earlier than before.", touched.earlier)),
        (touched.by_carrier, ngettext(
            "%(n)s of them has the carrier’s own date, which stays.",
            "%(n)s of them have the carrier’s own dates, which stay.", touched.by_carrier)),
        (touched.told, ngettext(
            "%(n)s customer will be told.", "%(n)s customers will be told.", touched.told)),
        (touched.left_out, ngettext(
            "%(n)s older parcel was not looked at for these numbers; its date moves as well.",
            "%(n)s older parcels were not looked at for these numbers; their dates move as well.",
            touched.left_out)),
    )  # fmt: skip
    said = [text % {"n": count} for count, text in counts if count]
    if not touched.parcels:
        said.append(_("No open parcel is on such a way. New orders get the days by themselves."))
    elif not touched.told:
        said.append(_("No customer is written to because of it; their pages say it."))
    return said


def slowness_hints(
    request: MerchantRequest, clock: Clock, *, may_change: bool
) -> list[dict[str, str]]:
    """Slow carriers for `dashboard/dates/_slow.html`; in the merchant's scope."""
    found = suggestions(merchant_id=request.merchant.pk, today=clock.today)
    form = address(request, "dates_disruption_new")
    return [
        {
            "text": _slow_sentence(one, clock),
            "detail": _slow_detail(one),
            "add": ngettext("Add %(n)s day", "Add %(n)s days", one.slowness.days)
            % {"n": one.slowness.days},
            "add_url": f"{form}?slow={one.slowness.pk}" if may_change else "",
            "dismiss_url": address(request, "dates_slow_dismiss", one.slowness.pk)
            if may_change
            else "",
        }
        for one in found
    ]


def _slow_sentence(one: Suggestion, clock: Clock) -> str:
    slow = one.slowness
    text = ngettext(
        "Parcels with %(carrier)s to %(place)s run %(n)s working day late since %(day)s, across"
        " shops.",
        "Parcels with %(carrier)s to %(place)s run %(n)s working days late since %(day)s, across"
        " shops.",
        slow.days,
    )
    return text % {
        "carrier": name_of(slow.carrier, language=clock.language),
        "place": destination(slow, clock.language),
        "n": slow.days,
        "day": clock.day(slow.since),
    }


def _slow_detail(one: Suggestion) -> str:
    slow = one.slowness
    shares = _("%(late)s of 100 parcels miss their date; usually %(usual)s do.") % {
        "late": round(slow.late * 100), "usual": round(slow.usual * 100),
    }  # fmt: skip
    mine = ngettext(
        "%(n)s of your parcels is on its way there.",
        "%(n)s of your parcels are on their way there.",
        one.parcels,
    )
    return f"{shares} {mine % {'n': one.parcels}}"
