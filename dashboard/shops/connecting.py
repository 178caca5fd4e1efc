"""Connecting a shop: which platform, which way, and what is typed for it.

Nothing here speaks with the shop: the connection is written down, and a worker sets it up while
the shop's page shows how far it is.
"""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from dashboard.doorbell import set_up_stores
from dashboard.form_fields import components, general_error
from dashboard.forms import StoreForm
from dashboard.shell import address, go, page
from dashboard.shops.consent import begin_consent
from dashboard.shops.forms import ConnectForm
from dashboard.store_steps import steps_for
from lib.signing import new_webhook_secret
from merchants.access import MerchantRequest, member_view, record
from merchants.models import Role
from stores import handshakes, registry
from stores.base import Store, Way
from stores.connect import CannotConnect, connect_api, connect_store, renew_access
from stores.models import StoreConnection
from stores.our_apps import ways_of

#: What the way is called on the button that begins it, and where it is offered beside another.
_VERBS: Final[dict[Way, Promise]] = {
    "oauth": gettext_lazy("Go on to agree"),
    "handshake": gettext_lazy("Go on to agree"),
    "install": gettext_lazy("Show me the code"),
    "keys": gettext_lazy("Connect"),
    "by_hand": gettext_lazy("Connect"),
}
_INSTEAD: Final[dict[Way, Promise]] = {
    "oauth": gettext_lazy("Agree on the platform’s own page"),
    "handshake": gettext_lazy("Agree on the shop’s own page"),
    "install": gettext_lazy("Install our app there"),
    "keys": gettext_lazy("Type keys instead"),
    "by_hand": gettext_lazy("Only webhooks, added by hand"),
}
_UNPROVEN: Final = gettext_lazy("Built from documents, not tried with a real shop yet")


@require_safe
@member_view(Role.ADMIN)
def choose(request: MerchantRequest) -> HttpResponseBase:
    """Which platform? With what is connected already, and the ways that need no shop."""
    connected: dict[str, int] = {}
    for platform in StoreConnection.objects.filter(is_active=True).values_list(
        "platform", flat=True
    ):
        connected[platform] = connected.get(platform, 0) + 1
    offered = sorted(registry.STORES.values(), key=lambda one: one.name.casefold())
    options = {
        kind: [_option(request, one, connected) for one in offered if one.kind == kind]
        for kind in ("shop", "fulfilment")
    }
    context = {
        "title": _("Connect a shop"),
        "sentence": _("Orders then arrive by themselves, a second after they are placed."),
        "crumbs": [{"label": _("Stores"), "url": address(request, "stores")}],
        "shops": options["shop"],
        "partners": options["fulfilment"],
        "imports_url": address(request, "imports"),
    }
    return page(request, "shops/choose.html", context, current="stores")


def _option(request: MerchantRequest, store: Store, connected: dict[str, int]) -> dict[str, Any]:
    count = connected.get(store.slug, 0)
    detail = str(_UNPROVEN) if store.proven == "unproven" else ""
    if count:
        detail = ngettext("%(n)s connected", "%(n)s connected", count) % {"n": count}
    return {
        "name": store.name,
        "url": address(request, "store_connect", store.slug),
        "detail": detail,
    }


@require_http_methods(["GET", "POST"])
@member_view(Role.ADMIN)
def connect(request: MerchantRequest, platform: str) -> HttpResponseBase:
    """A new shop, by the way that is chosen or the first one that is open."""
    store = registry.STORES.get(platform)
    if store is None:
        raise Http404
    return _connect(request, store, known=None)


@require_http_methods(["GET", "POST"])
@member_view(Role.ADMIN)
def connect_again(request: MerchantRequest, store_id: int) -> HttpResponseBase:
    """New access for a shop that refuses the old one; its orders stay what they are."""
    known = get_object_or_404(StoreConnection, pk=store_id, is_active=True)
    store = registry.STORES.get(known.platform)
    if store is None or not store.has_api:
        raise Http404
    return _connect(request, store, known=known)


def _connect(
    request: MerchantRequest, store: Store, *, known: StoreConnection | None
) -> HttpResponseBase:
    ways = [way for way in ways_of(store.slug) if not (known and way == "by_hand")]
    asked = request.GET.get("way", "")
    way = next((one for one in ways if one == asked), ways[0] if ways else None)
    if way is None:
        return _closed(request, store)
    if way == "by_hand":
        return _by_hand(request, store, ways)
    posted = request.POST if request.method == "POST" else None
    form = ConnectForm(store, way, posted, is_again=known is not None)
    if request.method == "POST" and form.is_valid():
        try:
            return _begin(request, store, way, form, known)
        except CannotConnect as problem:
            form.add_error(None, str(problem))
    return _form_page(request, store, way, ways, form, known=known)


