"""The parts of the Dates section, as tabs; each is shown as soon as its address exists."""

from __future__ import annotations

from typing import Any, Final

from django.urls import NoReverseMatch
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dashboard.shell import address
from merchants.access import MerchantRequest

#: (route, what the tab says), in the order of the tabs.
_TABS: Final[tuple[tuple[str, Promise], ...]] = (
    ("dates", pgettext_lazy("of dates", "Rules")),
    ("dates_calendars", _("Calendars")),
    ("dates_disruptions", _("Disruptions")),
    ("report_dates", _("How we did")),
    ("dates_backtest", _("Try on your history")),
)


def date_tabs(request: MerchantRequest, current: str) -> list[dict[str, Any]]:
    """For `dashboard/dates/_tabs.html`; `current` is the route whose tab is marked."""
    return [
        {"label": label, "url": url, "current": route == current}
        for route, label in _TABS
        if (url := _address(request, route))
    ]


def _address(request: MerchantRequest, route: str) -> str:
    try:
        return address(request, route)
    except NoReverseMatch:
        return ""
