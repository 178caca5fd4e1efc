"""Connecting a carrier or an aggregator: which one, its credentials, its limits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from carriers import registry
from carriers.base import Carrier
from carriers.couriers import served_by
from carriers.finding import hubs_among
from carriers.models import CarrierAccount, PlatformAccount
from dashboard.carrier_forms import CredentialsForm
from dashboard.clock import clock_for
from dashboard.doorbell import ask_carriers, list_couriers
from dashboard.form_fields import components, general_error
from dashboard.shell import address, go, page
from dashboard.sign_in import local_path
from lib.encryption import seal
from lib.folding import fold
from lib.signing import new_webhook_secret
from merchants.access import MerchantRequest, member_view, record
from merchants.models import Role
from tracking.carrier_accounts import connect_account
from tracking.models import Order
from tracking.polling import wake

#: So many of the newest orders say where the shop sends to.
_RECENT: Final = 500
_PROVEN: Final[dict[str, Promise]] = {
    "recorded": gettext_lazy("Tested against real answers"),
    "documented": gettext_lazy("Built from the carrier’s documents"),
    "unproven": gettext_lazy("Not tried with real parcels yet"),
}


@require_safe
@member_view(Role.ADMIN)
def choose(request: MerchantRequest) -> HttpResponseBase:
    """Which carrier? By name, with those that an aggregator follows already."""
    accounts = CarrierAccount.objects.filter(is_active=True)
    taken = set(accounts.values_list("carrier", flat=True))
    words = request.GET.get("q", "").strip()[:80]
    language = clock_for(request.merchant).language
    offered = [one for one in _offered() if _is_named(one, words)]
    hubs = hubs_among(taken)
    carriers = [one for one in offered if not one.is_hub and one.is_asked]
    near, others = _by_market(carriers, taken, request.merchant.country)
    context = {
        "title": _("Connect a carrier"),
        "sentence": _("With your own account: limits and bills stay yours."),
        "crumbs": [{"label": _("Carriers"), "url": address(request, "carriers")}],
        "q": words,
        "near": [_option(request, one, taken, language) for one in near],
        "carriers": [_option(request, one, taken, language) for one in others],
        "hubs": [_option(request, one, taken, language) for one in offered if one.is_hub],
        "own": [_option(request, one, taken, language) for one in offered if not one.is_asked],
        "served": _served(hubs, words) if words else [],
        "has_hub": bool(hubs),
    }
    return page(request, "carrier_choose.html", context, current="carriers")


@require_http_methods(["GET", "POST"])
@member_view(Role.ADMIN)
def connect(request: MerchantRequest, slug: str) -> HttpResponseBase:
    """Credentials of a new account; its open parcels are asked about at once."""
    carrier = next((one for one in _offered() if one.slug == slug), None)
    if carrier is None:
        raise Http404
    shared = PlatformAccount.objects.filter(carrier=slug, is_active=True).first()
    form = CredentialsForm(
        carrier, request.POST or None, is_new=True, has_shared=shared is not None
    )
    onward = local_path(request, request.POST.get("next") or request.GET.get("next") or "")
    if request.method == "POST" and form.is_valid():
        account = _save_account(request, carrier, form, shared)
        if account is not None:
            return _connected(request, account, carrier, onward)
        form.add_error("account_name", _("There is an account with this name already."))
    status = 400 if form.is_bound else 200
    return _credentials_page(request, carrier, form, None, status=status, onward=onward)


@require_http_methods(["GET", "POST"])
@member_view(Role.ADMIN)
def credentials(request: MerchantRequest, account_id: int) -> HttpResponseBase:
    """New credentials for an account; what was typed before is never shown."""
    account = get_object_or_404(CarrierAccount, pk=account_id)
    carrier = registry.CARRIERS.get(account.carrier)
    if carrier is None or account.platform_id:
        raise Http404
    limits = {"calls_per_second": account.calls_per_second, "calls_per_day": account.calls_per_day}
    form = CredentialsForm(carrier, request.POST or None, is_new=False, initial=limits)
    if request.method == "POST" and form.is_valid():
        secrets = form.secrets() | _made_by_us(request, carrier)
        account.secrets = seal(secrets)
        account.paused_until, account.failures = None, 0
        account.calls_per_second = form.cleaned_data.get("calls_per_second")
        account.calls_per_day = form.cleaned_data.get("calls_per_day")
        account.save(
            update_fields=[
                "secrets", "paused_until", "failures", "calls_per_second", "calls_per_day",
            ]
        )  # fmt: skip
        record_account(request, "carrier.credentials_changed", account)
        wake(carrier=account.carrier, now=timezone.now())
        ask_carriers()
        messages.success(request, _("Saved. Its parcels are asked about now."))
        return go(request, "carrier", account.pk)
    status = 400 if form.is_bound else 200
    return _credentials_page(request, carrier, form, account, status=status)


def record_account(request: MerchantRequest, action: str, account: CarrierAccount) -> None:
    """A line in the shop's log."""
    subject = registry.name_of(account.carrier)
    if account.name:
        subject = f"{subject} ({account.name})"
    record(merchant=request.merchant, user=request.user, action=action, subject=subject)