def _begin(
    request: MerchantRequest,
    store: Store,
    way: Way,
    form: ConnectForm,
    known: StoreConnection | None,
) -> HttpResponseBase:
    """Do what the button says."""
    shop = known.external_id if known else form.cleaned_data.get("shop", "")
    name = known.name if known else form.cleaned_data.get("store_name", "")
    if way in {"oauth", "handshake"}:
        return begin_consent(request, store, way, shop=shop, name=name, known=known)
    if way == "install":
        return _show_code(request, store, name=name, known=known)
    now = timezone.now()
    kept = known.credentials if known else {}
    made = {
        one.name: new_webhook_secret()
        for one in store.secrets
        if one.made_by_us and one.name not in kept
    }
    credentials = form.secrets() | made
    if known is not None:
        renew_access(connection=known, credentials=credentials, now=now)
        connection = known
    else:
        connection = connect_api(
            merchant=request.merchant, platform=store.slug, name=name, shop=shop,
            credentials=credentials, now=now,
        )  # fmt: skip
    for secret in made.values():
        words = _("Signing secret, shown only now: %(secret)s") % {"secret": secret}
        messages.warning(request, words)
    return connected(request, connection)


def connected(request: MerchantRequest, connection: StoreConnection) -> HttpResponse:
    """The shop is written down: its page shows the rest as it happens."""
    record_store(request, "store.connected", connection)
    set_up_stores()
    messages.success(request, _("We are asking the shop now. This page shows how far it is."))
    return go(request, "store", connection.pk)


def _by_hand(request: MerchantRequest, store: Store, ways: list[Way]) -> HttpResponseBase:
    """A shop's name, address and secret; the hook address comes next."""
    form = StoreForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            connection = connect_store(
                merchant=request.merchant, platform=store.slug, name=typed["store_name"],
                secret=typed["secret"], external_id=typed["shop"],
            )  # fmt: skip
        except CannotConnect as problem:
            form.add_error(None, str(problem))
        else:
            record_store(request, "store.connected", connection)
            messages.success(request, _("Connected. Now add the webhooks in the shop."))
            return go(request, "store", connection.pk)
    return _form_page(request, store, "by_hand", ways, form, known=None)


def _form_page(
    request: MerchantRequest,
    store: Store,
    way: Way,
    ways: list[Way],
    form: Any,
    *,
    known: StoreConnection | None,
) -> HttpResponseBase:
    base = (
        address(request, "store_again", known.pk)
        if known
        else address(request, "store_connect", store.slug)
    )
    crumbs = [{"label": _("Stores"), "url": address(request, "stores")}]
    if known is not None:
        crumbs.append({"label": known.name, "url": address(request, "store", known.pk)})
    context = {
        "crumbs": crumbs,
        "title": store.name,
        "sentence": _sentence(way),
        "unproven": _UNPROVEN if store.proven == "unproven" else "",
        "fields": components(form),
        "form_error": general_error(form),
        "submit": _VERBS[way],
        "steps": steps_for(store.slug, way),
        "documentation": store.documentation,
        "others": [
            {"label": _INSTEAD[other], "url": f"{base}?way={other}"}
            for other in ways
            if other != way
        ],
    }
    status = 400 if form.is_bound else 200
    return page(request, "shops/connect.html", context, current="stores", status=status)


def _sentence(way: Way) -> str:
    if way in {"oauth", "handshake"}:
        return _("You agree on the shop’s own page and come back here. Nothing is typed twice.")
    if way == "install":
        return _("You install our app in the shop and paste one code there.")
    return _("What is secret is stored encrypted and never shown again.")


def _show_code(
    request: MerchantRequest, store: Store, *, name: str, known: StoreConnection | None
) -> HttpResponseBase:
    """The code that says at the platform which of our merchants installs the app."""
    code = handshakes.begin(
        merchant=request.merchant, platform=store.slug, shop="", name=name,
        now=timezone.now(), connection=known,
    )  # fmt: skip
    context = {
        "crumbs": [{"label": _("Stores"), "url": address(request, "stores")}],
        "title": store.name,
        "sentence": _("The code is good for one hour and for one shop."),
        "code": code,
        "steps": steps_for(store.slug, "install"),
        "stores_url": address(request, "stores"),
    }
    return page(request, "shops/code.html", context, current="stores")


def _closed(request: MerchantRequest, store: Store) -> HttpResponseBase:
    """The platform takes only apps that its partners registered, and there is none here."""
    context = {
        "crumbs": [{"label": _("Stores"), "url": address(request, "stores")}],
        "title": store.name,
        "sentence": _("Whoever runs Homeward has not registered an app at this platform yet."),
        "fields": [],
        "others": [],
        "steps": [],
        "documentation": store.documentation,
    }
    return page(request, "shops/connect.html", context, current="stores")


def record_store(request: MerchantRequest, action: str, store: StoreConnection) -> None:
    """A line in the shop's log."""
    record(merchant=request.merchant, user=request.user, action=action, subject=store.name)
