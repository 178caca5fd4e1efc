"""The shop's public page of questions: the look-up on top, then what people ask, by stage.

It shows nobody's order. Search engines list it only where the merchant wants that.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from help_texts.shown import is_listed
from lib import limits
from merchants.models import Brand, Merchant
from merchants.scope import merchant_scope
from storefront_pages import languages
from storefront_pages.banners import day_ends, lookup_banner, shops_day
from storefront_pages.edition import edition
from storefront_pages.faq import nobodys_story, public_sections
from storefront_pages.shop import Addresses, addresses, brand_facts, shell
from storefront_pages.shop_page import shop_page
from storefront_pages.views import merchant_of, no_page

#: Looks a minute from one address; beyond, a reader waits.
LOOKS: Final = (120, 60)
#: A copy may be so many seconds old, and not past the end of the shop's day.
_FRESH: Final = 300


@require_safe
@gzip_page
def questions(request: HttpRequest, merchant: str = "") -> HttpResponse:
    """The page in the visitor's language; 304 where nothing changed."""
    shop = merchant_of(request, merchant)
    if shop is None:
        return no_page(request, None)
    crowd = limits.count(f"faq:{limits.client_address(request)}", limit=LOOKS[0], seconds=LOOKS[1])
    if crowd.is_over:
        return HttpResponse(status=429, headers={"Retry-After": str(crowd.seconds_left)})
    where, now = addresses(request, shop), datetime.now(UTC)
    language = languages.choose(request, shop)
    with translation.override(language), merchant_scope(shop.pk):
        brand, listed = brand_facts(Brand.objects.first()), is_listed(shop.pk)
        etag = _etag(shop, brand, where, language=language, listed=listed, now=now)
        if etag in request.headers.get("If-None-Match", ""):
            response = HttpResponse(status=304)
        else:
            context = _context(shop, brand, where, language=language, now=now)
            context["is_listed"] = listed
            response = render(request, "storefront/faq.html", context)
    response.headers["ETag"] = etag
    left = int((day_ends(shop.zone, now) - now).total_seconds())
    response.headers["Cache-Control"] = f"public, max-age={min(_FRESH, left)}"
    response.headers["X-Robots-Tag"] = "all" if listed else "noindex"
    patch_vary_headers(response, ("Accept-Language", "Cookie"))
    languages.speak(response, request, language=language, path=where.root)
    if response.cookies:
        # Who chose a language is told so alone.
        response.headers["Cache-Control"] = "private, no-cache"
    return response


def _context(
    shop: Merchant,
    brand: dict[str, Any],
    where: Addresses,
    *,
    language: str,
    now: datetime,
) -> dict[str, Any]:
    beside, today = shop_page(shop), shops_day(shop, now)
    banner = lookup_banner(beside, language, today, shop.country)
    nobody = nobodys_story(shop, beside, language=language, now=now)
    address = where.origin + where.questions
    codes = languages.offered(shop)
    return shell(shop, brand, where, language=language, today=today, banner=banner) | {
        "action": where.lookup,
        "sections": public_sections(nobody),
        "canonical": address if language == codes[0] else f"{address}?lang={language}",
        "alternates": [{"code": code, "url": f"{address}?lang={code}"} for code in codes],
    }


def _etag(
    shop: Merchant,
    brand: dict[str, Any],
    where: Addresses,
    *,
    language: str,
    listed: bool,
    now: datetime,
) -> str:
    """Weak, because compression changes the bytes. The day is in it, with which a banner ends."""
    fields = [str(getattr(shop, field.attname)) for field in shop._meta.concrete_fields]
    known = (fields, brand, where.root, language, listed, shops_day(shop, now), edition())
    return f'W/"{hashlib.blake2b(repr(known).encode(), digest_size=12).hexdigest()}"'
