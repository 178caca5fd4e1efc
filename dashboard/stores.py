"""Stores: connections with their health, connecting one, and what it sent."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dashboard.clock import clock_for
from dashboard.connections import (
    OUTCOMES,
    delivery_row,
    readable,
    store_rows,
    store_state,
    stores_sentence,
)
from dashboard.form_fields import components, general_error
from dashboard.forms import SecretForm, StoreForm
from dashboard.shell import address, go, page
from dashboard.store_steps import steps_for
from inbox.models import Delivery, Outcome
from inbox.work import replay
from merchants.access import MerchantRequest, may, member_view, record
from merchants.models import Role
from stores import registry
from stores.connect import (
    CannotConnect,
    connect_store,
    disconnect_store,
    hook_path_of,
    rotate_secret,
)
from stores.models import StoreConnection


@require_safe
@member_view(Role.VIEWER)
def stores(request: MerchantRequest) -> HttpResponseBase:
    """All connections, and the webhooks that could not be worked on."""
    clock = clock_for(request.merchant)
    found = list(StoreConnection.objects.order_by("-is_active", "name", "pk"))
    rows = store_rows(request, found, clock)
    names = {one.pk: one.name for one in found}
    failed = Delivery.objects.filter(kind="store", outcome=Outcome.FAILED).defer("headers")
    connect = {
        "label": _("Connect a shop"),
        "url": address(request, "store_choose"),
        "icon": "plus",
    }
    context = {
        "sentence": stores_sentence(rows),
        "action": connect if may(request.role, Role.ADMIN) else None,
        "connections": rows,
        "last_word": _("Last received"),
        "failures": [
            {
                "name": names.get(one.connection_id or 0, one.slug),
                "what": one.problem or _("It could not be worked on."),
                "code": one.topic or one.slug,
                "next": _("Open the store to replay it."),
                "body": readable(bytes(one.body)),
                **clock.pair(one.received_at),
            }
            for one in failed.order_by("-received_at", "-pk")[:12]
        ],
        "empty": _("Orders appear here as soon as a shop is connected."),
        "empty_action": None,
    }
    return page(request, "stores.html", context, current="stores")


@require_safe
@member_view(Role.ADMIN)
def choose(request: MerchantRequest) -> HttpResponseBase:
    """Which platform?"""
    context = {
        "title": _("Connect a shop"),
        "sentence": _("Orders then arrive by themselves, a second after they are placed."),
        "crumbs": [{"label": _("Stores"), "url": address(request, "stores")}],
        "options": [
            {"name": one.name, "url": address(request, "store_connect", one.slug), "detail": ""}
            for one in sorted(registry.STORES.values(), key=lambda one: one.name)
        ],
    }
    return page(request, "connect_choose.html", context, current="stores")


@require_http_methods(["GET", "POST"])
@member_view(Role.ADMIN)
def connect(request: MerchantRequest, platform: str) -> HttpResponseBase:
    """A shop's name, address and secret; the hook address comes next."""
    adapter = registry.STORES.get(platform)
    if adapter is None:
        raise Http404
    form = StoreForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            store = connect_store(
                merchant=request.merchant,
                platform=platform,
                name=typed["store_name"],
                secret=typed["secret"],
                external_id=typed["shop"],
            )
        except CannotConnect as problem:
            form.add_error(None, str(problem))
        else:
            _record(request, "store.connected", store)
            messages.success(request, _("Connected. Now add the webhooks in the shop."))
            return go(request, "store", store.pk)
    context = {
        "crumbs": [{"label": _("Stores"), "url": address(request, "stores")}],
        "title": adapter.name,
        "sentence": _("The secret is stored encrypted and never shown again."),
        "fields": components(form),
        "form_error": general_error(form),
        "submit": _("Connect"),
        "steps": steps_for(platform),
        "documentation": adapter.documentation,
    }
    return page(
        request, "form.html", context, current="stores", status=400 if form.is_bound else 200
    )


@require_safe
@member_view(Role.VIEWER)
def store(request: MerchantRequest, store_id: int) -> HttpResponseBase:
    """One connection: its address, its health, what it sent last."""
    found = get_object_or_404(StoreConnection, pk=store_id)
    clock = clock_for(request.merchant)
    adapter = registry.STORES.get(found.platform)
    mine = Delivery.objects.filter(kind="store", slug=found.platform, connection_id=found.pk)
    counts = dict(mine.values_list("outcome").annotate(n=Count("pk")).order_by())
    state, sentence = store_state(found, counts.get(Outcome.FAILED, 0), clock)
    path = hook_path_of(found) if may(request.role, Role.ADMIN) else ""
    recent = mine.defer("body", "headers").order_by("-received_at", "-pk")[:30]
    facts = [
        {"label": _("Last received"), "iso": clock.iso(found.last_received_at),
         "value": clock.spoken(found.last_received_at) or _("Nothing yet")},
        {"label": _("Refused"), "value": str(found.rejected),
         "why": _("Requests whose signature was wrong.") if found.rejected else ""},
        {"label": _("Last problem"), "value": clock.spoken(found.last_problem_at) or _("None"),
         "iso": clock.iso(found.last_problem_at), "why": found.last_problem},
        {"label": _("Connected"), "value": clock.spoken(found.created_at)},
        {"label": _("Secret"), "value": _("Stored encrypted") if found.secrets else _("None")},
    ]  # fmt: skip
    context: dict[str, Any] = {
        "crumbs": [{"label": _("Stores"), "url": address(request, "stores")}],
        "title": found.name,
        "kind": adapter.name if adapter else found.platform,
        "shop": found.external_id,
        "state": state,
        "sentence": sentence,
        "is_active": found.is_active,
        "hook_url": settings.BASE_URL + path if path else "",
        "topics": adapter.topics if adapter else (),
        "steps": steps_for(found.platform) if state == "unknown" else (),
        "facts": facts,
        "deliveries": [delivery_row(request, one, clock, store_id=found.pk) for one in recent],
        "fields": components(SecretForm()),
        "secret_url": address(request, "store_secret", found.pk),
        "disconnect_url": address(request, "store_disconnect", found.pk),
    }
    return page(request, "store.html", context, current="stores")


