"""One shop: is it well, how far behind are we, what came, what went back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from django.conf import settings
from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from dashboard.clock import clock_for, wants_part
from dashboard.connections import delivery_row, store_state
from dashboard.doorbell import ask_stores
from dashboard.form_fields import components
from dashboard.forms import SecretForm
from dashboard.shell import address, go, page
from dashboard.shops.connecting import record_store
from dashboard.shops.facts import (
    failure_rows,
    hook_rows,
    progress,
    shop_facts,
    write_rows,
)
from dashboard.store_steps import steps_for
from inbox.models import Delivery, Outcome
from merchants.access import MerchantRequest, may, member_view
from merchants.models import Role
from stores import registry
from stores.base import Store
from stores.connect import hook_path_of
from stores.models import ApiState, Pull, StoreConnection
from stores.pulling import begin_backfill

#: How far back a merchant may ask for orders, in months.
OLDER: Final = (6, 12, 24)


@require_safe
@member_view(Role.VIEWER)
def store(request: MerchantRequest, store_id: int) -> HttpResponseBase:
    """One connection: what needs somebody, its health, what it sent last."""
    found = get_object_or_404(StoreConnection, pk=store_id)
    clock = clock_for(request.merchant)
    adapter = registry.STORES.get(found.platform)
    mine = Delivery.objects.filter(kind="store", slug=found.platform, connection_id=found.pk)
    counts = dict(mine.values_list("outcome").annotate(n=Count("pk")).order_by())
    state, sentence = store_state(found, counts.get(Outcome.FAILED, 0), clock)
    by_hand = found.api_state == ApiState.NONE
    adds_hooks = by_hand or (adapter is not None and _adds_hooks(adapter))
    recent = mine.defer("body", "headers").order_by("-received_at", "-pk")[:30]
    may_change = may(request.role, Role.ADMIN)
    context: dict[str, Any] = {
        "crumbs": [{"label": _("Stores"), "url": address(request, "stores")}],
        "title": found.name,
        "kind": adapter.name if adapter else found.platform,
        # An address reads from the left also within Arabic: "host/folder" would turn around.
        "shop": f"\u2066{found.external_id}\u2069" if found.external_id else "",
        "state": state,
        "sentence": sentence,
        "is_active": found.is_active,
        "progress": progress(found, clock),
        "self_url": address(request, "store", found.pk),
        "again_url": _again_url(request, found) if may_change else "",
        "hook_url": _hook_url(found) if may_change and adds_hooks else "",
        "topics": adapter.topics if adapter else (),
        "steps": steps_for(found.platform, "by_hand") if found.last_received_at is None else (),
        "hooks": hook_rows(found, clock),
        "facts": shop_facts(found, clock),
        "deliveries": [delivery_row(request, one, clock, store_id=found.pk) for one in recent],
        "failures": failure_rows(found, clock),
        "writes": write_rows(request, found, clock),
        "fields": components(SecretForm()) if by_hand else [],
        "secret_url": address(request, "store_secret", found.pk),
        "disconnect_url": address(request, "store_disconnect", found.pk),
        "feed_url": address(request, "store_feed", found.pk),
        "settings_url": address(request, "store_settings", found.pk),
        "now_url": address(request, "store_now", found.pk),
        "older_url": address(request, "store_older", found.pk),
        "older": OLDER if adapter and adapter.has_api else (),
        "has_api": found.api_state == ApiState.WORKING,
    }
    if not wants_part(request):
        return page(request, "shops/shop.html", context, current="stores")
    part = page(request, "shops/_progress.html", context, current="stores")
    if context["progress"] is None:
        # The rest of the page speaks of the time before: its name, webhooks, facts.
        part.headers["HX-Refresh"] = "true"
    return part


def _adds_hooks(adapter: Store) -> bool:
    """Whether the shop's webhooks are added by hand also where we may ask it."""
    return bool(adapter.topics) and not adapter.makes_hooks


def _again_url(request: MerchantRequest, store: StoreConnection) -> str:
    is_refused = store.api_state == ApiState.REFUSED
    return address(request, "store_again", store.pk) if is_refused else ""


def _hook_url(store: StoreConnection) -> str:
    path = hook_path_of(store)
    return settings.BASE_URL + path if path else ""


@require_POST
@member_view(Role.ADMIN)
def look_now(request: MerchantRequest, store_id: int) -> HttpResponseBase:
    """Ask the shop what changed, out of turn."""
    found = get_object_or_404(StoreConnection, pk=store_id, is_active=True)
    if found.api_state != ApiState.WORKING:
        messages.error(request, _("We cannot ask this shop: it must be connected again."))
        return go(request, "store", found.pk)
    StoreConnection.objects.filter(pk=found.pk).update(
        next_sweep_at=timezone.now(), paused_until=None, hooks_checked_at=None
    )
    ask_stores()
    messages.success(request, _("We are asking the shop what changed."))
    return go(request, "store", found.pk)


@require_POST
@member_view(Role.ADMIN)
def older(request: MerchantRequest, store_id: int) -> HttpResponseBase:
    """Fetch orders from further back; what is known already stays as it is."""
    found = get_object_or_404(StoreConnection, pk=store_id, is_active=True)
    months = request.POST.get("months", "")
    if found.api_state != ApiState.WORKING or months not in {str(one) for one in OLDER}:
        messages.error(request, _("Choose how far back."))
        return go(request, "store", found.pk)
    running = Pull.objects.filter(store=found, kind=Pull.Kind.BACKFILL, state=Pull.State.RUNNING)
    if running.exists():
        messages.error(request, _("Orders are being fetched already."))
        return go(request, "store", found.pk)
    now = timezone.now()
    until = _oldest_fetched(found) or now
    since = now - timedelta(days=31 * int(months))
    if since >= until:
        messages.success(request, _("Everything since then is here already."))
        return go(request, "store", found.pk)
    begin_backfill(found, since=since, until=until, now=now)
    record_store(request, "store.older_orders", found)
    ask_stores()
    messages.success(request, _("Older orders are being fetched. Nobody is told about them."))
    return go(request, "store", found.pk)


def _oldest_fetched(store: StoreConnection) -> Any:
    """Where the history that we have begins."""
    done = Pull.objects.filter(store=store, kind=Pull.Kind.BACKFILL, state=Pull.State.DONE)
    return done.order_by("since").values_list("since", flat=True).first()
