"""The style page: every component once, with sample data, in English and in Arabic.

Browser tests photograph it, and whoever changes a component looks at it first. It reads
no table and belongs to no merchant, so it may be open to anybody.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import numpy as np
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext

from dashboard.brand_words import contrast_rows
from dashboard.charts import day_bars
from dashboard.clock import Clock
from dashboard.style_samples import ARABIC, ENGLISH
from edd.distribution import Distribution
from lib.vocabulary import Status
from merchants.models import Brand
from storefront_pages.readings import readings

_FLAGS: Final = (
    "delayed",
    "will_be_late",
    "stalled",
    "action_required",
    "disputed",
    "is_return_leg",
    "unknown",
)
_ORDER_STAGES: Final = ("placed", "confirmed", "packed")
_HEALTH: Final = ("ok", "slow", "down", "off", "unknown")


def style_context(language: str) -> dict[str, Any]:
    """Context of `dashboard/style.html`, samples in `language` ("ar"; anything else: English)."""
    sample = ARABIC if language == "ar" else ENGLISH
    return {
        **sample,
        "statuses": [str(status) for status in Status],
        "flags": _FLAGS,
        "order_stages": _ORDER_STAGES,
        "health_states": _HEALTH,
        "type_scale": ("36", "28", "22", "18", "16", "14", "12"),
        "contrast": contrast_rows(readings(Brand(accent="#f2b705")), follows_night=True),
        "day_bars": _day_bars(language),
        "tones": ("moving", "good", "wait", "act", "quiet"),
    }


def _day_bars(language: str) -> list[dict[str, Any]]:
    """The days of an invented parcel that may take long."""
    mass = np.array([0.04, 0.22, 0.31, 0.0, 0.18, 0.12, 0.06, 0.02])
    clock = Clock(datetime(2026, 11, 10, tzinfo=UTC), ZoneInfo("UTC"), language)
    first, last = date(2026, 11, 12), date(2026, 11, 16)
    marks = {last: gettext("promised")}
    chances = Distribution(first, mass)
    return day_bars(chances, first=first, last=last, marks=marks, clock=clock)


def style_page(request: HttpRequest) -> HttpResponse:
    """Show every component; `?lang=ar` switches to Arabic and right-to-left."""
    language = "ar" if request.GET.get("lang") == "ar" else "en"
    with translation.override(language):
        return render(request, "dashboard/style.html", style_context(language))
