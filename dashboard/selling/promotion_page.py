"""One promotion: its form, its figures, and what it looks like while one types."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dashboard.clock import Clock, clock_for
from dashboard.flows.form_blocks import choices
from dashboard.form_fields import components, general_error
from dashboard.languages.words import stand_in_words
from dashboard.selling.promotion_form import TEXTS, PromotionForm
from dashboard.selling.promotion_words import rate, rule_words
from dashboard.selling.promotions import DAYS
from dashboard.shell import address, go, page
from lib import formats
from lib.languages import OWN_NAMES
from merchants.access import MerchantRequest, member_view, record
from merchants.looks import brand_of
from merchants.models import Role
from selling import promoting
from selling.counting import sums_by_stage
from selling.models import Promotion
from storefront_pages.languages import offered, written
from storefront_pages.preview import framed_page
from storefront_pages.promotion_preview import preview_html


@require_http_methods(["GET", "POST"])
@member_view(Role.ADMIN)
def new(request: MerchantRequest) -> HttpResponseBase:
    """A promotion that is not there yet."""
    return _form(request, None)


@require_http_methods(["GET", "POST"])
@member_view(Role.ADMIN)
def edit(request: MerchantRequest, promotion_id: int) -> HttpResponseBase:
    """One promotion: its settings and how often it was seen and clicked."""
    return _form(request, get_object_or_404(Promotion, pk=promotion_id))


@require_http_methods(["GET", "POST"])
@member_view(Role.ADMIN)
def preview(request: MerchantRequest, promotion_id: int = 0) -> HttpResponseBase:
    """What is typed (POST) or kept (GET), in each of the shop's languages, in its look."""
    found = get_object_or_404(Promotion, pk=promotion_id) if promotion_id else None
    form = _bound(request, found)
    if form.is_bound:
        form.is_valid()  # what is not right yet is left out
        found = promoting.drafted(form.draft())
    html = preview_html(
        merchant=request.merchant,
        brand=brand_of(request.merchant),
        promotion=found or Promotion(),
        languages=written(request.merchant),
    )
    return framed_page(html)


def _bound(request: MerchantRequest, promotion: Promotion | None) -> PromotionForm:
    return PromotionForm(
        request.POST if request.method == "POST" else None,
        codes=written(request.merchant),
        readers=offered(request.merchant),
        zone=ZoneInfo(request.merchant.zone),
        promotion=promotion,
    )


def _form(request: MerchantRequest, promotion: Promotion | None) -> HttpResponseBase:
    form = _bound(request, promotion)
    if request.method == "POST" and form.is_valid():
        try:
            return _saved(request, form, promotion)
        except promoting.TooMany:
            form.add_error(None, _("Fifty promotions are the most. Remove one first."))
    clock = clock_for(request.merchant)
    title = _("New promotion")
    context: dict[str, Any] = {
        "title": str(promotion) if promotion else title,
        "sentence": rule_words(promotion, clock) if promotion else "",
        "crumbs": [{"label": _("Promotions"), "url": address(request, "promotions")}],
        **_blocks(form),
        "preview_url": _preview_url(request, promotion),
        "remove_url": address(request, "promotion_remove", promotion.pk) if promotion else "",
        "figures": _figures(promotion, clock) if promotion else [],
    }
    status = 400 if form.is_bound else 200
    return page(request, "selling/promotion.html", context, current="promotions", status=status)


def _saved(
    request: MerchantRequest, form: PromotionForm, promotion: Promotion | None
) -> HttpResponseBase:
    now = timezone.now()
    if promotion is None:
        found = promoting.make(merchant=request.merchant, draft=form.draft(), now=now)
    else:
        promoting.change(promotion=promotion, draft=form.draft(), now=now)
        found = Promotion.objects.get(pk=promotion.pk)
    record(
        merchant=request.merchant, user=request.user, action="promotion.changed",
        subject=str(found),
    )  # fmt: skip
    messages.success(request, _("Saved. Pages show it from now on."))
    return go(request, "promotions")


def _preview_url(request: MerchantRequest, promotion: Promotion | None) -> str:
    if promotion is None:
        return address(request, "promotion_preview_new")
    return address(request, "promotion_preview", promotion.pk)


def _blocks(form: PromotionForm) -> dict[str, Any]:
    fields = {one["name"]: one for one in components(form)}
    return {
        "fields": fields,
        "choices": {name: choices(form[name]) for name in ("stages", "languages")},
        "texts": [
            {
                "label": OWN_NAMES[code],
                "fields": (own := [fields[f"{name}_{code}"] for name, _longest in TEXTS]),
                "is_open": place == 0 or any(one["value"] or one["error"] for one in own),
            }
            for place, code in enumerate(form.codes)
        ],
        "stands_in": stand_in_words(form.codes),
        "has_rule": bool(form.errors) or any(
            form[name].value()
            for name in ("stages", "languages", "countries", "tags", "bought", "starts", "ends")
        ),
        "form_error": general_error(form),
    }  # fmt: skip


def _figures(promotion: Promotion, clock: Clock) -> list[dict[str, str]]:
    """A row a stage in which it was seen."""
    since = clock.today - timedelta(days=DAYS)
    counted = sums_by_stage(promotion.pk, since=since)
    return [
        {
            "stage": str(label),
            "views": formats.number(counted[stage].views, clock.language),
            "clicks": formats.number(counted[stage].clicks, clock.language),
            "rate": rate(counted[stage], clock.language),
        }
        for stage, label in Promotion.Stage.choices
        if stage in counted
    ]
