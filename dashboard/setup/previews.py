"""The shopper's page beside the set-up: with what is typed, before it is saved."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dashboard.setup import country as countries
from dashboard.setup.frame import STATE, this_year
from edd.zones import destination_zone
from merchants.access import MerchantRequest, member_view
from merchants.models import Brand, Merchant, Role
from storefront_pages.banners import preview_banner
from storefront_pages.colours import is_hex
from storefront_pages.languages import offered
from storefront_pages.preview import framed_page, preview_page


@require_safe
def new_preview(request: HttpRequest) -> HttpResponseBase:
    """A shop that is not there yet: its name and country, in our own colours."""
    if not request.user.is_authenticated:
        return redirect(settings.LOGIN_URL)
    merchant = Merchant(slug="new", name=_("Your shop"))
    return _framed(merchant, Brand(), request.GET)


@require_safe
@member_view(Role.ADMIN)
def setup_preview(request: MerchantRequest) -> HttpResponseBase:
    """This shop, with what is typed on top of what is saved. Nothing is written."""
    brand = Brand.objects.filter(merchant=request.merchant).first() or Brand()
    return _framed(request.merchant, brand, request.GET)


def _framed(merchant: Merchant, brand: Brand, typed: QueryDict) -> HttpResponse:
    merchant.name = str(typed.get("name", ""))[:120].strip() or merchant.name
    country = str(typed.get("country", "")) or merchant.country
    if countries.is_country(country):
        merchant.country = country
    elif not merchant.country:
        merchant.country = countries.FIRST[0]
    if "country" in typed or not merchant.pk:
        merchant.zone = destination_zone(merchant.country)
    if not merchant.pk:
        usual = countries.facts_of(merchant.country, year=this_year()).languages.split(",")
        merchant.languages, merchant.default_language = usual, usual[0]
    accent = str(typed.get("accent", ""))
    if is_hex(accent):
        brand.accent = accent
    brand.tagline = str(typed.get("tagline", brand.tagline))[:140]
    wishes = (str(typed.get("language", "")), get_language() or "")
    spoken, now = offered(merchant), timezone.now()
    language = next((wish for wish in wishes if wish in spoken), spoken[0])
    html = preview_page(
        merchant=merchant,
        brand=brand,
        state=STATE,
        language=language,
        now=now,
        banner=preview_banner(merchant, language=language, now=now) if merchant.pk else None,
    )
    return framed_page(html)
