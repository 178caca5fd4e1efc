"""Look: name, colour, logo and a line; what shoppers see of the shop."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.db.models import F
from django.http import Http404, HttpResponse, HttpResponseBase
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from dashboard.form_fields import components
from dashboard.forms import BrandForm
from dashboard.logo_check import NotALogo, logo_type
from dashboard.shell import address, go, page
from merchants.access import MerchantRequest, member_view, record
from merchants.models import Brand, Role

_REFUSED: Final[dict[str, Promise]] = {
    "size": gettext_lazy("The logo is too large: up to 200 kB and 4000 pixels a side."),
    "kind": gettext_lazy("This is no PNG, SVG or WebP."),
    "broken": gettext_lazy("This picture cannot be read."),
    "active": gettext_lazy("This SVG runs or fetches something. Save it as a plain picture."),
}
LOGO_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


@require_http_methods(["GET", "POST"])
@member_view(Role.ADMIN)
def brand(request: MerchantRequest) -> HttpResponseBase:
    """A few fields; the pages and the mails follow at once."""
    found, _made = Brand.objects.get_or_create(merchant=request.merchant)
    # The form writes on its own copy, so that the page below never shows what was refused.
    form = BrandForm(
        request.POST or None, request.FILES or None, instance=Brand.objects.get(pk=found.pk)
    )
    if request.method == "POST" and form.is_valid():
        logo = _logo(form)
        if form.is_valid():
            _save(request, found, form.cleaned_data, logo)
            messages.success(request, _("Saved. Pages and messages show it from now on."))
            return go(request, "brand")
    context: dict[str, Any] = {
        "sentence": _("What customers see of your shop, on pages and in messages."),
        "fields": components(form),
        "logo_url": f"{address(request, 'logo')}?v={found.version}" if found.logo_type else "",
        "page_url": f"/p/{request.merchant.slug}/",
        "preview_url": address(request, "brand_preview"),
    }
    return page(
        request, "brand.html", context, current="brand", status=400 if form.errors else 200
    )  # fmt: skip


@require_safe
@member_view(Role.VIEWER)
def logo(request: MerchantRequest) -> HttpResponseBase:
    """The logo itself; an SVG opened alone can do nothing."""
    found = Brand.objects.filter(merchant=request.merchant).exclude(logo_type="").first()
    if found is None or not found.logo:
        raise Http404
    response = HttpResponse(bytes(found.logo), content_type=found.logo_type)
    response.headers["Content-Security-Policy"] = LOGO_POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _logo(form: BrandForm) -> tuple[bytes, str] | None:
    """The uploaded picture and its type; None where there is none or it is refused."""
    upload = form.cleaned_data.get("logo_file")
    if upload is None:
        return None
    content = upload.read(200_001)
    try:
        return content, logo_type(content)
    except NotALogo as problem:
        form.add_error("logo_file", str(_REFUSED[problem.reason]))
        return None


def _save(
    request: MerchantRequest, found: Brand, typed: dict[str, Any], logo: tuple[bytes, str] | None
) -> None:
    """One update; the version is in the style sheet's address, so caches follow."""
    values: dict[str, Any] = {"accent": typed["accent"], "tagline": typed["tagline"]}
    if logo is not None:
        values |= {"logo": logo[0], "logo_type": logo[1]}
    Brand.objects.filter(pk=found.pk).update(**values, version=F("version") + 1)
    changes: dict[str, Any] = {
        name: [getattr(found, name), values[name]]
        for name in ("accent", "tagline")
        if getattr(found, name) != values[name]
    }
    if logo is not None:
        changes["logo"] = [found.logo_type, logo[1]]
    record(merchant=request.merchant, user=request.user, action="brand.changed", **changes)
