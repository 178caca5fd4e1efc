"""Carriers: accounts with their health, connecting one, and codes we cannot read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from carriers import registry
from carriers.base import Carrier
from carriers.models import CarrierAccount
from dashboard.attention import outages_of_shop
from dashboard.clock import clock_for
from dashboard.codes import placed_rows, with_place_links
from dashboard.connections import (
    account_rows,
    account_state,
    carriers_sentence,
    failure_rows,
    unreadable_rows,
)
from dashboard.doorbell import ask_carriers
from dashboard.form_fields import components, general_error
from dashboard.forms import CredentialsForm
from dashboard.parcels.adding import sandbox_action
from dashboard.shell import address, go, page
from dashboard.sign_in import local_path
from helpdesk.outage_lines import outage_lines
from lib.encryption import seal
from merchants.access import MerchantRequest, may, member_view, record
from merchants.models import Role
from tracking.answers import false_attempts
from tracking.models import Outage
from tracking.outages import open_outages
from tracking.polling import wake
from tracking.quarantine import waiting


@require_safe
@member_view(Role.VIEWER)
def carriers(request: MerchantRequest) -> HttpResponseBase:
    """All accounts, the last failures, and the codes nobody can read yet."""
    clock = clock_for(request.merchant)
    accounts = list(CarrierAccount.objects.order_by("carrier", "name", "pk"))
    rows = account_rows(request, accounts, clock)
    connect = {
        "label": _("Connect a carrier"),
        "url": address(request, "carrier_choose"),
        "icon": "plus",
    }
    may_change = may(request.role, Role.ADMIN)
    context = {
        "sentence": carriers_sentence(rows),
        "action": connect if may_change else None,
        "outages": outage_lines(_outages(accounts), clock),
        "connections": rows,
        "failures": failure_rows(clock),
        "empty": _("Without a carrier’s account we cannot ask where parcels are."),
        "empty_action": None,
        "sandbox": sandbox_action(request),
        "unreadable": with_place_links(request, unreadable_rows(request, clock)),
        "placed": placed_rows(request, clock),
        "held": _held(request),
    }
    return page(request, "carriers.html", context, current="carriers")


def _outages(accounts: Sequence[CarrierAccount]) -> list[Outage]:
    """Of the carriers that are connected, and of those that have a parcel."""
    connected = list(open_outages({one.carrier for one in accounts}))
    known = {one.pk for one in connected}
    return connected + [one for one in outages_of_shop() if one.pk not in known]


def _held(request: MerchantRequest) -> dict[str, Any]:
    """How many scans wait for somebody's word, and where; those decided are there as well."""
    count = waiting().count()
    words = ngettext("%(n)s scan was set aside", "%(n)s scans were set aside", count)
    return {
        "url": address(request, "quarantine"),
        "label": words % {"n": count} if count else _("Scans that were set aside"),
        "tone": "wait" if count else "",
    }


@require_safe
@member_view(Role.ADMIN)
def choose(request: MerchantRequest) -> HttpResponseBase:
    """Which carrier?"""
    taken = set(CarrierAccount.objects.filter(is_active=True).values_list("carrier", flat=True))
    proven = {
        "recorded": _("Tested against real answers"),
        "documented": _("Built from the carrier’s documents"),
        "unproven": _("Not tried with real parcels yet"),
    }
    clock = clock_for(request.merchant)
    rows = [
        {
            "name": registry.name_of(one.slug, language=clock.language),
            "url": address(request, "carrier_connect", one.slug),
            "detail": _("Connected") if one.slug in taken else proven[one.proven],
        }
        for one in sorted(_offered(), key=lambda one: one.name.casefold())
    ]
    context = {
        "title": _("Connect a carrier"),
        "sentence": _("With your own account: limits and bills stay yours."),
        "crumbs": [{"label": _("Carriers"), "url": address(request, "carriers")}],
        "options": rows,
    }
    return page(request, "connect_choose.html", context, current="carriers")


@require_http_methods(["GET", "POST"])
@member_view(Role.ADMIN)
def connect(request: MerchantRequest, slug: str) -> HttpResponseBase:
    """Credentials of a new account; its open parcels are asked about at once."""
    carrier = next((one for one in _offered() if one.slug == slug), None)
    if carrier is None:
        raise Http404
    form = CredentialsForm(carrier.secrets, request.POST or None, is_new=True)
    onward = local_path(request, request.POST.get("next") or request.GET.get("next") or "")
    if request.method == "POST" and form.is_valid():
        account = _save_account(request, carrier, form)
        if account is not None:
            return _connected(request, account, onward)
        form.add_error("account_name", _("There is an account with this name already."))
    status = 400 if form.is_bound else 200
    return _credentials_page(request, carrier, form, None, status=status, onward=onward)


@require_http_methods(["GET", "POST"])
@member_view(Role.ADMIN)
def credentials(request: MerchantRequest, account_id: int) -> HttpResponseBase:
    """New credentials for an account; what was typed before is never shown."""
    account = get_object_or_404(CarrierAccount, pk=account_id)
    carrier = registry.CARRIERS.get(account.carrier)
    if carrier is None:
        raise Http404
    form = CredentialsForm(carrier.secrets, request.POST or None, is_new=False)
    if request.method == "POST" and form.is_valid():
        account.secrets = seal(form.secrets())
        account.paused_until, account.failures = None, 0
        account.save(update_fields=["secrets", "paused_until", "failures"])
        _record(request, "carrier.credentials_changed", account)
        wake(carrier=account.carrier, now=timezone.now())
        ask_carriers()
        messages.success(request, _("Saved. Its parcels are asked about now."))
        return go(request, "carrier", account.pk)
    status = 400 if form.is_bound else 200
    return _credentials_page(request, carrier, form, account, status=status)


