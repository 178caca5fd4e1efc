"""The shopper's page with the banner that is being written, whatever its days and places."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_safe

from dashboard.help_texts.banner_form import LONGEST
from help_texts.models import Banner
from help_texts.shown import BannerWords
from merchants.access import MerchantRequest, member_view
from merchants.models import Brand, Role
from storefront_pages.languages import written
from storefront_pages.preview import framed_page, preview_page


@require_safe
@member_view(Role.ADMIN)
def banner_page(request: MerchantRequest) -> HttpResponseBase:
    """An invented order's page, in the shop's look; the query says `text`, `tone` and `lang`."""
    languages, typed = written(request.merchant), request.GET
    tone, text = typed.get("tone", ""), typed.get("text", "")[:LONGEST]
    return framed_page(
        preview_page(
            merchant=request.merchant,
            brand=Brand.objects.first() or Brand(merchant=request.merchant),
            state="in_transit",
            language=next((code for code in languages if code == typed.get("lang")), languages[0]),
            now=timezone.now(),
            banner=BannerWords(text, tone if tone in Banner.Tone.values else Banner.Tone.QUIET)
            if text
            else None,
        )
    )
