"""The pages of banners: those there are, the peaks that come, one banner."""

from __future__ import annotations

from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dashboard.clock import Clock, clock_for
from dashboard.form_fields import components, general_error
from dashboard.help_texts.banner_form import LONGEST, BannerForm, values_of
from dashboard.help_texts.peaks import peaks_of
from dashboard.languages.tabs import settings_of, tabs
from dashboard.languages.words import stand_in_words
from dashboard.order_list import country_name
from dashboard.shell import address, go, page
from dashboard.shop_tabs import shop_tabs
from help_texts.models import Banner
from help_texts.peaks import Peak
from help_texts.suggesting import take
from help_texts.writing import banner_title, remove_banner, save_banner
from lib import formats
from merchants.access import MerchantRequest, may, member_view
from merchants.models import Brand, Role
from storefront_pages.languages import written

_PLACES: Final = dict(Banner.Place.choices)


@require_safe
@member_view(Role.VIEWER)
def banners(request: MerchantRequest) -> HttpResponseBase:
    """What stands above the pages now and later, and the peaks for which there is nothing yet."""
    clock = clock_for(request.merchant)
    peaks = peaks_of(request.merchant, today=clock.today)
    new = {"label": _("New banner"), "url": address(request, "banner_new"), "icon": "plus"}
    brand = Brand.objects.first()
    context = {
        "views": shop_tabs(request, "banners"),
        "sentence": _("One line above everything on busy days. It ends by itself."),
        "action": new if may(request.role, Role.ADMIN) else None,
        "rows": [_row(request, row, clock) for row in Banner.objects.order_by("-last", "-pk")],
        "near": [_peak(request, one, clock) for one in peaks if one.is_near(clock.today)],
        "later": [_peak(request, one, clock) for one in peaks if not one.is_near(clock.today)],
        "notice": brand.notice if brand else "",
        "brand_url": address(request, "brand"),
    }
    return page(request, "help_texts/banners.html", context, current="questions")


@require_http_methods(["GET", "POST"])
@member_view(Role.ADMIN)
def new(request: MerchantRequest) -> HttpResponseBase:
    """A banner that is not there yet."""
    return _editor(request, None)


@require_http_methods(["GET", "POST"])
@member_view(Role.ADMIN)
def edit(request: MerchantRequest, banner_id: int) -> HttpResponseBase:
    """One banner."""
    return _editor(request, get_object_or_404(Banner, pk=banner_id))


@require_http_methods(["GET", "POST"])
@member_view(Role.ADMIN)
def remove(request: MerchantRequest, banner_id: int) -> HttpResponseBase:
    """Asks first; then it is gone from every page."""
    row = get_object_or_404(Banner, pk=banner_id)
    if request.method == "POST":
        remove_banner(merchant=request.merchant, by=request.user, banner=row)
        messages.success(request, _("The banner is removed."))
        return go(request, "banners")
    context = {
        "crumbs": _crumbs(request),
        "title": _("Remove this banner?"),
        "sentence": banner_title(row, request.merchant.default_language),
        "confirm": _("Remove it"),
        "confirm_url": address(request, "banner_remove", row.pk),
        "keep_url": address(request, "banner", row.pk),
    }
    return page(request, "confirm.html", context, current="questions")


@require_POST
@member_view(Role.ADMIN)
def take_peak(request: MerchantRequest, peak: str) -> HttpResponseBase:
    """Take the ready banner of a coming peak: it stands from its first day on."""
    today = clock_for(request.merchant).today
    found = next((one for one in peaks_of(request.merchant, today=today) if one.key == peak), None)
    if found is None:
        raise Http404
    row = take(
        merchant=request.merchant, by=request.user, peak=found,
        languages=written(request.merchant), today=today,
    )  # fmt: skip
    messages.success(request, _("The banner is ready. You can still change its words and days."))
    return go(request, "banner", row.pk)


def _editor(request: MerchantRequest, row: Banner | None) -> HttpResponseBase:
    merchant = request.merchant
    languages = written(merchant)
    values = values_of(row) if row else None
    form = BannerForm(request.POST or None, languages=languages, values=values)
    if form.is_bound and form.is_valid() and request.POST.get("do") != "preview":
        save_banner(merchant=merchant, by=request.user, banner=row, values=form.values())
        messages.success(request, _("Saved. Pages show it from its first day on."))
        return go(request, "banners")
    fields = components(form)
    previews = [
        {"code": code, "text": text, "dir": "rtl" if formats.is_rtl(code) else "ltr"}
        for code in languages
        if (text := str(form[f"text_{code}"].value() or ""))
    ]
    tone, tab = form["tone"].value() or Banner.Tone.QUIET, request.POST.get("tab", "")
    context = {
        "title": banner_title(row, merchant.default_language) if row else _("New banner"),
        "sentence": _("While it stands, it has the place of the notice of your look."),
        "crumbs": _crumbs(request),
        "languages": tabs(fields, languages, open_tab=tab),
        "stands_in": stand_in_words(languages),
        "settings": settings_of(fields, languages),
        "form_error": general_error(form),
        "tone": tone,
        "previews": previews,
        "page_url": _page_url(request, previews, tone=tone, tab=tab),
        "remove_url": address(request, "banner_remove", row.pk) if row else "",
    }
    status = 400 if form.errors else 200
    return page(request, "help_texts/banner.html", context, current="questions", status=status)


def _page_url(
    request: MerchantRequest, previews: list[dict[str, Any]], *, tone: str, tab: str
) -> str:
    """The page with what is being written, in the language that is open; "" without a word."""
    if not previews:
        return ""
    shown = next((one for one in previews if one["code"] == tab), previews[0])
    query = {"lang": shown["code"], "tone": tone, "text": shown["text"][:LONGEST]}
    return f"{address(request, 'banner_page')}?{urlencode(query)}"


def _crumbs(request: MerchantRequest) -> list[dict[str, str]]:
    return [{"label": _("Banners"), "url": address(request, "banners")}]


def _row(request: MerchantRequest, row: Banner, clock: Clock) -> dict[str, Any]:
    where = [str(_PLACES[place]) for place in row.places if place in _PLACES]
    return {
        "title": banner_title(row, request.merchant.default_language),
        "url": address(request, "banner", row.pk),
        "days": formats.date_range(row.first, row.last, clock.language),
        "where": where,
        "countries": [country_name(code, clock.language) for code in row.countries],
        **_state(row, clock.today),
    }


def _state(row: Banner, today: date) -> dict[str, str]:
    if row.last < today:
        return {"tone": "quiet", "icon": "check", "state": pgettext("a banner", "Over")}
    if row.first > today:
        return {"tone": "wait", "icon": "clock", "state": pgettext("a banner", "Later")}
    return {"tone": "good", "icon": "megaphone", "state": pgettext("a banner", "Shown now")}


def _peak(request: MerchantRequest, peak: Peak, clock: Clock) -> dict[str, Any]:
    days = formats.date_range(peak.first, peak.last, clock.language)
    unsure = _("Expected %(days)s; the moon decides. The banner stands a day longer.")
    return {
        "name": peak.kind.name,
        "text": peak.kind.text,
        "days": days if peak.certain else unsure % {"days": days},
        "countries": [country_name(code, clock.language) for code in peak.countries],
        "take_url": address(request, "banner_take", peak.key),
    }
