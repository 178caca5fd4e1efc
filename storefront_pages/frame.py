"""An order in an iframe of the shop's own page: the answer, the rail, and a way to the whole page.

It needs no script of the shop's. Only pages of the merchant's listed origins may frame it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from merchants.headers import POLICY
from merchants.models import Brand, Merchant
from merchants.scope import merchant_scope
from storefront_pages import kept, languages
from storefront_pages.banners import banner_of, preview_banner
from storefront_pages.dates_shown import note_page
from storefront_pages.invented import invented, invented_story
from storefront_pages.looking import note_fetch
from storefront_pages.origins import origins_of
from storefront_pages.pages import track_context
from storefront_pages.progress import rail
from storefront_pages.shop import Addresses, addresses, brand_facts, shell
from storefront_pages.stamps import Stamp, stamp
from storefront_pages.story import Story, load
from storefront_pages.views import merchant_of, no_page, private

#: The preview in the dashboard: as the true frame, in a sandbox of our own page.
_PREVIEW: Final = (
    "sandbox allow-scripts; default-src 'none'; script-src 'self'; style-src 'self';"
    " img-src 'self' https: data:; frame-ancestors 'self'"
)
_NOBODY: Final = "frame-ancestors 'none'"


@require_safe
@private
@gzip_page
def frame(request: HttpRequest, token: str, merchant: str = "") -> HttpResponse:
    """The frame's page; 304 where nothing changed since the ETag that the browser has."""
    own: Merchant | None = getattr(request, "own_domain", None)
    marked = stamp(token, merchant_slug=own.slug if own else merchant)
    if marked is None or marked.order is None:
        shop = marked.merchant if marked else merchant_of(request, merchant)
        response = no_page(request, shop)
        return response if shop is None else framed_by(response, origins_of(shop))
    # A frame on another site is sent no cookie, so a code counts on the page itself alone.
    if not marked.opens(now=datetime.now(UTC)):
        ended = no_page(request, marked.merchant, has_ended=True)
        return framed_by(ended, origins_of(marked.merchant))
    return framed_by(_page(request, marked, token), origins_of(marked.merchant))


def framed_by(response: HttpResponse, origins: frozenset[str]) -> HttpResponse:
    """Let pages of these origins frame the answer; without any, nobody may."""
    if origins:
        named = f"frame-ancestors {' '.join(sorted(origins))}"
        response.headers["Content-Security-Policy"] = POLICY.replace(_NOBODY, named)
        # The older header knows no list of origins, and would refuse them all.
        response.xframe_options_exempt = True
    return response


def _page(request: HttpRequest, marked: Stamp, token: str) -> HttpResponse:
    where = addresses(request, marked.merchant)
    now = datetime.now(UTC)
    assert marked.order is not None
    wish = marked.recipient_language or marked.order.language
    language = languages.choose(request, marked.merchant, order_language=wish)
    etag = marked.etag(language=language, now=now).replace('"', '"frame-', 1)
    if request.headers.get("If-None-Match") == etag:
        response = HttpResponse(status=304)
    else:
        packed = kept.page(
            kept.address(marked, etag=etag, host=where.host, root=where.root),
            seconds=kept.seconds(marked, now=now),
            build=lambda: _html(marked, where, token, language=language, etag=etag, now=now),
        )
        response = kept.response(request, packed)
        # A frame that asks again for its news says nothing about anybody's eyes.
        note_fetch(request, marked)
    response.headers["ETag"] = etag
    response.headers["Content-Language"] = language
    return response


def _html(
    marked: Stamp, where: Addresses, token: str, *, language: str, etag: str, now: datetime
) -> str:
    with merchant_scope(marked.merchant.pk):
        story = load(stamp=marked, language=language, now=now)
        note_page(story, marked)
    with translation.override(language):
        around = shell(
            marked.merchant,
            marked.brand,
            where,
            language=language,
            today=story.today,
            banner=banner_of(story),
        )
        context = frame_context(story, page=where.page(token))
        return render_to_string("storefront/frame.html", around | context | {"etag": etag})


def frame_context(story: Story, *, page: str) -> dict[str, Any]:
    """The context of `storefront/frame.html` beyond the shell's; the language must be active."""
    whole = track_context(story, page=page)
    shown = ("order", "heading", "lead", "window", "facts", "outage", "fresh", "live")
    asks = whole["attempt"] or whole["cash"] or whole["place"]
    action = whole["action"]
    if asks:
        action = {"label": _("Answer on your order page"), "url": page}
    elif action and action["url"].startswith("#"):
        action = action | {"url": page + action["url"]}
    return {
        **{name: whole[name] for name in shown},
        "action": action,
        "steps": rail(story),
        "page_url": page,
    }


def preview_frame(
    *, merchant: Merchant, brand: Brand, language: str, now: datetime
) -> HttpResponse:
    """The frame with an invented order, for one of our own pages, in the merchant's scope. No row
    is written."""
    look = brand_facts(brand)
    state = invented("out_for_delivery")
    story = invented_story(merchant, state, language=language, now=now, look=look)
    where = Addresses(f"/p/{merchant.slug}/")
    with translation.override(language):
        context = shell(
            merchant,
            look,
            where,
            language=language,
            today=story.today,
            banner=preview_banner(merchant, language=language, now=now),
        )
        context |= frame_context(story, page=where.root) | {"live": "", "etag": ""}
        response = HttpResponse(render_to_string("storefront/frame.html", context))
    response.headers["Content-Security-Policy"] = _PREVIEW
    response.headers["Cache-Control"] = "no-store"
    return response
