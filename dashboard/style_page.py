"""The style page: every component once, with sample data, in English and in Arabic.

Browser tests photograph it, and whoever changes a component looks at it first. It reads
no table and belongs to no merchant, so it may be open to anybody.
"""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation

from dashboard.brand_words import contrast_rows
from dashboard.style_samples import ARABIC, ENGLISH
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
        "contrast": contrast_rows(readings(Brand(accent="#f2b705"))),
        "tones": ("moving", "good", "wait", "act", "quiet"),
    }


def style_page(request: HttpRequest) -> HttpResponse:
    """Show every component; `?lang=ar` switches to Arabic and right-to-left."""
    language = "ar" if request.GET.get("lang") == "ar" else "en"
    with translation.override(language):
        return render(request, "dashboard/style.html", style_context(language))
