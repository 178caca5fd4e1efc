"""Carriers: accounts with their health, connecting one, and codes we cannot read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from carriers import fetch, registry
from carriers.models import CarrierAccount
from dashboard.attention import outages_of_shop
from dashboard.carrier_connect import record_account
from dashboard.carrier_facts import account_facts, push_setup
from dashboard.carrier_silence import silence_groups
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
from dashboard.parcels.adding import sandbox_action
from dashboard.shell import address, go, page
from helpdesk.outage_lines import outage_lines
from merchants.access import MerchantRequest, may, member_view
from merchants.models import Role
from tracking.carrier_accounts import remove_account, try_account
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
@member_view(Role.VIEWER)
def carrier(request: MerchantRequest, account_id: int) -> HttpResponseBase:
    """One account: how it is doing and what failed."""
    account = get_object_or_404(CarrierAccount, pk=account_id)
    clock = clock_for(request.merchant)
    adapter = registry.CARRIERS.get(account.carrier)
    is_hub = adapter is not None and adapter.is_hub
    may_change = may(request.role, Role.ADMIN)
    state, sentence = account_state(account, clock)
    context = {
        "crumbs": [{"label": _("Carriers"), "url": address(request, "carriers")}],
        "title": registry.name_of(account.carrier, language=clock.language),
        "account_name": account.name,
        "state": state,
        "sentence": sentence,
        "facts": account_facts(account, adapter, clock),
        "push": push_setup(account, adapter) if may_change else None,
        "try_url": address(request, "carrier_try", account.pk),
        "has_credentials": account.platform_id is None and bool(adapter and adapter.secrets),
        "failures": failure_rows(clock, account_id=account.pk),
        "is_hub": is_hub,
        "silence": [] if is_hub else silence_groups(account.carrier, request.merchant.pk, clock),
        "is_active": account.is_active,
        "credentials_url": address(request, "carrier_credentials", account.pk),
        "switch_url": address(request, "carrier_switch", account.pk),
        "remove_url": address(request, "carrier_remove", account.pk),
        "documentation": adapter.documentation if adapter else "",
    }
    return page(request, "carrier.html", context, current="carriers")


@require_POST
@member_view(Role.ADMIN)
def try_key(request: MerchantRequest, account_id: int) -> HttpResponseBase:
    """One call about nobody's number: does the carrier take the credentials?"""
    account = get_object_or_404(CarrierAccount, pk=account_id)
    tried = try_account(account, fetch.shared())
    name = {
        "name": registry.name_of(account.carrier, language=clock_for(request.merchant).language)
    }
    if tried.verdict == "works":
        messages.success(request, _("%(name)s takes the credentials.") % name)
    elif tried.verdict == "refused":
        messages.error(request, _("%(name)s refuses the credentials.") % name + f" {tried.words}")
    elif tried.verdict == "unreachable":
        messages.error(request, _("%(name)s could not be reached.") % name + f" {tried.words}")
    else:
        words = _("%(name)s answered, but not so that we can tell.") % name
        messages.warning(request, f"{words} {tried.words}")
    return go(request, "carrier", account.pk)


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
        record_account(request, "carrier.activated" if turn_on else "carrier.paused", account)
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
        record_account(request, "carrier.removed", account)
        remove_account(account)
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
