"""The shopper's two pages: the look-up and the order's page. No cookies are needed for either."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import wraps
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from merchants.headers import LOCATES
from merchants.models import Brand, Merchant
from merchants.scope import merchant_scope
from storefront_pages import kept, languages
from storefront_pages.banners import banner_of, lookup_banner
from storefront_pages.dates_shown import note_page
from storefront_pages.faq import lookup_questions
from storefront_pages.looking import note_fetch
from storefront_pages.lookup import rest
from storefront_pages.lookup_form import Outcome, read_lookup
from storefront_pages.pages import track_context
from storefront_pages.proof import proved
from storefront_pages.shop import Addresses, addresses, brand_facts, shell
from storefront_pages.shop_page import shop_page
from storefront_pages.stamps import Stamp, stamp
from storefront_pages.story import load
from storefront_pages.typed import NOTHING, Typed

View = Callable[..., HttpResponse]


def private(view: View) -> View:
    """Headers of a page that only the holder of its address may see."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response.headers.setdefault("Cache-Control", "private, no-cache")
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        response.headers["Referrer-Policy"] = "no-referrer"
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        return response

    return answered


def merchant_of(request: HttpRequest, slug: str) -> Merchant | None:
    """The shop of this address: by its slug, or the one whose own host was asked."""
    own: Merchant | None = getattr(request, "own_domain", None)
    return own or Merchant.objects.filter(slug=slug).first()


@require_safe
@private
@gzip_page
def track(request: HttpRequest, token: str, merchant: str = "") -> HttpResponse:
    """The order's page; 304 where nothing changed since the ETag that the browser has."""
    now = datetime.now(UTC)
    marked = opened(request, token, merchant, now=now)
    if isinstance(marked, HttpResponse):
        return marked
    assert marked.order is not None
    where = addresses(request, marked.merchant)
    wish = marked.recipient_language or marked.order.language
    language = languages.choose(request, marked.merchant, order_language=wish)
    etag = marked.etag(language=language, now=now)
    if _has(request, etag):
        response = HttpResponse(status=304)
    else:
        address = kept.address(marked, etag=etag, host=where.host, root=where.root)
        packed = kept.page(
            address,
            seconds=kept.seconds(marked, now=now),
            build=lambda: page_html(marked, where, token, language=language, etag=etag, now=now),
        )
        response = kept.response(request, packed)
    note_fetch(request, marked)
    response.headers["ETag"] = etag
    response.headers["Permissions-Policy"] = LOCATES
    if not marked.access.may_be_kept:
        response.headers["Cache-Control"] = "no-store"
    languages.speak(response, request, language=language, path=where.root)
    return response


def opened(request: HttpRequest, token: str, slug: str, *, now: datetime) -> Stamp | HttpResponse:
    """What the link leads to, as this browser may see it; else the page that says why not."""
    own: Merchant | None = getattr(request, "own_domain", None)
    marked = stamp(token, merchant_slug=own.slug if own else slug)
    if marked is None or marked.order is None:
        return no_page(request, marked.merchant if marked else merchant_of(request, slug))
    marked = proved(request, marked)
    if not marked.opens(now=now):
        return no_page(request, marked.merchant, has_ended=True)
    return marked


def page_html(
    marked: Stamp,
    where: Addresses,
    token: str,
    *,
    language: str,
    now: datetime,
    etag: str = "",
    typed: Typed = NOTHING,
) -> str:
    """The page's HTML. The request is not in its context: whoever has the link gets the same.

    With something `typed` it stands still: what is in the form must not be swapped away.
    """
    with merchant_scope(marked.merchant.pk):
        story = load(stamp=marked, language=language, now=now)
        note_page(story, marked)
    with translation.override(language):
        context = shell(
            marked.merchant,
            marked.brand,
            where,
            language=language,
            today=story.today,
            banner=banner_of(story),
        )
        context |= track_context(story, page=where.page(token), host=where.host, typed=typed)
        context["etag"] = etag
        if typed.form:
            context["live"] = ""
        return render_to_string("storefront/track.html", context)


@csrf_exempt
@private
def lookup(request: HttpRequest, merchant: str = "") -> HttpResponse:
    """The form, and its answer: the order's page, or one sentence that tells nothing.

    Exempt from CSRF tokens: nobody is logged in and nothing is changed, and the form works
    without cookies and under `no-referrer`, which hides the origin that a check would need.
    """
    shop = merchant_of(request, merchant)
    if shop is None:
        return no_page(request, None)
    if request.method not in {"GET", "HEAD", "POST"}:
        return HttpResponse(status=405, headers={"Allow": "GET, HEAD, POST"})
    asked_at = time.monotonic()
    where = addresses(request, shop)
    language = languages.choose(request, shop)
    with translation.override(language), merchant_scope(shop.pk):
        outcome = Outcome(status=200)
        if request.method == "POST":
            outcome = read_lookup(request, shop, now=datetime.now(UTC))
        if outcome.token:
            response: HttpResponse = redirect(where.page(outcome.token))
            response.status_code = 303
        else:
            response = _form(request, shop, where, language, outcome)
    if response.status_code == 422:
        rest(asked_at)
    # What was typed is on the answer's page: nobody else may find it by the back button.
    response.headers["Cache-Control"] = "no-store"
    languages.speak(response, request, language=language, path=where.root)
    return response


def _form(
    request: HttpRequest,
    shop: Merchant,
    where: Addresses,
    language: str,
    outcome: Outcome,
) -> HttpResponse:
    brand = brand_facts(Brand.objects.first())
    today = shop_today(shop)
    banner = lookup_banner(shop_page(shop), language, today, shop.country)
    context = shell(shop, brand, where, language=language, today=today, banner=banner) | {
        "action": where.lookup,
        "lookup_url": where.lookup,
        "needs_proof": not shop.shows_by_number,
        "faq": lookup_questions(shop, language=language, now=datetime.now(UTC)),
        "errors": {},
        **outcome.context,
    }
    page = "number" if outcome.is_number_page else "lookup"
    response = render(request, f"storefront/{page}.html", context, status=outcome.status)
    if outcome.wait:
        response.headers["Retry-After"] = str(outcome.wait)
    return response


def shop_today(shop: Merchant) -> date:
    """The date where the shop is: nobody knows yet where the reader is."""
    return datetime.now(ZoneInfo(shop.zone)).date()


def no_page(
    request: HttpRequest, shop: Merchant | None, *, has_ended: bool = False
) -> HttpResponse:
    """404 in the shop's look, with a way to the look-up; without a shop, in the house's. 410 where
    the link `has_ended`."""
    if shop is None:
        return render(request, "404.html", status=404)
    where = addresses(request, shop)
    language = languages.choose(request, shop)
    with translation.override(language), merchant_scope(shop.pk):
        brand = brand_facts(Brand.objects.first())
        context = shell(shop, brand, where, language=language, today=shop_today(shop))
        context |= {"lookup_url": where.lookup, "has_ended": has_ended}
        status = 410 if has_ended else 404
        response = render(request, "storefront/no_page.html", context, status=status)
    languages.speak(response, request, language=language, path=where.root)
    return response


def _has(request: HttpRequest, etag: str) -> bool:
    known = request.headers.get("If-None-Match", "")
    return etag in (part.strip() for part in known.split(","))
