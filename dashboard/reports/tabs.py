"""The reports beside each other: each is a page of its own."""

from __future__ import annotations

from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dashboard.shell import address
from merchants.access import MerchantRequest

#: Routes of reports, as they stand in the row of tabs.
REPORTS: Final[tuple[tuple[str, Promise], ...]] = (
    ("report_dates", _("Dates kept")),
    ("report_feedback", pgettext_lazy("a report", "Feedback")),
    ("report_attempts", _("Failed attempts")),
)
#: Periods, in days, that a report may be asked for.
PERIODS: Final = (30, 90, 365)
USUAL: Final = 90


def report_tabs(request: MerchantRequest, current: str) -> list[dict[str, Any]]:
    """`reports` of the templates."""
    return [
        {
            "label": label,
            "url": address(request, route),
            "current": route == current,
            "count": None,
        }
        for route, label in REPORTS
    ]


def days_asked(request: MerchantRequest) -> int:
    """The period that the address names, else the usual one."""
    asked = request.GET.get("days", "")
    return int(asked) if asked in {str(one) for one in PERIODS} else USUAL
