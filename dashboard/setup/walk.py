"""Walking through the set-up: which step, skipped or left, and the end of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dashboard.setup import steps
from dashboard.setup.carrier_step import carrier
from dashboard.setup.frame import onward, setup_page
from dashboard.setup.look_step import look
from dashboard.setup.message_step import message
from dashboard.setup.shop_step import shop
from dashboard.setup.store_step import store
from dashboard.shell import address, go
from merchants.access import MerchantRequest, member_view
from merchants.founding import STEPS, end_setup, note_step
from merchants.models import Role
from tracking.links import link_for, page_path, pages_root
from tracking.models import Order, Recipient

_VIEWS: Final[dict[str, Callable[[MerchantRequest], HttpResponseBase]]] = {
    "shop": shop,
    "look": look,
    "carrier": carrier,
    "store": store,
    "message": message,
}


@require_safe
@member_view(Role.ADMIN)
def resume(request: MerchantRequest) -> HttpResponseBase:
    """To the first step that nobody did or skipped."""
    return go(request, "setup_step", steps.progress_of(request.merchant).open_step)


@require_http_methods(["GET", "POST"])
@member_view(Role.ADMIN)
def step(request: MerchantRequest, step: str) -> HttpResponseBase:
    """One step; all of them can be come back to."""
    if step not in _VIEWS:
        raise Http404
    return _VIEWS[step](request)


@require_POST
@member_view(Role.ADMIN)
def skip(request: MerchantRequest, step: str) -> HttpResponseBase:
    """Not now: the next step, and this one stays open. The last one leads to the end."""
    if step not in STEPS:
        raise Http404
    note_step(merchant=request.merchant, step=step, outcome="skipped")
    if not steps.after(step):
        return _to_end(request)
    return _see(onward(request, step))


@require_POST
@member_view(Role.ADMIN)
def end(request: MerchantRequest) -> HttpResponseBase:
    """Finished: nobody is asked any more, and what can be done now is shown."""
    return _to_end(request)


@require_POST
@member_view(Role.ADMIN)
def dismiss(request: MerchantRequest) -> HttpResponseBase:
    """Not finished, and not wanted either."""
    end_setup(merchant=request.merchant, now=timezone.now())
    words = _("The set-up is put away. Everything in it is on the pages of the dashboard too.")
    messages.info(request, words)
    return go(request, "home")


@require_safe
@member_view(Role.ADMIN)
def done(request: MerchantRequest) -> HttpResponseBase:
    """You are live: where everything is."""
    merchant = request.merchant
    newest = Order.objects.order_by("-pk").only("pk", "merchant_id", "number").first()
    context = {
        "page_url": pages_root(merchant),
        "parcel_url": _page_of(request, newest) if newest else "",
        "home_url": address(request, "home"),
        "desk_url": f"/desk/{merchant.slug}/",
        "keys_url": address(request, "keys"),
        "team_url": address(request, "team"),
        "messages_url": address(request, "messages"),
        "is_asked": merchant.sends_own_confirmations is None,
        "skip_url": "",
    }
    return setup_page(request, "", "done.html", context)


def _page_of(request: MerchantRequest, order: Order) -> str:
    buyer = Recipient.objects.filter(order=order, role=Recipient.Role.BUYER).first()
    return page_path(link_for(order=order, recipient=buyer), merchant=request.merchant)


def _to_end(request: MerchantRequest) -> HttpResponse:
    end_setup(merchant=request.merchant, now=timezone.now())
    return _see(address(request, "setup_done"))


def _see(url: str) -> HttpResponse:
    response = redirect(url)
    response.status_code = 303
    return response