@require_safe
@member_view(Role.VIEWER)
def carrier(request: MerchantRequest, account_id: int) -> HttpResponseBase:
    """One account: how it is doing and what failed."""
    account = get_object_or_404(CarrierAccount, pk=account_id)
    clock = clock_for(request.merchant)
    adapter = registry.CARRIERS.get(account.carrier)
    state, sentence = account_state(account, clock)
    facts = [
        {"label": _("Last answer"), "value": clock.spoken(account.last_ok_at) or _("None yet"),
         "iso": clock.iso(account.last_ok_at)},
        {"label": _("Last failure"), "value": clock.spoken(account.last_failure_at) or _("None"),
         "iso": clock.iso(account.last_failure_at), "why": account.last_problem},
        {"label": _("Connected"), "value": clock.spoken(account.created_at)},
        {"label": _("Credentials"),
         "value": _("Stored encrypted") if account.secrets else _("None"),
         "why": ", ".join(one.label for one in adapter.secrets) if adapter else ""},
        _evidence(account.carrier),
    ]  # fmt: skip
    context = {
        "crumbs": [{"label": _("Carriers"), "url": address(request, "carriers")}],
        "title": registry.name_of(account.carrier, language=clock.language),
        "account_name": account.name,
        "state": state,
        "sentence": sentence,
        "facts": facts,
        "failures": failure_rows(clock, account_id=account.pk),
        "is_active": account.is_active,
        "credentials_url": address(request, "carrier_credentials", account.pk),
        "switch_url": address(request, "carrier_switch", account.pk),
        "remove_url": address(request, "carrier_remove", account.pk),
        "documentation": adapter.documentation if adapter else "",
    }
    return page(request, "carrier.html", context, current="carriers")


def _evidence(carrier: str) -> dict[str, str]:
    """How many failed attempts were none, as the customers say."""
    denied, failed = false_attempts(carrier)
    return {
        "label": _("False attempts reported"),
        "value": ngettext("%(n)s of %(all)s attempt", "%(n)s of %(all)s attempts", failed)
        % {"n": denied, "all": failed},
        "why": _("Customers who told us that nobody came, of all failed attempts."),
    }


@require_POST
@member_view(Role.ADMIN)
def switch(request: MerchantRequest, account_id: int) -> HttpResponseBase:
    """Pause an account, or ask again."""
    account = get_object_or_404(CarrierAccount, pk=account_id)
    turn_on = request.POST.get("to") == "on"
    if turn_on != account.is_active:
        account.is_active = turn_on
        account.paused_until, account.failures = None, 0
        account.save(update_fields=["is_active", "paused_until", "failures"])
        _record(request, "carrier.activated" if turn_on else "carrier.paused", account)
        if turn_on:
            wake(carrier=account.carrier, now=timezone.now())
            ask_carriers()
    words = _("Its parcels are asked about again.") if turn_on else _("Paused. Nothing is asked.")
    messages.success(request, words)
    return go(request, "carrier", account.pk)


@require_http_methods(["GET", "POST"])
@member_view(Role.ADMIN)
def remove(request: MerchantRequest, account_id: int) -> HttpResponseBase:
    """Asks first; then forgets the credentials and the failures. Parcels stay."""
    account = get_object_or_404(CarrierAccount, pk=account_id)
    name = registry.name_of(account.carrier, language=clock_for(request.merchant).language)
    if request.method == "POST":
        _record(request, "carrier.removed", account)
        account.delete()
        messages.success(request, _("%(name)s was removed.") % {"name": name})
        return go(request, "carriers")
    context = {
        "crumbs": [{"label": name, "url": address(request, "carrier", account.pk)}],
        "title": _("Remove %(name)s?") % {"name": name},
        "sentence": _(
            "Its credentials are deleted at once. Parcels stay, and are not asked about any more."
        ),
        "confirm": _("Remove it"),
        "confirm_url": address(request, "carrier_remove", account.pk),
        "keep_url": address(request, "carrier", account.pk),
    }
    return page(request, "confirm.html", context, current="carriers")


def _offered() -> list[Carrier]:
    """Carriers with an address of their own: the sandbox is connected by the demonstration."""
    return [one for one in registry.CARRIERS.values() if one.base_url]


def _save_account(
    request: MerchantRequest, carrier: Carrier, form: CredentialsForm
) -> CarrierAccount | None:
    """The new account; None where its name is taken."""
    try:
        with transaction.atomic():
            return CarrierAccount.objects.create(
                merchant=request.merchant,
                carrier=carrier.slug,
                name=form.cleaned_data["account_name"],
                secrets=seal(form.secrets()),
            )
    except IntegrityError:
        return None


def _connected(request: MerchantRequest, account: CarrierAccount, onward: str) -> HttpResponseBase:
    _record(request, "carrier.connected", account)
    woken = wake(carrier=account.carrier, now=timezone.now())
    ask_carriers()
    words = _("Connected. %(n)s open parcels are asked about now.") % {"n": woken}
    messages.success(request, words if woken else _("Connected. Its parcels will be followed."))
    if onward:
        response = redirect(onward)
        response.status_code = 303
        return response
    return go(request, "carrier", account.pk)


def _record(request: MerchantRequest, action: str, account: CarrierAccount) -> None:
    subject = registry.name_of(account.carrier)
    if account.name:
        subject = f"{subject} ({account.name})"
    record(merchant=request.merchant, user=request.user, action=action, subject=subject)


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
        "sentence": _("They are stored encrypted and never shown again."),
        "fields": components(form),
        "form_error": general_error(form),
        "submit": _("Save the credentials") if account else _("Connect"),
        "documentation": carrier.documentation,
        "next": onward,
    }
    return page(request, "form.html", context, current="carriers", status=status)
