"""The shopper's page as it would look: the true template and builders, an invented parcel.

The page carries its own style sheet and logo as data, so that a look that nobody has
published is at no public address, and a frame that shows it needs no log-in.
"""

from __future__ import annotations

from base64 import b64encode
from datetime import datetime
from typing import Any, Final, Literal

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils import translation

from help_texts.shown import BannerWords
from merchants.models import Look, Merchant
from storefront_pages.invented import PREVIEW_STATES as PREVIEW_STATES
from storefront_pages.invented import invented, invented_story
from storefront_pages.look_facts import look_facts
from storefront_pages.pages import track_context
from storefront_pages.shop import Addresses, shell
from storefront_pages.style import in_scheme, style_sheet

Scheme = Literal["", "light", "dark"]
"""The look by day or by night; "" is as the visitor's own machine has it."""

#: Our own script for the ages of times, and nothing else that runs; no form, no way out.
#: Only our own pages may frame it.
POLICY: Final = (
    "sandbox allow-scripts; default-src 'none'; script-src 'self'; style-src data:; font-src data:;"
    " img-src 'self' https: data:; frame-ancestors 'self'"
)


def preview_page(
    *,
    merchant: Merchant,
    brand: Look,
    state: str,
    language: str,
    now: datetime,
    scheme: Scheme = "",
    banner: BannerWords | None = None,
) -> str:
    """The HTML of `storefront/track.html` for an invented order in this state.

    `brand` and `merchant` may be unsaved: only what they hold is shown. `state` is a key of
    PREVIEW_STATES, `banner` what stands above everything. No row is read or written.
    """
    look = look_facts(brand)
    story = invented_story(merchant, invented(state), language=language, now=now, look=look)
    with translation.override(language):
        where = Addresses("/")
        context = shell(merchant, look, where, language=language, today=story.today, banner=banner)
        context |= track_context(story, page=where.root)
        context["brand"] |= _carried(brand, scheme)
        return render_to_string(
            "storefront/track.html",
            context | {"live": "", "etag": "", "seen_url": "", "is_preview": True},
        )


def framed_page(html: str) -> HttpResponse:
    """The answer with this HTML, which one of our own pages may show in a frame.

    The frame needs `sandbox="allow-scripts"`.
    """
    response = HttpResponse(html)
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store"
    return response


def _carried(brand: Look, scheme: Scheme) -> dict[str, Any]:
    """The addresses of sheet, logo and icon, which hold them; the font is in the sheet."""
    logo = _held(brand.logo, brand.logo_type)
    sheet = style_sheet(brand, font_url=_held(brand.own_font, "font/woff2"))
    if not brand.scheme:  # else the shop has chosen for everybody
        sheet = in_scheme(sheet, scheme)
    return {
        "css_url": data_address(sheet.encode(), "text/css;charset=utf-8"),
        "font_url": "",
        "logo_url": logo,
        "icon_url": _held(brand.icon, brand.icon_type) or logo,
    }


def _held(content: bytes | memoryview | None, media_type: str) -> str:
    return data_address(bytes(content), media_type) if content and media_type else ""


def data_address(content: bytes, media_type: str) -> str:
    """An address that holds its content, for frames that may load nothing."""
    return f"data:{media_type};base64,{b64encode(content).decode()}"
