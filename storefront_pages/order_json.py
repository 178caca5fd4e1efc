"""`GET …/t/<token>/order.json`: an order for the shop's app, and for scripts of its own pages."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_http_methods

from lib import limits
from merchants.models import Merchant
from merchants.scope import merchant_scope
from storefront_pages import kept, languages
from storefront_pages.dates_shown import note_page
from storefront_pages.order_shape import order_shape
from storefront_pages.origins import origins_of
from storefront_pages.shop import Addresses, addresses, shell
from storefront_pages.stamps import Stamp, stamp
from storefront_pages.story import load
from storefront_pages.views import private
from storefront_pages.widget_gate import problem

#: Looks at one link's order in a minute.
LOOKS_A_LINK: Final = (60, 60)
_A_DAY: Final = "86400"


@require_http_methods(["GET", "HEAD", "OPTIONS"])
@private
def order_json(request: HttpRequest, token: str, merchant: str = "") -> HttpResponse:
    """The order as JSON; 304 where nothing changed, 403 for pages that are not the shop's."""
    own: Merchant | None = getattr(request, "own_domain", None)
    marked = stamp(token, merchant_slug=own.slug if own else merchant)
    if marked is None or marked.order is None or not marked.opens(now=datetime.now(UTC)):
        return problem(HTTPStatus.NOT_FOUND, "There is no such order, or its link has ended.")
    origin = request.headers.get("Origin", "")
    if origin and origin not in origins_of(marked.merchant):
        detail = "Pages of this origin may not read it."
        response = problem(HTTPStatus.FORBIDDEN, detail)
    else:
        response = _allowing(_answered(request, marked, token), origin)
    patch_vary_headers(response, ("Origin",))
    return response


def _answered(request: HttpRequest, marked: Stamp, token: str) -> HttpResponse:
    if request.method == "OPTIONS":
        return HttpResponse(
            status=HTTPStatus.NO_CONTENT,
            headers={
                "Access-Control-Allow-Methods": "GET, HEAD",
                "Access-Control-Allow-Headers": "If-None-Match",
                "Access-Control-Max-Age": _A_DAY,
            },
        )
    limit, seconds = LOOKS_A_LINK
    crowd = limits.count(f"order.json:{marked.link_id}", limit=limit, seconds=seconds)
    if crowd.is_over:
        detail = f"More than {limit} requests in one minute."
        response = problem(HTTPStatus.TOO_MANY_REQUESTS, detail)
        response.headers["Retry-After"] = str(crowd.seconds_left)
        return response
    return _order(request, marked, token)


def _order(request: HttpRequest, marked: Stamp, token: str) -> HttpResponse:
    where = addresses(request, marked.merchant)
    now = datetime.now(UTC)
    assert marked.order is not None
    wish = marked.recipient_language or marked.order.language
    language = languages.choose(request, marked.merchant, order_language=wish)
    etag = marked.etag(language=language, now=now).replace('"', '"json-', 1)
    if request.headers.get("If-None-Match") == etag:
        response = HttpResponse(status=304)
    else:
        page_url = where.origin + where.page(token)
        packed = kept.page(
            kept.address(marked, etag=etag, host=where.host, root=where.root),
            seconds=kept.seconds(marked, now=now),
            build=lambda: _body(marked, where, page_url, language=language, now=now),
        )
        response = kept.response(request, packed)
        response.headers["Content-Type"] = "application/json"
        response.headers["Content-Language"] = language
    response.headers["ETag"] = etag
    return response


def _body(marked: Stamp, where: Addresses, page_url: str, *, language: str, now: datetime) -> str:
    with merchant_scope(marked.merchant.pk):
        story = load(stamp=marked, language=language, now=now)
        note_page(story, marked)
    with translation.override(language):
        around = shell(marked.merchant, marked.brand, where, language=language, today=story.today)
        shaped = order_shape(story, page_url=page_url, notice=around["banner"])
    return json.dumps(shaped, ensure_ascii=False, separators=(",", ":"))


def _allowing(response: HttpResponse, origin: str) -> HttpResponse:
    if origin:
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Access-Control-Expose-Headers"] = "ETag, Retry-After"
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
