"""`reports/attempts/`: what carriers call failed attempts, and what customers say of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import astuple, fields
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from carriers.registry import name_of
from dashboard.clock import Clock, clock_for
from dashboard.reports.dates_words import percent
from dashboard.reports.tabs import PERIODS, days_asked, report_tabs
from dashboard.shell import address, page
from edd.scoring import FEWEST
from lib import formats
from lib.csv_cells import BYTE_ORDER_MARK, line
from merchants.access import MerchantRequest, member_view
from merchants.models import Role
from tracking.attempt_figures import Attempts
from tracking.attempt_figures import attempts as counted


@require_safe
@member_view(Role.VIEWER)
def attempts(request: MerchantRequest) -> HttpResponseBase:
    """The sentence, and a row for each carrier."""
    clock, days = clock_for(request.merchant), days_asked(request)
    found = counted(now=clock.now, days=days)
    route = address(request, "report_attempts")
    context: dict[str, Any] = {
        "reports": report_tabs(request, "report_attempts"),
        "sentence": _sentence(found, clock),
        "periods": [
            {
                "label": ngettext("%(n)s day", "%(n)s days", one) % {"n": one},
                "url": f"{route}?days={one}",
                "current": one == days,
                "count": None,
            }
            for one in PERIODS
        ],
        "rows": [_row(slug, one, clock) for slug, one in found.items()],
        "csv_url": f"{address(request, 'report_attempts_csv')}?days={days}",
    }
    return page(request, "reports/attempts.html", context, current="report_attempts")


@require_safe
@member_view(Role.VIEWER)
def attempts_csv(request: MerchantRequest) -> HttpResponseBase:
    """The counts; shares are left to the reader's sheet."""
    clock, days = clock_for(request.merchant), days_asked(request)
    columns = ["carrier", *(one.name for one in fields(Attempts))]
    text = [line(columns)]
    for slug, one in counted(now=clock.now, days=days).items():
        text.append(line([slug, *map(str, astuple(one))]))
    response = HttpResponse(BYTE_ORDER_MARK + "".join(text), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="attempts-{days}-days.csv"'
    return response


def _sentence(found: Mapping[str, Attempts], clock: Clock) -> str:
    failed = sum(one.failed for one in found.values())
    if not failed:
        return _("No carrier reported a failed attempt in this time.")
    nobody = sum(one.nobody_came for one in found.values())
    told = ngettext(
        "%(n)s failed attempt was reported.", "%(n)s failed attempts were reported.", failed
    ) % {"n": formats.number(failed, clock.language)}
    if not nobody:
        return told
    said = ngettext(
        "Of %(n)s, the customer says that nobody came.",
        "Of %(n)s, customers say that nobody came.",
        nobody,
    ) % {"n": formats.number(nobody, clock.language)}
    return f"{told} {said}"


def _row(slug: str, one: Attempts, clock: Clock) -> dict[str, Any]:
    counts = {
        each.name: formats.number(getattr(one, each.name), clock.language)
        for each in fields(Attempts)
    }
    is_enough = one.failed >= FEWEST
    return counts | {
        "label": name_of(slug, language=clock.language) if slug else _("No carrier known"),
        "share": percent(one.share, clock.language) if is_enough else "",
    }
