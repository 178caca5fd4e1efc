"""What a shop wants of addresses: whether customers are asked, and for what in which country."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dashboard.order_list import country_name
from dashboard.shell import address, page
from lib.addresses import words
from lib.addresses.parts import Level
from lib.addresses.rules import COUNTRIES, needs_of
from merchants.access import MerchantRequest, member_view, record
from merchants.models import Role
from tracking.address_check import policy_of, save_policy


@require_http_methods(["GET", "POST"])
@member_view(Role.ADMIN)
def addresses(request: MerchantRequest) -> HttpResponseBase:
    """The switch, and one country's levels; the country is in the address."""
    country = _country(request)
    if request.method == "POST":
        return _save(request, country)
    policy = policy_of()
    context = {
        "sentence": _("What a courier needs is checked before anything is dispatched."),
        "asks": policy.asks,
        "countries": _countries(request),
        "country": country,
        "country_name": country_name(country, get_language() or "en"),
        "rows": _rows(country, policy.levels.get(country)),
        "levels": [{"value": str(one), "label": str(label)} for one, label in words.LEVELS.items()],
        "rules_url": address(request, "message_rules"),
        "cash_url": address(request, "cash"),
        "access_url": address(request, "page_access"),
        "orders_url": f"{address(request, 'orders')}?view=address",
    }
    return page(request, "addresses.html", context, current="orders")


def _country(request: MerchantRequest) -> str:
    known = {*COUNTRIES, request.merchant.country}
    wished = request.GET.get("country", "")
    return wished if wished in known else request.merchant.country


def _countries(request: MerchantRequest) -> list[dict[str, str]]:
    language = get_language() or "en"
    codes = {*COUNTRIES, request.merchant.country}
    named = sorted((country_name(code, language), code) for code in codes)
    return [{"value": code, "label": name} for name, code in named]


def _rows(country: str, own: dict[str, str] | None) -> list[dict[str, Any]]:
    return [
        {
            "name": f"level_{need}",
            "label": words.label(need, country),
            "help": words.reason(need, country),
            "value": str(level),
        }
        for need, level in needs_of(country, own=own).items()
    ]


def _save(request: MerchantRequest, country: str) -> HttpResponse:
    """Keep what differs from ours, and say what changed in the activity log."""
    policy = policy_of()
    usual = needs_of(country)
    levels = {
        str(need): posted
        for need, level in usual.items()
        if (posted := request.POST.get(f"level_{need}", "")) in set(Level) and posted != level
    }
    asks = "asks" in request.POST
    everywhere = {**policy.levels, country: levels}
    kept = {code: own for code, own in everywhere.items() if own}
    if (asks, kept) != (policy.asks, policy.levels):
        save_policy(merchant_id=request.merchant.pk, asks=asks, levels=kept, now=timezone.now())
        record(
            merchant=request.merchant, user=request.user, action="addresses.changed",
            subject=country, asks=[policy.asks, asks],
            levels=[policy.levels.get(country, {}), levels],
        )  # fmt: skip
    messages.success(request, _("Saved. Orders that wait were checked again."))
    response: HttpResponse = redirect(f"{address(request, 'addresses')}?country={country}")
    response.status_code = 303
    return response
