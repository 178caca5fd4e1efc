"""`reports/feedback/`: what shoppers said after deliveries, the same as a file, and the switch."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from carriers.registry import name_of
from dashboard.clock import Clock, clock_for
from dashboard.reports.feedback_figures import Figures, Marks, figures, given
from dashboard.reports.tabs import PERIODS, days_asked, report_tabs
from dashboard.shell import address, go, page
from helpdesk.feedback_rows import sentence
from lib import formats
from lib.csv_cells import BYTE_ORDER_MARK, line
from lib.mark_words import MARK_LABELS
from merchants.access import MerchantRequest, may, member_view, record
from merchants.models import Role
from tracking.feedback import MARKS, opens_cases, save_feedback_policy
from tracking.models import Feedback

#: Words that the page shows; the file has all.
_MOST: Final = 25
_COLUMNS: Final = ("given_at", "order", "about", "carrier", "by", "mark", "language", "words")


@require_safe
@member_view(Role.VIEWER)
def feedback(request: MerchantRequest) -> HttpResponseBase:
    """The sentence, the shop and each carrier, the newest words."""
    clock, days = clock_for(request.merchant), days_asked(request)
    found = figures(now=clock.now, days=days)
    acts = may(request.role, Role.AGENT)
    route = address(request, "report_feedback")
    context: dict[str, Any] = {
        "reports": report_tabs(request, "report_feedback"),
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
        "rows": _rows(request, found, clock),
        "labels": [{"mark": mark, "label": MARK_LABELS[mark]} for mark in MARKS],
        "words": _words(request, clock, days) if acts else [],
        "acts": acts,
        "opens_cases": opens_cases(),
        "policy_url": address(request, "feedback_policy"),
        "csv_url": f"{address(request, 'report_feedback_csv')}?days={days}",
    }
    return page(request, "reports/feedback.html", context, current="report_feedback")


@require_safe
@member_view(Role.AGENT)
def feedback_csv(request: MerchantRequest) -> HttpResponseBase:
    """Every mark of the period with its words."""
    clock, days = clock_for(request.merchant), days_asked(request)
    rows = given(now=clock.now, days=days)
    text = [line(_COLUMNS), *(line(_cells(one)) for one in rows.iterator(chunk_size=1000))]
    response = HttpResponse(BYTE_ORDER_MARK + "".join(text), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="feedback-{days}-days.csv"'
    return response


@require_POST
@member_view(Role.ADMIN)
def feedback_policy(request: MerchantRequest) -> HttpResponseBase:
    """Whether low marks open cases."""
    before, wanted = opens_cases(), "opens_cases" in request.POST
    if wanted != before:
        save_feedback_policy(
            merchant_id=request.merchant.pk, opens_cases=wanted, now=timezone.now()
        )
        record(
            merchant=request.merchant, user=request.user, action="feedback.changed",
            subject=request.merchant.slug, opens_cases=[before, wanted],
        )  # fmt: skip
    messages.success(request, _("Saved. It counts for marks that come from now on."))
    return go(request, "report_feedback")


def _sentence(found: Figures, clock: Clock) -> str:
    shop, carriers = found.shop, found.all_carriers
    if not shop.n and not carriers.n:
        return _("No customer has judged a delivery in this time.")
    said = []
    if carriers.n:
        words = ngettext(
            "Deliveries: %(mean)s of 5, from %(n)s mark.",
            "Deliveries: %(mean)s of 5, from %(n)s marks.",
            carriers.n,
        )
        said.append(words % _numbers(carriers, clock))
    if shop.n:
        words = ngettext(
            "Your shop: %(mean)s of 5, from %(n)s mark.",
            "Your shop: %(mean)s of 5, from %(n)s marks.",
            shop.n,
        )
        said.append(words % _numbers(shop, clock))
    return " ".join(said)


def _numbers(marks: Marks, clock: Clock) -> dict[str, str]:
    return {
        "mean": formats.number(Decimal(f"{marks.mean:.1f}"), clock.language),
        "n": formats.number(marks.n, clock.language),
    }


def _rows(request: MerchantRequest, found: Figures, clock: Clock) -> list[dict[str, Any]]:
    """The shop first, then carriers."""
    named = [
        (name_of(slug, language=clock.language) if slug else _("No carrier known"), marks)
        for slug, marks in found.carriers.items()
    ]
    shop = [(request.merchant.name, found.shop)] if found.shop.n else []
    return [
        {
            "label": label,
            **_numbers(marks, clock),
            "counts": [formats.number(marks.counts[mark], clock.language) for mark in MARKS],
            "low": formats.number(marks.low, clock.language),
        }
        for label, marks in [*shop, *named]
    ]


def _words(request: MerchantRequest, clock: Clock, days: int) -> list[dict[str, Any]]:
    rows = given(now=clock.now, days=days).exclude(words="")[:_MOST]
    return [
        {
            "number": one.order.number,
            "url": address(request, "order", one.order_id),
            "sentence": sentence(one, clock.language),
            "text": one.words,
            "lang": one.language,
            **clock.pair(one.given_at),
        }
        for one in rows
    ]


def _cells(one: Feedback) -> tuple[str, ...]:
    return (
        one.given_at.isoformat(timespec="seconds"),
        one.order.number,
        one.about,
        one.shipment.carrier if one.shipment else "",
        one.role,
        str(one.mark),
        one.language,
        one.words,
    )
