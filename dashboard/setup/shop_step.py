"""Step one: a shop's name and country. It founds the shop; later it changes the same facts."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from dashboard.form_fields import components, general_error
from dashboard.languages.page import change_languages
from dashboard.setup import country as countries
from dashboard.setup import steps
from dashboard.setup.frame import new_preview_url, onward, preview_url, setup_page, this_year
from dashboard.setup.shop_form import ShopForm
from dashboard.shell import other_language, with_own_origin
from edd.models import DateRules
from edd.rule_writing import save_rest_days
from lib.limits import count
from merchants.access import MerchantRequest, member_view, record
from merchants.founding import (
    Founding,
    SlugTaken,
    change_merchant,
    found_merchant,
    may_found,
    note_step,
)
from merchants.languages import own_language
from merchants.models import Merchant, Role, User
from merchants.scope import merchant_scope
from storefront_pages.languages import offered

#: New shops of one person in a day.
_SHOPS = (10, 86_400)


@login_required
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Found a shop. Where sign-up is closed, only who owns one already may."""
    user = request.user
    if not isinstance(user, User) or not may_found(user):
        raise Http404
    form = _form(request, initial=_guessed(request, user), has_slug=True)
    if request.method == "POST" and form.is_valid():
        merchant = _found(user, form)
        if merchant is not None:
            response = redirect(reverse("dashboard:setup_step", args=[merchant.slug, "look"]))
            response.status_code = 303
            return response
    context = _context(form, reverse("dashboard:new_country"), new_preview_url(**_typed(form))) | {
        "shop": "",
        "steps": steps.rows_before_founding(),
        "leave_url": f"{reverse('dashboard:entry')}?all",
        "has_shops": user.memberships.filter(accepted_at__isnull=False).exists(),
        "sign_out_url": reverse("dashboard:logout"),
        "other_language": other_language(),
        "submit": _("Make the shop"),
    }
    status = 400 if form.is_bound else 200
    return with_own_origin(TemplateResponse(request, "setup/shop.html", context, status=status))


@login_required
@require_POST
def new_country(request: HttpRequest) -> HttpResponse:
    """The country's part of the form again, for what is typed by now."""
    form = _form(request, initial={}, has_slug=True)
    return _part(request, form, new_preview_url(**_typed(form)))


def shop(request: MerchantRequest) -> HttpResponseBase:
    """The same facts of a shop that is there."""
    form = _form(request, initial=_known(request.merchant), has_slug=False)
    if request.method == "POST" and form.is_valid():
        _change(request, form.founding())
        save_rest_days(merchant_id=request.merchant.pk, rest_days=form.rest_days())
        note_step(merchant=request.merchant, step="shop", outcome="done")
        record(merchant=request.merchant, user=request.user, action="merchant.changed")
        response = redirect(onward(request, "shop"))
        response.status_code = 303
        return response
    url = reverse("dashboard:setup_country", args=[request.merchant.slug])
    context = _context(form, url, preview_url(request, **_typed(form)))
    context["submit"] = _("Save and go on")
    status = 400 if form.is_bound else 200
    return setup_page(request, "shop", "shop.html", context, status=status)


@require_POST
@member_view(Role.ADMIN)
def country(request: MerchantRequest) -> HttpResponseBase:
    """The country's part of the form again, for a shop that is there."""
    form = _form(request, initial={"languages": _spoken(request.merchant)}, has_slug=False)
    return _part(request, form, preview_url(request, **_typed(form)))


def _form(request: HttpRequest, *, initial: dict[str, Any], has_slug: bool) -> ShopForm:
    data = request.POST if request.method == "POST" else None
    return ShopForm(data, initial=initial, year=this_year(), has_slug=has_slug)


def _guessed(request: HttpRequest, user: User) -> dict[str, Any]:
    return {
        "country": countries.guess(request.headers.get("Accept-Language", "")),
        "support_email": user.email,
    }


def _known(merchant: Merchant) -> dict[str, Any]:
    rules = DateRules.objects.filter(merchant=merchant).first()
    known = {
        "shop_name": merchant.name,
        "country": merchant.country,
        "support_email": merchant.support_email,
        "support_phone": merchant.support_phone,
        "zone": merchant.zone,
        "currency": merchant.currency,
        "languages": _spoken(merchant),
        "shows_hijri": merchant.shows_hijri,
    }
    if rules is not None and rules.rest_days:
        known["weekend"] = ",".join(str(day) for day in sorted(rules.rest_days))
    return known


def _spoken(merchant: Merchant) -> str:
    """The shop's languages as a choice of the form."""
    codes = offered(merchant) if merchant.languages else (own_language(merchant), countries.EVERY)
    return ",".join(codes)


def _change(request: MerchantRequest, said: Founding) -> None:
    change_merchant(merchant=request.merchant, by=request.user, said=said)
    change_languages(
        merchant=request.merchant, by=request.user, languages=list(said.languages),
        own=said.default_language,
    )  # fmt: skip


def _found(user: User, form: ShopForm) -> Merchant | None:
    """The shop, or None with the reason in the form."""
    limit, seconds = _SHOPS
    if count(f"new-shop:{user.pk}", limit=limit, seconds=seconds).is_over:
        form.add_error(None, _("You made many shops today. Try again tomorrow."))
        return None
    try:
        merchant = found_merchant(founder=user, said=form.founding())
    except SlugTaken:
        form.add_error("slug", _("Somebody took this address just now. Choose another."))
        return None
    with merchant_scope(merchant.pk):
        save_rest_days(merchant_id=merchant.pk, rest_days=form.rest_days())
    return merchant


def _typed(form: ShopForm) -> dict[str, str]:
    return {"name": str(form["shop_name"].value() or ""), "country": form.chosen}


def _context(form: ShopForm, country_url: str, preview: str) -> dict[str, Any]:
    fields = {one["name"]: one for one in components(form)}
    facts = ("slug", "zone", "weekend", "currency", "languages", "shows_hijri")
    return {
        "fields": [one for name, one in fields.items() if name not in facts],
        "country_fields": [fields[name] for name in facts if name in fields],
        "country_known": bool(form.chosen),
        "country_was": form.chosen,
        "slug_was": fields.get("slug", {}).get("value", ""),
        "has_errors": any(fields[name]["error"] for name in facts if name in fields),
        "form_error": general_error(form),
        "country_url": country_url,
        "preview_url": preview,
    }


def _part(request: HttpRequest, form: ShopForm, preview: str) -> TemplateResponse:
    form.errors.clear()
    context = _context(form, "", preview) | {"swaps": True}
    return TemplateResponse(request, "setup/_country.html", context)