def _offered() -> list[Carrier]:
    """All but those whose address is not fixed: the demonstration connects the sandbox."""
    found = [one for one in registry.CARRIERS.values() if one.base_url or not one.is_asked]
    return sorted(found, key=lambda one: one.name.casefold())


def _by_market(
    carriers: Sequence[Carrier], taken: set[str], home: str
) -> tuple[list[Carrier], list[Carrier]]:
    """Those connected or at home where the shop sends from or to; and all others. By name both,
    but that those of the shop's own country lead."""
    recent = Order.objects.order_by("-pk").values_list("country", flat=True)[:_RECENT]
    markets = {home, *recent} - {""}
    near = [one for one in carriers if one.slug in taken or markets & set(one.countries)]
    near.sort(key=lambda one: home not in one.countries)
    return near, [one for one in carriers if one not in near]


def _is_named(carrier: Carrier, words: str) -> bool:
    names = fold(f"{carrier.name} {carrier.name_ar} {carrier.slug}")
    return not words or fold(words) in names


def _option(
    request: MerchantRequest, carrier: Carrier, taken: set[str], language: str
) -> dict[str, str]:
    return {
        "name": registry.name_of(carrier.slug, language=language),
        "url": address(request, "carrier_connect", carrier.slug),
        "detail": _("Connected") if carrier.slug in taken else str(_PROVEN[carrier.proven]),
    }


def _served(hubs: list[str], words: str) -> list[dict[str, str]]:
    """Carriers that need nothing: a connected aggregator follows them."""
    own = {one.slug for one in registry.CARRIERS.values()}
    return [
        {"name": one.name, "through": registry.name_of(one.hub)}
        for one in served_by(hubs, words=words)
        if one.slug not in own
    ]


def _save_account(
    request: MerchantRequest,
    carrier: Carrier,
    form: CredentialsForm,
    shared: PlatformAccount | None,
) -> CarrierAccount | None:
    """The new account; None where its name is taken."""
    uses_shared = shared if form.cleaned_data.get("use_shared") else None
    secrets = {} if uses_shared else form.secrets() | _made_by_us(request, carrier)
    try:
        with transaction.atomic():
            account = connect_account(
                merchant=request.merchant,
                carrier=carrier,
                name=form.cleaned_data["account_name"],
                secrets=secrets,
                platform=uses_shared,
            )
    except IntegrityError:
        return None
    account.calls_per_second = form.cleaned_data.get("calls_per_second")
    account.calls_per_day = form.cleaned_data.get("calls_per_day")
    account.save(update_fields=["calls_per_second", "calls_per_day"])
    return account


def _made_by_us(request: MerchantRequest, carrier: Carrier) -> dict[str, str]:
    """Signing secrets that we make; shown this once."""
    made = {one.name: new_webhook_secret() for one in carrier.secrets if one.made_by_us}
    for secret in made.values():
        words = _("Signing secret, shown only now: %(secret)s") % {"secret": secret}
        messages.warning(request, words)
    return made


def _connected(
    request: MerchantRequest, account: CarrierAccount, carrier: Carrier, onward: str
) -> HttpResponseBase:
    record_account(request, "carrier.connected", account)
    woken = wake(carrier=account.carrier, now=timezone.now())
    ask_carriers()
    if carrier.is_hub:
        list_couriers(account.pk)
    words = _("Connected. %(n)s open parcels are asked about now.") % {"n": woken}
    messages.success(request, words if woken else _("Connected. Its parcels will be followed."))
    if onward:
        response = redirect(onward)
        response.status_code = 303
        return response
    return go(request, "carrier", account.pk)


def _credentials_page(
    request: MerchantRequest,
    carrier: Carrier,
    form: CredentialsForm,
    account: CarrierAccount | None,
    *,
    status: int,
    onward: str = "",
) -> HttpResponseBase:
    name = registry.name_of(carrier.slug, language=clock_for(request.merchant).language)
    context: dict[str, Any] = {
        "crumbs": [{"label": _("Carriers"), "url": address(request, "carriers")}],
        "title": name,
        "sentence": _("They are stored encrypted and never shown again.")
        if form.has_secrets
        else _("Nothing to type: we make the signing secret and show it once."),
        "fields": components(form),
        "form_error": general_error(form),
        "submit": _("Save the credentials") if account else _("Connect"),
        "documentation": carrier.documentation,
        "next": onward,
    }
    return page(request, "form.html", context, current="carriers", status=status)
