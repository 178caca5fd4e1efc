"""A promotion as pages would show it, in each of the shop's languages, with invented goods."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from lib.formats import is_rtl
from lib.languages import OWN_NAMES
from merchants.models import Look, Merchant
from selling.choosing import Chosen, Good
from selling.models import Promotion
from selling.shelf import offer_of
from storefront_pages.preview import data_address
from storefront_pages.promotion import shown
from storefront_pages.style import style_sheet


def preview_html(
    *, merchant: Merchant, brand: Look, promotion: Promotion, languages: Sequence[str]
) -> str:
    """A page with the block once in each language; `promotion` may be unsaved."""
    context = {
        "css_url": data_address(style_sheet(brand).encode(), "text/css;charset=utf-8"),
        "views": [
            {
                "language": OWN_NAMES[code],
                "lang": code,
                "dir": "rtl" if is_rtl(code) else "ltr",
                "block": _block(merchant, promotion, code),
            }
            for code in languages
        ],
    }
    return render_to_string("storefront/promotion_preview.html", context)


def _block(merchant: Merchant, promotion: Promotion, language: str) -> dict[str, Any]:
    offer = offer_of(promotion, language=merchant.default_language)
    with translation.override(language):
        is_own = promotion.kind == Promotion.Kind.OFFER
        goods = () if is_own else (_good(_("Table lamp")), _good(_("Linen cushion cover")))
        found = shown(
            Chosen(offer, goods),
            shop=merchant.name,
            links="#",
            languages=(language, merchant.default_language),
        )
    return dict(found)


def _good(title: str) -> Good:
    return Good(0, title, {}, "#", "")
