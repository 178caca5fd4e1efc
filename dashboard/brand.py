"""Look: what shoppers see of the shop, edited as a draft and published in one step."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from dashboard.brand_form import LINKS, LookForm
from dashboard.brand_preview import preview_facts, shown
from dashboard.brand_words import contrast_rows, draft_facts, overtaken
from dashboard.clock import clock_for
from dashboard.form_fields import components
from dashboard.help_texts.tabs import look_tabs
from dashboard.shell import address, go, page
from merchants.access import MerchantRequest, member_view
from merchants.looks import brand_of, differences, discard, draft_of, mark, publish, save_draft
from merchants.models import BrandDraft, Role
from storefront_pages.assets import LOGO_POLICY
from storefront_pages.languages import offered
from storefront_pages.readings import readings


@require_http_methods(["GET", "POST"])
@member_view(Role.ADMIN)
def brand(request: MerchantRequest) -> HttpResponseBase:
    """The editor. Every button posts the whole form, so that nothing typed is lost."""
    if request.method == "POST":
        return _discard(request) if request.POST.get("do") == "discard" else _save(request)
    draft = draft_of(request.merchant)
    form = LookForm(languages=offered(request.merchant), draft=draft)
    return _editor(request, form, draft)


@require_safe
@member_view(Role.VIEWER)
def logo(request: MerchantRequest) -> HttpResponseBase:
    """The logo of the draft itself; an SVG opened alone can do nothing."""
    found = draft_of(request.merchant)
    if not found.logo or not found.logo_type:
        raise Http404
    response = HttpResponse(bytes(found.logo), content_type=found.logo_type)
    response.headers["Content-Security-Policy"] = LOGO_POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _save(request: MerchantRequest) -> HttpResponseBase:
    """Save what is right; publish where that was asked and nothing stands against it."""
    merchant, by = request.merchant, request.user
    draft = draft_of(merchant)
    form = LookForm(request.POST, request.FILES, languages=offered(merchant), draft=draft)
    is_right = form.is_valid()
    saved = save_draft(
        merchant=merchant,
        by=by,
        values=form.values(draft, brand_of(merchant)),
        seen=request.POST.get("seen", ""),
        now=timezone.now(),
    )
    if warning := overtaken(saved):
        messages.warning(request, warning)
    if not is_right:
        return _editor(request, form, saved.draft)
    if request.POST.get("do") == "publish" and not saved.overtook:
        seen = mark(saved.draft, brand_of(merchant))
        if publish(merchant=merchant, by=by, seen=seen):
            messages.success(request, _("Published. Pages and messages show it from now on."))
    response = go(request, "brand")
    response.headers["Location"] += f"?{urlencode(shown(request.POST, offered(merchant)))}"
    return response


def _discard(request: MerchantRequest) -> HttpResponse:
    discard(merchant=request.merchant, by=request.user)
    messages.success(request, _("The draft is gone. What is published stays."))
    return go(request, "brand")


def _editor(request: MerchantRequest, form: LookForm, draft: BrandDraft) -> HttpResponseBase:
    merchant = request.merchant
    published = brand_of(merchant)
    found = differences(draft, published, merchant)
    seen = mark(draft, published)
    context: dict[str, Any] = {
        "views": look_tabs(request, "brand"),
        "sentence": _("What customers see of your shop, on pages and in messages."),
        "sections": _sections(form),
        "seen": seen,
        "draft": draft_facts(draft, found, clock_for(merchant)),
        "contrast": contrast_rows(readings(draft)),
        "logo_url": f"{address(request, 'logo')}?v={seen}" if draft.logo_type else "",
        "page_url": f"/p/{merchant.slug}/",
        "banners_url": address(request, "banners"),
        "preview": preview_facts(request, seen),
    }
    status = 400 if form.errors else 200
    return page(request, "brand.html", context, current="brand", status=status)


def _sections(form: LookForm) -> dict[str, Any]:
    """The fields by where they stand; texts by language, links by row, those not in use apart."""
    found = {field["name"]: field for field in components(form)}
    codes = form.languages
    rows = [
        [*(found[f"link_{n}_{code}"] for code in codes), found[f"link_{n}_url"]]
        for n in range(LINKS)
    ]
    used = [n for n, row in enumerate(rows) if any(field["value"] for field in row)]
    open_rows = max(used, default=-1) + 2
    return {
        **{name: field for name, field in found.items() if not name.startswith("link_")},
        "logo_fields": [found["logo_file"], found["logo_remove"]],
        "taglines": [found[f"tagline_{code}"] for code in codes],
        "notices": [found[f"notice_{code}"] for code in codes],
        "links": rows[:open_rows],
        "more_links": rows[open_rows:],
    }
