"""Agreeing on a platform's own page: sent there with a secret of this browser, and coming back."""

from __future__ import annotations

import base64
import hashlib
import secrets
from datetime import timedelta
from typing import Any, Final

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dashboard.doorbell import set_up_stores
from dashboard.shell import address, page
from lib.signing import new_token, same
from merchants.access import MerchantRequest, may, record
from merchants.models import Membership, Merchant, Role
from merchants.scope import merchant_scope
from stores import handshakes, registry
from stores.base import Store, Way
from stores.connect import CannotConnect, connect_api, renew_access
from stores.models import StoreConnection
from stores.our_apps import app_of
from stores.setting_up import grant_credentials
from stores.shop import Grant

#: What this browser was sent away with, in its session.
_KEY: Final = "shop_consent"
_GOOD_FOR: Final = timedelta(hours=1)


def begin_consent(
    request: MerchantRequest,
    store: Store,
    way: Way,
    *,
    shop: str,
    name: str,
    known: StoreConnection | None,
) -> HttpResponseBase:
    """The page with the link to the platform: forms of ours may post to nobody else."""
    now = timezone.now()
    verifier = new_token(48)
    state = (
        handshakes.begin(
            merchant=request.merchant, platform=store.slug, shop=shop, name=name, now=now,
            connection=known,
        )
        if way == "handshake"
        else _new_state()
    )  # fmt: skip
    request.session[_KEY] = {
        "state": state,
        "way": way,
        "platform": store.slug,
        "merchant": request.merchant.pk,
        "shop": shop,
        "name": name,
        "store": known.pk if known else None,
        "verifier": verifier,
        "until": (now + _GOOD_FOR).timestamp(),
    }
    url = store.consent_url(
        app_of(store.slug),
        name=shop,
        state=state,
        back=_back(store.slug),
        challenge=_s256(verifier),
    )
    context = {
        "crumbs": [{"label": _("Stores"), "url": address(request, "stores")}],
        "title": _("Agree at %(platform)s") % {"platform": store.name},
        "sentence": _("You may have to log in there. Then you come back here by yourself."),
        "continue_url": url,
        "host": shop or url.split("/")[2],
        "scopes": store.scopes,
    }
    return page(request, "shops/consent.html", context, current="stores")


@require_safe
def come_back(request: Any, platform: str) -> HttpResponseBase:
    """From the platform's page, with a grant; whose it is only the session says.

    The address is the same for all merchants, because platforms want it fixed.
    """
    waiting = request.session.pop(_KEY, None)
    store = registry.STORES.get(platform)
    if store is None or waiting is None or waiting["platform"] != platform:
        return redirect("dashboard:entry")
    merchant = _merchant_of(request, waiting["merchant"])
    if merchant is None:
        return redirect("dashboard:entry")
    if waiting["way"] == "handshake":
        return _after_handshake(request, merchant, store)
    params = {name: str(value) for name, value in request.GET.items()}
    problem = _problem(store, params, waiting)
    if problem:
        messages.error(request, problem)
        return redirect(reverse("dashboard:store_connect", args=[merchant.slug, platform]))
    return _take(request, merchant, store, waiting, params)


def _take(
    request: Any, merchant: Merchant, store: Store, waiting: dict[str, Any], params: dict[str, str]
) -> HttpResponse:
    """Write the grant down; a worker exchanges it."""
    grant = Grant(params, back=_back(store.slug), verifier=waiting["verifier"])
    credentials, now = grant_credentials(grant), timezone.now()
    with merchant_scope(merchant.pk):
        known = StoreConnection.objects.filter(pk=waiting["store"], is_active=True).first()
        try:
            if known is not None:
                renew_access(connection=known, credentials=credentials, now=now)
            connection = known or connect_api(
                merchant=merchant, platform=store.slug, name=waiting["name"],
                shop=waiting["shop"], credentials=credentials, now=now,
            )  # fmt: skip
        except CannotConnect as problem:
            messages.error(request, str(problem))
            return redirect(reverse("dashboard:store_connect", args=[merchant.slug, store.slug]))
        record(
            merchant=merchant, user=request.user, action="store.connected", subject=connection.name
        )
        set_up_stores()
    messages.success(request, _("We are asking the shop now. This page shows how far it is."))
    return redirect(reverse("dashboard:store", args=[merchant.slug, connection.pk]))


def _after_handshake(request: Any, merchant: Merchant, store: Store) -> HttpResponse:
    """The shop's server posts the keys by itself, often before its owner is back."""
    with merchant_scope(merchant.pk):
        newest = StoreConnection.objects.filter(platform=store.slug, is_active=True)
        connection = newest.exclude(api_state="none").order_by("-pk").first()
    if request.GET.get("success", "1") != "1":
        messages.error(request, _("The shop was not connected: nobody agreed there."))
        return redirect(reverse("dashboard:store_connect", args=[merchant.slug, store.slug]))
    if connection is None:
        messages.success(request, _("The shop appears here as soon as its server has answered."))
        return redirect(reverse("dashboard:stores", args=[merchant.slug]))
    with merchant_scope(merchant.pk):
        record(
            merchant=merchant, user=request.user, action="store.connected", subject=connection.name
        )
        set_up_stores()
    return redirect(reverse("dashboard:store", args=[merchant.slug, connection.pk]))


def _merchant_of(request: Any, merchant_id: int) -> Merchant | None:
    """The merchant that was left, if this user may still connect shops there."""
    if not request.user.is_authenticated:
        return None
    member = (
        Membership.objects.select_related("merchant")
        .filter(user=request.user, merchant_id=merchant_id, accepted_at__isnull=False)
        .first()
    )
    return member.merchant if member and may(Role(member.role), Role.ADMIN) else None


def _problem(store: Store, params: dict[str, str], waiting: dict[str, Any]) -> str:
    """Why this grant is not taken, in words; empty when it is."""
    # A platform that sends no state back is held to the shop that was typed before (`is_grant`).
    if store.returns_state and not same(params.get("state", ""), waiting["state"]):
        return _("This did not come from the page you left. Please begin again.")
    if timezone.now().timestamp() > waiting["until"]:
        return _("That took more than an hour. Please begin again.")
    if params.get("error"):
        return _("The shop was not connected: nobody agreed there.")
    if not store.is_grant(app_of(store.slug), params, name=waiting["shop"]):
        return _("The platform’s signature is wrong. Please begin again.")
    return ""


def _back(platform: str) -> str:
    return settings.BASE_URL + reverse("dashboard:store_back", args=[platform])


def _new_state() -> str:
    """Digits and small letters: Salla drops hyphens."""
    return secrets.token_hex(24)


def _s256(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
