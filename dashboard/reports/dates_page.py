"""`reports/dates/`: how often dates were kept, and the same as a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

from django.http import HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from carriers.registry import name_of
from dashboard.clock import Clock, clock_for
from dashboard.reports import dates_charts, dates_words
from dashboard.reports.dates_figures import ORDER, Figures, Line, figures, grouped, whole
from dashboard.reports.tabs import PERIODS, days_asked, report_tabs
from dashboard.shell import address, page
from edd.scoring import Kept
from lib import formats
from merchants.access import MerchantRequest, member_view
from merchants.models import Role

#: Carriers and lanes that a table shows; the file has all.
_MOST: Final = 25


@require_safe
@member_view(Role.VIEWER)
def dates(request: MerchantRequest) -> HttpResponseBase:
    """The sentence, the charts, the tables, the corrections."""
    clock, days = clock_for(request.merchant), days_asked(request)
    found = figures(request.merchant.pk, today=clock.today, days=days)
    context: dict[str, Any] = {
        "reports": report_tabs(request, "report_dates"),
        "sentence": dates_words.sentence(found, clock),
        "told": dates_words.told_sentence(found, clock),
        "periods": [_period(request, one, current=one == days) for one in PERIODS],
        "is_empty": not found.lines,
        "corrections": [dates_words.correction(one, clock) for one in found.calibrations],
        "csv_url": f"{address(request, 'report_dates_csv')}?days={days}",
    }
    if found.lines:
        context |= _tables(found, clock) | {
            "calibration": dates_charts.calibration(found, clock),
            "weeks": dates_charts.weeks(found, clock),
        }
    return page(request, "reports/dates.html", context, current="report_dates")


@require_safe
@member_view(Role.VIEWER)
def dates_csv(request: MerchantRequest) -> HttpResponseBase:
    """Every kind of date in the period with its counts; shares are left to the reader's sheet."""
    clock, days = clock_for(request.merchant), days_asked(request)
    found = figures(request.merchant.pk, today=clock.today, days=days)
    file = io.StringIO()
    write = csv.writer(file)
    write.writerow(
        ("whose", "carrier", "lane", "stage", "level", "source", "dates", "in_time", "inside",
         "came", "days_outside", "seen_by_customers", "seen_in_time")
    )  # fmt: skip
    for one in sorted(found.lines, key=lambda line: (line.whose, line.stage, -line.kept.n)):
        write.writerow(
            (one.whose, one.carrier, one.lane, one.stage, one.level or "", one.source, one.kept.n,
             one.kept.in_time, one.kept.inside, one.kept.arrived, one.kept.days_off, one.told.n,
             one.told.in_time)
        )  # fmt: skip
    response = HttpResponse(file.getvalue(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="dates-{days}-days.csv"'
    return response


def _period(request: MerchantRequest, days: int, *, current: bool) -> dict[str, Any]:
    words = ngettext("%(n)s day", "%(n)s days", days) % {"n": days}
    url = f"{address(request, 'report_dates')}?days={days}"
    return {"label": words, "url": url, "current": current, "count": None}


def _tables(found: Figures, clock: Clock) -> dict[str, Any]:
    """Per stage, carrier and lane; the peers' dates beside ours."""
    language = clock.language
    stages = [
        _row(str(label), whole(found.ours(stage)), Kept(), Kept(), language)
        for stage, label in dates_words.STAGES.items()
    ]
    return {
        "stages": [row for row in stages if row["n"] != "0"],
        "carriers": _rows(found, lambda one: one.carrier, _carrier_name, language),
        "lanes": _rows(found, lambda one: one.lane, dates_words.lane_name, language),
        "has_shop": bool(found.shops()),
    }


def _carrier_name(slug: str, language: str) -> str:
    return name_of(slug, language=language) if slug else _("No carrier known")


def _rows(
    found: Figures,
    key: Callable[[Line], str],
    label: Callable[[str, str], str],
    language: str,
) -> list[dict[str, Any]]:
    theirs, shops = grouped(found.carriers(), key), grouped(found.shops(), key)
    ours = grouped(found.ours(ORDER), key)
    names = list(dict.fromkeys([*ours, *theirs]))[:_MOST]
    return [
        _row(
            label(name, language),
            ours.get(name, Kept()),
            theirs.get(name, Kept()),
            shops.get(name, Kept()),
            language,
        )
        for name in names
    ]


def _row(label: str, ours: Kept, theirs: Kept, shops: Kept, language: str) -> dict[str, Any]:
    enough = ours.is_enough
    return {
        "label": label,
        "n": formats.number(ours.n, language),
        "few": "" if enough else _("too few"),
        "share": dates_words.percent(ours.share, language) if enough else "",
        "interval": dates_words.interval(ours.interval, language) if enough else "",
        "inside": dates_words.percent(ours.share_inside, language) if enough else "–",
        "days_off": _days_off(ours, language),
        "theirs": _peer(theirs, language),
        "shops": _peer(shops, language),
    }


def _days_off(kept: Kept, language: str) -> str:
    return formats.number(Decimal(f"{kept.mean_days_off:.1f}"), language) if kept.is_enough else "–"


def _peer(kept: Kept, language: str) -> str:
    """ "71.0 % of 412"; "–" for too few."""
    if not kept.is_enough:
        return "–"
    return _("%(share)s of %(n)s") % {
        "share": dates_words.percent(kept.share, language),
        "n": formats.number(kept.n, language),
    }
