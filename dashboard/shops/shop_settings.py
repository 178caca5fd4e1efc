"""What a shop's own statuses mean, what is written back to it, and who hears from us."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dashboard.form_fields import components
from dashboard.shell import address, go, page
from dashboard.shops.connecting import record_store
from dashboard.shops.forms import BuyersForm, StatusesForm, WritesForm
from merchants.access import MerchantRequest, member_view
from merchants.models import Role
from stores import registry
from stores.models import StoreConnection
from stores.statuses import known_statuses


@require_http_methods(["GET", "POST"])
@member_view(Role.ADMIN)
def settings(request: MerchantRequest, store_id: int) -> HttpResponseBase:
    """Three forms, one of which is saved at a time."""
    found = get_object_or_404(StoreConnection, pk=store_id, is_active=True)
    adapter = registry.get(found.platform)
    statuses = known_statuses(found)
    if request.method == "POST":
        return _save(request, found, statuses)
    initial = {f"write_{kind}": True for kind in found.writes}
    context: dict[str, Any] = {
        "crumbs": [
            {"label": _("Stores"), "url": address(request, "stores")},
            {"label": found.name, "url": address(request, "store", found.pk)},
        ],
        "title": _("Settings of %(name)s") % {"name": found.name},
        "sentence": _("They count for what the shop says from now on."),
        "statuses": components(StatusesForm.showing(statuses, found.status_map)),
        "writes": components(WritesForm(adapter, initial=initial)),
        "buyers": components(BuyersForm(initial={"may_message": found.may_message})),
    }
    return page(request, "shops/settings.html", context, current="stores")


def _save(
    request: MerchantRequest, store: StoreConnection, statuses: list[str]
) -> HttpResponseBase:
    if request.POST.get("part") == "writes":
        writes = WritesForm(registry.get(store.platform), request.POST)
        if writes.is_valid():
            store.writes = writes.writes()
            store.save(update_fields=["writes"])
            record_store(request, "store.writes_changed", store)
    elif request.POST.get("part") == "buyers":
        buyers = BuyersForm(request.POST)
        if buyers.is_valid():
            store.may_message = buyers.cleaned_data["may_message"]
            store.save(update_fields=["may_message"])
            record_store(request, "store.messages_changed", store)
    else:
        meanings = StatusesForm(statuses, request.POST)
        if not meanings.is_valid():
            messages.error(request, _("Choose one of the meanings for each status."))
            return go(request, "store_settings", store.pk)
        store.status_map = meanings.status_map()
        store.save(update_fields=["status_map"])
        record_store(request, "store.statuses_changed", store)
    messages.success(request, _("Saved."))
    return go(request, "store_settings", store.pk)
