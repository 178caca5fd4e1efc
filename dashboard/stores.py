"""Stores: connections with their health, connecting one, and what it sent."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dashboard.clock import clock_for
from dashboard.connections import OUTCOMES, readable, store_rows, stores_sentence
from dashboard.forms import SecretForm
from dashboard.shell import address, go, page
from dashboard.shops.connecting import record_store
from inbox.models import Delivery, Outcome
from inbox.work import replay
from merchants.access import MerchantRequest, may, member_view, record
from merchants.models import Role
from stores.connect import rotate_secret
from stores.leaving import begin_leaving
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


@require_POST
@member_view(Role.ADMIN)
def secret(request: MerchantRequest, store_id: int) -> HttpResponseBase:
    """Take a new secret; the old one keeps verifying until the next change."""
    found = get_object_or_404(StoreConnection, pk=store_id, is_active=True)
    form = SecretForm(request.POST)
    if form.is_valid():
        rotate_secret(connection=found, secret=form.cleaned_data["secret"])
        record_store(request, "store.secret_changed", found)
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
        begin_leaving(connection=found, now=timezone.now())
        record_store(request, "store.disconnected", found)
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
