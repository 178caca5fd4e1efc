"""What the pages load from the merchant's brand: a sheet, pictures, a font. Cached for ever."""

from __future__ import annotations

import gzip
from functools import lru_cache
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from merchants.looks import PAGE_FILES
from merchants.models import Brand
from merchants.scope import merchant_scope
from storefront_pages.style import brand_block, house_sheet, in_scheme, style_version
from storefront_pages.views import merchant_of

_FOR_EVER: Final = "public, max-age=31536000, immutable"
#: A page that was open before a change still asks for the old address.
_FOR_A_MINUTE: Final = "public, max-age=60"
_PICTURE_TYPES: Final = frozenset(
    {"image/png", "image/jpeg", "image/webp", "image/gif", "image/avif", "image/svg+xml"}
)
#: An uploaded SVG is a document: it may style itself and nothing else.
PICTURE_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


@require_safe
def style(request: HttpRequest, version: str, merchant: str = "") -> HttpResponse:
    """Tokens, base, components, parcel, storefront and the brand's variables, as one sheet."""
    brand = _brand(request, merchant, "logo", *PAGE_FILES)
    current = style_version(brand.version if brand.pk else 0)
    etag = f'"{current}-{brand.merchant_id}"'
    response = _unchanged(request, etag) or _sheet(request, brand_block(brand), brand.scheme)
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = _FOR_EVER if version == current else _FOR_A_MINUTE
    return response


@require_safe
def logo(request: HttpRequest, version: str, merchant: str = "") -> HttpResponse:
    """The logo's bytes with their type; 404 without one or for a type that is no picture."""
    return _picture(request, _brand(request, merchant), "logo", version)


@require_safe
def icon(request: HttpRequest, version: str, merchant: str = "") -> HttpResponse:
    """What browsers put beside the page's name; the same."""
    return _picture(request, _brand(request, merchant), "icon", version)


@require_safe
def share_image(request: HttpRequest, version: str, merchant: str = "") -> HttpResponse:
    """What messengers show beside a link to a page; the same."""
    return _picture(request, _brand(request, merchant), "share_image", version)


@require_safe
def font(request: HttpRequest, digest: str, merchant: str = "") -> HttpResponse:
    """The merchant's own WOFF2 font, named by what is in it; 404 for another than it has now."""
    brand = _brand(request, merchant)
    if not brand.own_font or digest != brand.own_font_digest:
        raise Http404
    response = HttpResponse(bytes(brand.own_font), content_type="font/woff2")
    response.headers["Cache-Control"] = _FOR_EVER
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _picture(request: HttpRequest, brand: Brand, name: str, version: str) -> HttpResponse:
    content, kind = getattr(brand, name), getattr(brand, f"{name}_type")
    if not content or kind not in _PICTURE_TYPES:
        raise Http404
    etag = f'"{brand.version}-{brand.merchant_id}"'
    response = _unchanged(request, etag) or HttpResponse(bytes(content), content_type=kind)
    response.headers["ETag"] = etag
    is_current = version == str(brand.version)
    response.headers["Cache-Control"] = _FOR_EVER if is_current else _FOR_A_MINUTE
    response.headers["Content-Security-Policy"] = PICTURE_POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _brand(request: HttpRequest, slug: str, *without: str) -> Brand:
    """The merchant's brand, the house's look where there is none; 404 for no merchant.

    `without` are columns that are not needed.
    """
    shop = merchant_of(request, slug)
    if shop is None:
        raise Http404
    with merchant_scope(shop.pk):
        return Brand.objects.defer(*without).first() or Brand(merchant=shop)


def _sheet(request: HttpRequest, block: str, scheme: str) -> HttpResponse:
    packs = "gzip" in request.headers.get("Accept-Encoding", "")
    packed = _packed(block, scheme)
    response = HttpResponse(
        packed if packs else gzip.decompress(packed), content_type="text/css; charset=utf-8"
    )
    if packs:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    return response


@lru_cache(maxsize=512)
def _packed(block: str, scheme: str) -> bytes:
    """Compressed once a brand: every first visit of a shopper asks for it."""
    sheet = in_scheme(house_sheet() + block, scheme)
    return gzip.compress(sheet.encode(), compresslevel=9, mtime=0)


def _unchanged(request: HttpRequest, etag: str) -> HttpResponse | None:
    known = request.headers.get("If-None-Match", "")
    return HttpResponse(status=304) if etag in known else None
