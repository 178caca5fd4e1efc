"""The shopper's page as it would look: the true template and builders, an invented parcel.

The page carries its own style sheet and logo as data, so that a look that nobody has
published is at no public address, and a frame that shows it needs no log-in.
"""

from __future__ import annotations

import re
from base64 import b64encode
from datetime import datetime
from typing import Any, Final, Literal

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils import translation

from merchants.models import Look, Merchant
from storefront_pages.invented import PREVIEW_STATES as PREVIEW_STATES
from storefront_pages.invented import invented, invented_story
from storefront_pages.pages import track_context
from storefront_pages.shop import Addresses, look_facts, shell
from storefront_pages.style import style_sheet

Scheme = Literal["", "light", "dark"]
"""The look by day or by night; "" is as the visitor's own machine has it."""

#: Our own script for the ages of times, and nothing else that runs; no form, no way out.
#: Only our own pages may frame it.
POLICY: Final = (
    "sandbox allow-scripts; default-src 'none'; script-src 'self'; style-src data:;"
    " img-src 'self' https: data:; frame-ancestors 'self'"
)
_MEDIA: Final = re.compile(r"\(prefers-color-scheme: ?(light|dark)\)")


def preview_page(
    *,
    merchant: Merchant,
    brand: Look,
    state: str,
    language: str,
    now: datetime,
    scheme: Scheme = "",
) -> str:
    """The HTML of `storefront/track.html` for an invented order in this state.

    `brand` and `merchant` may be unsaved: only what they hold is shown. `state` is a key of
    PREVIEW_STATES. No row is read or written.
    """
    look = look_facts(brand)
    story = invented_story(merchant, invented(state), language=language, now=now, look=look)
    with translation.override(language):
        where = Addresses("/")
        context = shell(merchant, look, where, language=language, today=story.today)
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
    """The addresses of sheet and logo, which hold them."""
    logo = (
        data_address(bytes(brand.logo), brand.logo_type) if brand.logo and brand.logo_type else ""
    )
    sheet = style_sheet(brand)
    if scheme:
        sheet = _MEDIA.sub(lambda found: "all" if found[1] == scheme else "not all", sheet)
        sheet += f":root{{color-scheme:{scheme}}}"
    return {
        "css_url": data_address(sheet.encode(), "text/css;charset=utf-8"),
        "logo_url": logo,
        "icon_url": logo,
    }


def data_address(content: bytes, media_type: str) -> str:
    """An address that holds its content, for frames that may load nothing."""
    return f"data:{media_type};base64,{b64encode(content).decode()}"