@require_POST
@member_view(Role.ADMIN)
def secret(request: MerchantRequest, store_id: int) -> HttpResponseBase:
    """Take a new secret; the old one keeps verifying until the next change."""
    found = get_object_or_404(StoreConnection, pk=store_id, is_active=True)
    form = SecretForm(request.POST)
    if form.is_valid():
        rotate_secret(connection=found, secret=form.cleaned_data["secret"])
        _record(request, "store.secret_changed", found)
        messages.success(request, _("Saved. The old secret stays valid until the next change."))
    else:
        messages.error(request, _("Enter the new secret."))
    return go(request, "store", found.pk)


@require_http_methods(["GET", "POST"])
@member_view(Role.ADMIN)
def disconnect(request: MerchantRequest, store_id: int) -> HttpResponseBase:
    """Asks first; then closes the address and forgets the secret. Orders stay."""
    found = get_object_or_404(StoreConnection, pk=store_id, is_active=True)
    if request.method == "POST":
        disconnect_store(connection=found, now=timezone.now())
        _record(request, "store.disconnected", found)
        messages.success(request, _("%(name)s is disconnected.") % {"name": found.name})
        return go(request, "stores")
    context = {
        "crumbs": [{"label": found.name, "url": address(request, "store", found.pk)}],
        "title": _("Disconnect %(name)s?") % {"name": found.name},
        "sentence": _("Its webhooks are refused from now on. Orders and parcels stay."),
        "confirm": _("Disconnect it"),
        "confirm_url": address(request, "store_disconnect", found.pk),
        "keep_url": address(request, "store", found.pk),
    }
    return page(request, "confirm.html", context, current="stores")


@require_safe
@member_view(Role.VIEWER)
def delivery(request: MerchantRequest, store_id: int, delivery_id: int) -> HttpResponseBase:
    """One webhook as it came: headers and raw body, and what became of it."""
    found = get_object_or_404(StoreConnection, pk=store_id)
    one = get_object_or_404(
        Delivery, pk=delivery_id, kind="store", slug=found.platform, connection_id=found.pk
    )
    clock = clock_for(request.merchant)
    tone, icon, word = OUTCOMES[one.outcome]
    context = {
        "crumbs": [
            {"label": _("Stores"), "url": address(request, "stores")},
            {"label": found.name, "url": address(request, "store", found.pk)},
        ],
        "title": one.topic or _("Webhook"),
        "sentence": one.problem,
        "tone": tone,
        "icon": icon,
        "state": word,
        "facts": [
            {"label": _("Received"), "value": clock.spoken(one.received_at),
             "iso": clock.iso(one.received_at)},
            {"label": _("Finished"), "value": clock.spoken(one.finished_at) or _("Not yet"),
             "iso": clock.iso(one.finished_at)},
            {"label": _("Attempts"), "value": str(one.attempts)},
            {"label": _("Its own id"), "value": one.unique_key, "mono": True},
        ],
        "headers": "\n".join(f"{name}: {value}" for name, value in sorted(one.headers.items())),
        "body": readable(bytes(one.body)),
        "may_replay": one.outcome == Outcome.FAILED and bool(one.body),
        "replay_url": address(request, "delivery_replay", found.pk, one.pk),
    }  # fmt: skip
    return page(request, "delivery.html", context, current="stores")


@require_POST
@member_view(Role.ADMIN)
def delivery_replay(
    request: MerchantRequest, store_id: int, delivery_id: int
) -> HttpResponseBase:  # fmt: skip
    """Work on a failed webhook again, from its stored bytes."""
    found = get_object_or_404(StoreConnection, pk=store_id)
    one = get_object_or_404(
        Delivery.objects.only("pk", "topic"),
        pk=delivery_id, kind="store", slug=found.platform, connection_id=found.pk,
    )  # fmt: skip
    if replay(one.pk, now=timezone.now()):
        record(
            merchant=request.merchant, user=request.user, action="delivery.replayed",
            subject=f"{found.name} · {one.topic}",
        )  # fmt: skip
        messages.success(request, _("It is worked on again within seconds."))
    else:
        messages.error(request, _("It cannot be replayed: it is waiting, or its body was erased."))
    return go(request, "delivery", found.pk, one.pk)


def _record(request: MerchantRequest, action: str, store: StoreConnection) -> None:
    record(merchant=request.merchant, user=request.user, action=action, subject=store.name)
