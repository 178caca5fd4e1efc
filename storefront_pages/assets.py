"""What the pages load from the merchant's brand: one style sheet, one logo. Cached for ever."""

from __future__ import annotations

import gzip
from functools import lru_cache
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from merchants.models import Brand
from merchants.scope import merchant_scope
from storefront_pages.style import brand_block, house_sheet, style_version
from storefront_pages.views import merchant_of

_FOR_EVER: Final = "public, max-age=31536000, immutable"
#: A page that was open before a change still asks for the old address.
_FOR_A_MINUTE: Final = "public, max-age=60"
_LOGO_TYPES: Final = frozenset(
    {"image/png", "image/jpeg", "image/webp", "image/gif", "image/avif", "image/svg+xml"}
)
#: An uploaded SVG is a document: it may style itself and nothing else.
LOGO_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


@require_safe
def style(request: HttpRequest, version: str, merchant: str = "") -> HttpResponse:
    """Tokens, base, components, parcel, storefront and the brand's variables, as one sheet."""
    brand = _brand(request, merchant)
    current = style_version(brand.version if brand.pk else 0)
    etag = f'"{current}-{brand.merchant_id}"'
    response = _unchanged(request, etag) or _sheet(request, brand_block(brand))
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = _FOR_EVER if version == current else _FOR_A_MINUTE
    return response


@require_safe
def logo(request: HttpRequest, version: str, merchant: str = "") -> HttpResponse:
    """The logo's bytes with their type; 404 without one or for a type that is no picture."""
    brand = _brand(request, merchant)
    if not brand.logo or brand.logo_type not in _LOGO_TYPES:
        raise Http404
    etag = f'"{brand.version}-{brand.merchant_id}"'
    response = _unchanged(request, etag) or HttpResponse(
        bytes(brand.logo), content_type=brand.logo_type
    )
    response.headers["ETag"] = etag
    is_current = version == str(brand.version)
    response.headers["Cache-Control"] = _FOR_EVER if is_current else _FOR_A_MINUTE
    response.headers["Content-Security-Policy"] = LOGO_POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _brand(request: HttpRequest, slug: str) -> Brand:
    """The merchant's brand, the house's look where there is none; 404 for no merchant."""
    shop = merchant_of(request, slug)
    if shop is None:
        raise Http404
    with merchant_scope(shop.pk):
        return Brand.objects.first() or Brand(merchant=shop)


def _sheet(request: HttpRequest, block: str) -> HttpResponse:
    packs = "gzip" in request.headers.get("Accept-Encoding", "")
    response = HttpResponse(
        _packed(block) if packs else house_sheet() + block, content_type="text/css; charset=utf-8"
    )
    if packs:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    return response


@lru_cache(maxsize=512)
def _packed(block: str) -> bytes:
    """Compressed once a brand: every first visit of a shopper asks for it."""
    return gzip.compress((house_sheet() + block).encode(), compresslevel=9, mtime=0)


def _unchanged(request: HttpRequest, etag: str) -> HttpResponse | None:
    known = request.headers.get("If-None-Match", "")
    return HttpResponse(status=304) if etag in known else None
