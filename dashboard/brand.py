"""Look: what shoppers see of the shop, edited as a draft and published in one step."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from dashboard.block_words import block_rows
from dashboard.brand_files import ICON, LOGO, SHARE_IMAGE, File
from dashboard.brand_form import LookForm
from dashboard.brand_links import FOOTER, HEADER, LINKS, PLACES, LinkRows, Places
from dashboard.brand_preview import preview_facts, shown
from dashboard.brand_words import contrast_rows, draft_facts, overtaken
from dashboard.clock import clock_for
from dashboard.form_fields import components
from dashboard.languages.tabs import by_language
from dashboard.languages.words import spoken_words, stand_in_words
from dashboard.shell import address, go, page
from dashboard.shop_tabs import shop_tabs, tabs_label
from merchants.access import MerchantRequest, member_view
from merchants.looks import brand_of, differences, discard, draft_of, mark, publish, save_draft
from merchants.models import BrandDraft, Role
from storefront_pages.assets import PICTURE_POLICY
from storefront_pages.languages import written
from storefront_pages.own_path import proxy_lines
from storefront_pages.readings import readings


@require_http_methods(["GET", "POST"])
@member_view(Role.ADMIN)
def brand(request: MerchantRequest) -> HttpResponseBase:
    """The editor. Every button posts the whole form, so that nothing typed is lost."""
    if request.method == "POST":
        return _discard(request) if request.POST.get("do") == "discard" else _save(request)
    draft = draft_of(request.merchant)
    form = LookForm(languages=written(request.merchant), draft=draft)
    return _editor(request, form, draft)


@require_safe
@member_view(Role.VIEWER)
def logo(request: MerchantRequest) -> HttpResponseBase:
    """The logo of the draft itself; an SVG opened alone can do nothing."""
    return _picture(request, LOGO)


@require_safe
@member_view(Role.ADMIN)
def picture(request: MerchantRequest, name: str) -> HttpResponseBase:
    """The draft's icon, or its picture for shared links; the same."""
    found = next((file for file in (ICON, SHARE_IMAGE) if file.column == name), None)
    if found is None:
        raise Http404
    return _picture(request, found)


def _picture(request: MerchantRequest, file: File) -> HttpResponse:
    draft = draft_of(request.merchant)
    content, kind = getattr(draft, file.column), getattr(draft, file.kind)
    if not content or not kind:
        raise Http404
    response = HttpResponse(bytes(content), content_type=kind)
    response.headers["Content-Security-Policy"] = PICTURE_POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _save(request: MerchantRequest) -> HttpResponseBase:
    """Save what is right; publish where that was asked and nothing stands against it."""
    merchant, by = request.merchant, request.user
    draft = draft_of(merchant)
    form = LookForm(request.POST, request.FILES, languages=written(merchant), draft=draft)
    is_right = form.is_valid()
    saved = save_draft(
        merchant=merchant,
        by=by,
        values=form.values(brand_of(merchant)),
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
    # A part that was moved without JavaScript is looked at where it now stands.
    where = "#blocks" if "move" in request.POST else ""
    query = urlencode(shown(request.POST, written(merchant)))
    response.headers["Location"] += f"?{query}{where}"
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
        "views": shop_tabs(request, "brand"),
        "views_label": tabs_label(),
        "sentence": _("What customers see of your shop, on pages and in messages."),
        "sections": _sections(form),
        "seen": seen,
        "draft": draft_facts(draft, found, clock_for(merchant)),
        "contrast": contrast_rows(readings(draft), follows_night=not draft.scheme),
        "blocks": block_rows(draft.blocks),
        "pictures": _pictures(request, draft, seen),
        "page_url": f"/p/{merchant.slug}/",
        "proxy": proxy_lines(merchant.slug, draft.page_root),
        "spoken": spoken_words(merchant),
        "domains_url": address(request, "domains"),
        "languages_url": address(request, "languages"),
        "stands_in": stand_in_words(form.languages),
        "banners_url": address(request, "banners"),
        "preview": preview_facts(request, seen),
    }
    status = 400 if form.errors else 200
    return page(request, "brand.html", context, current="brand", status=status)


def _pictures(request: MerchantRequest, draft: BrandDraft, seen: str) -> dict[str, str]:
    """Where the draft's pictures are, by column; "" for what it has not."""
    found = {"logo": address(request, "logo") if draft.logo_type else ""}
    for file in (ICON, SHARE_IMAGE):
        is_there = getattr(draft, file.kind)
        found[file.column] = address(request, "brand_picture", file.column) if is_there else ""
    return {name: f"{url}?v={seen}" if url else "" for name, url in found.items()}


def _sections(form: LookForm) -> dict[str, Any]:
    """The fields by where they stand; texts by language, links by row, those not in use apart."""
    found = {field["name"]: field for field in components(form)}
    codes = form.languages
    prefixes = tuple(f"{links.prefix}_" for links in LINKS)
    return {
        **{name: field for name, field in found.items() if not name.startswith(prefixes)},
        "taglines": by_language([found[f"tagline_{code}"] for code in codes]),
        "notices": by_language([found[f"notice_{code}"] for code in codes]),
        "header": _rows(HEADER, found, codes),
        "footer": _rows(FOOTER, found, codes),
        **{places.column: _places(places, found) for places in PLACES},
    }


def _rows(links: LinkRows, found: dict[str, Any], codes: list[str]) -> dict[str, Any]:
    """Rows of a list of links: those in use and one more stand open, the rest is folded."""
    fields = links.rows(found, codes)
    used = [n for n, row in enumerate(fields) if any(field["value"] for field in row)]
    open_rows = max(used, default=-1) + 2
    rows = [{"words": by_language(words), "url": url} for *words, url in fields]
    return {"open": rows[:open_rows], "more": rows[open_rows:]}


def _places(places: Places, found: dict[str, Any]) -> dict[str, Any]:
    """Addresses at known places: open where there is one."""
    fields = [found[f"{places.prefix}_{slug}"] for slug in places.known]
    return {"fields": fields, "is_open": any(field["value"] for field in fields)}
