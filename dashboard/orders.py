"""Orders: the list, the search, and adding a parcel."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from carriers import registry
from dashboard import order_list
from dashboard.attention import Waiting, count_orders
from dashboard.clock import Clock, clock_for, wants_part
from dashboard.doorbell import ask_carriers
from dashboard.forms import ParcelForm
from dashboard.order_list import VIEWS, Filters
from dashboard.parcels.adding import sandbox_action
from dashboard.shell import address, go, page
from helpdesk.search import find_orders
from lib.vocabulary import Status
from lib.words import DESK_LABELS
from merchants.access import MerchantRequest, may, member_view, record
from merchants.models import Role
from tracking.models import Order
from tracking.parcels import add_parcel

_COUNTED: Final = ("needs", "late", "likely", "stalled", "attempts")


@require_safe
@member_view(Role.VIEWER)
def orders(request: MerchantRequest) -> HttpResponseBase:
    """The list, filtered by the address."""
    filters = Filters.from_query(_flat(request.GET))
    found = order_list.page_of(
        order_list.matching(filters),
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    clock, base = clock_for(request.merchant), address(request, "orders")
    context = _table(request, found.rows, clock) | {
        "empty": _empty(filters),
        "empty_action": _connect(request) if not filters.items() else None,
        "prev_url": _with(base, filters, before=found.newer) if found.newer else "",
        "next_url": _with(base, filters, after=found.older) if found.older else "",
        "summary": ngettext(
            "%(n)s order on this page", "%(n)s orders on this page", len(found.rows)
        ) % {"n": len(found.rows)},
    }  # fmt: skip
    return _answer(request, context, filters, value="")


@require_http_methods(["GET", "POST"])
@member_view(Role.VIEWER)
def search(request: MerchantRequest) -> HttpResponseBase:
    """Orders that hold this fragment; posted, so that no address holds personal data.

    Whoever reloads a search with GET finds the list.
    """
    if request.method == "GET":
        return go(request, "orders")
    query = str(request.POST.get("q", "")).replace("\x00", "").strip()[:200]
    if not query:
        shown = order_list.page_of(order_list.matching(Filters()))
        rows = list(shown.rows)
        older = _with(address(request, "orders"), Filters(), after=shown.older)
        context: dict[str, Any] = {
            "next_url": older if shown.older else "",
            "empty_action": _connect(request),
        }
    else:
        rows = order_list.by_ids(find_orders(query, limit=order_list.SEARCHED))
        context = {"next_url": "", "empty_action": None}
    summary = ngettext("%(n)s order found", "%(n)s orders found", len(rows)) % {"n": len(rows)}
    context |= _table(request, rows, clock_for(request.merchant)) | {
        "empty": _("No order holds this. Try a part of the name, number, phone or e-mail."),
        "prev_url": "",
        "summary": summary if query else "",
    }
    return _answer(request, context, Filters(), value=query)


@require_POST
@member_view(Role.AGENT)
def parcel_add(request: MerchantRequest, order_id: int) -> HttpResponseBase:
    """Follow one more parcel of an order."""
    order = get_object_or_404(Order, pk=order_id)
    form = ParcelForm(request.POST)
    if not form.is_valid():
        problem = next(iter(form.errors.values()))[0]
        messages.error(request, _("The parcel was not added: %(why)s") % {"why": problem})
        return go(request, "order", order.pk)
    parcel, is_new = add_parcel(
        order=order,
        carrier=form.cleaned_data["carrier"],
        tracking_number=form.cleaned_data["tracking_number"],
        now=timezone.now(),
    )
    name = registry.name_of(parcel.carrier, language=get_language() or "en")
    words = {"number": parcel.tracking_number, "carrier": name}
    if is_new:
        ask_carriers()
        record(
            merchant=request.merchant, user=request.user, action="parcel.added",
            subject=f"{order.number} · {parcel.tracking_number}", carrier=parcel.carrier,
        )  # fmt: skip
        messages.success(request, _("%(number)s is followed now, with %(carrier)s.") % words)
    else:
        messages.info(request, _("%(number)s was followed already.") % words)
    return go(request, "order", order.pk)


def _answer(
    request: MerchantRequest, context: dict[str, Any], filters: Filters, *, value: str
) -> HttpResponseBase:
    if wants_part(request):
        return TemplateResponse(request, "dashboard/_orders_table.html", context)
    waiting = count_orders()
    context |= {
        "sentence": _sentence(waiting),
        "action": _add(request) if may(request.role, Role.AGENT) else None,
        "sandbox": sandbox_action(request),
        "views": _views(request, filters, waiting, searching=bool(value)),
        "search": {"action": address(request, "order_search"), "value": value},
        "filters": _filters(filters),
        "filters_action": address(request, "orders"),
        "filters_keep": [{"name": "view", "value": filters.view}] if filters.view else [],
        "clear_url": address(request, "orders") if filters.status or filters.carrier else "",
    }
    return page(request, "orders.html", context, current="orders")


def _table(request: MerchantRequest, rows: Any, clock: Clock) -> dict[str, Any]:
    home = request.merchant.country
    return {
        "orders": [
            order_list.row(order, clock, address(request, "order", order.pk), home=home)
            for order in rows
        ]
    }


def _sentence(waiting: Waiting) -> str:
    moving = ngettext(
        "%(n)s order on its way", "%(n)s orders on their way", waiting.on_the_way
    ) % {"n": waiting.on_the_way}  # fmt: skip
    if not waiting.needs:
        return moving
    needs = ngettext("%(n)s needs you", "%(n)s need you", waiting.needs) % {"n": waiting.needs}
    return _("%(first)s, %(second)s") % {"first": moving, "second": needs}


def _views(
    request: MerchantRequest, filters: Filters, waiting: Waiting, *, searching: bool
) -> list[dict[str, Any]]:
    """The tabs; a view without a tab of its own gets one while it is shown."""
    base = address(request, "orders")
    return [
        {
            "label": label,
            "url": _with(base, Filters(view=name)),
            "current": not searching and filters.view == name,
            "count": getattr(waiting, name) if name in _COUNTED else None,
        }
        for name, (label, always) in VIEWS.items()
        if always or filters.view == name
    ]


def _filters(filters: Filters) -> list[dict[str, Any]]:
    carriers = sorted((one.slug, registry.name_of(one.slug)) for one in registry.CARRIERS.values())
    return [
        {
            "name": "status",
            "label": _("Status"),
            "value": filters.status,
            "blank": _("Any status"),
            "options": [{"value": str(s), "label": DESK_LABELS[s]} for s in Status],
        },
        {
            "name": "carrier",
            "label": _("Carrier"),
            "value": filters.carrier,
            "blank": _("Any carrier"),
            "options": [{"value": slug, "label": name} for slug, name in carriers],
        },
    ]


def _with(base: str, filters: Filters, **more: str) -> str:
    query = urlencode(filters.items() + list(more.items()))
    return f"{base}?{query}" if query else base


def _empty(filters: Filters) -> str:
    if filters.items():
        return _("No order here.")
    return _("No orders yet. They appear here as soon as a shop is connected.")


def _add(request: MerchantRequest) -> dict[str, str]:
    return {"label": _("Add a parcel"), "url": address(request, "parcel_new"), "icon": "plus"}


def _connect(request: MerchantRequest) -> dict[str, str]:
    return {"label": _("Connect a shop"), "url": address(request, "stores")}


def _flat(query: QueryDict) -> dict[str, str]:
    return {name: str(query[name]) for name in query}
