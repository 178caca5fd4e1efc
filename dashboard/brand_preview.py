"""What the brand editor shows in its frames: the shopper's page and a message, in a look."""

from __future__ import annotations

from copy import copy
from typing import Final, cast

from django.http import HttpResponseBase, QueryDict
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from dashboard.framed_mail import framed
from lib.vocabulary import Milestone
from merchants.access import MerchantRequest, member_view
from merchants.models import Brand, Role
from notifications.preview import render_preview
from storefront_pages.colours import is_hex
from storefront_pages.languages import offered
from storefront_pages.preview import Scheme, framed_page, preview_page

_SCHEMES: Final = ("light", "dark")


@require_safe
@member_view(Role.ADMIN)
def brand_page(request: MerchantRequest) -> HttpResponseBase:
    """The shopper's page of an invented parcel.

    The query says `state` (a key of PREVIEW_STATES), `lang`, `scheme` (light, dark or the
    machine's) and may override `accent`, `background`, `font` and `radius` of the look.
    """
    query = request.GET
    brand = Brand.objects.filter(merchant=request.merchant).first()
    html = preview_page(
        merchant=request.merchant,
        brand=overridden(brand or Brand(merchant=request.merchant), query),
        state=query.get("state", ""),
        language=language_of(request),
        now=timezone.now(),
        scheme=cast(Scheme, query["scheme"]) if query.get("scheme") in _SCHEMES else "",
    )
    return framed_page(html)


@require_safe
@member_view(Role.ADMIN)
def brand_preview(request: MerchantRequest) -> HttpResponseBase:
    """A message as customers get it, in the look that is saved."""
    rendered = render_preview(
        merchant=request.merchant,
        milestone=Milestone.OUT_FOR_DELIVERY,
        language=get_language() or "en",
        now=timezone.now(),
    )
    return framed(rendered.html)


def overridden(brand: Brand, query: QueryDict) -> Brand:
    """The look with what the query says otherwise; what is no colour or size is left as it was."""
    found = copy(brand)
    for name in ("accent", "background"):
        if is_hex(query.get(name, "")):
            setattr(found, name, query[name])
    found.font = query.get("font", found.font)
    radius = query.get("radius", "")
    if radius.isascii() and radius.isdigit() and len(radius) < 4:
        found.radius = int(radius)
    return found


def language_of(request: MerchantRequest) -> str:
    """The language asked for, where the shop speaks it; else the shop's first."""
    codes = offered(request.merchant)
    asked = request.GET.get("lang", "")
    return asked if asked in codes else codes[0]
