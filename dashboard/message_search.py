"""Messages of one order, or to one address: asked by POST, so that neither is in an address."""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dashboard.message_filters import Wanted
from dashboard.message_log import PAGE, log_page
from dashboard.shell import go
from lib.folding import number_key
from lib.phones import e164
from merchants.access import MerchantRequest, member_view
from merchants.models import Role
from notifications.channels.registry import CHANNELS
from notifications.models import Message
from tracking.models import Order

_LONGEST: Final = 254


@require_POST
@member_view(Role.VIEWER)
def message_search(request: MerchantRequest) -> HttpResponseBase:
    """By an order's number, or an e-mail address or phone number in full."""
    sought = request.POST.get("q", "").strip()[:_LONGEST]
    if not sought:
        messages.info(request, _("Type an order’s number, or an address in full."))
        return go(request, "messages")
    return log_page(request, Wanted(), to=_found(request, sought), sought=sought)


def _found(request: MerchantRequest, sought: str) -> list[int]:
    """Ids of the newest; each half is one plain comparison along an index."""
    orders = Order.objects.filter(number_key=number_key(sought)).values_list("pk", flat=True)
    of_order = Message.objects.filter(order_id__in=list(orders[:PAGE]))
    number = e164(sought, country=request.merchant.country)
    places = {sought, sought.lower(), number} - {""}
    to_place = Message.objects.filter(channel__in=list(CHANNELS), to__in=places)
    ids = {
        *of_order.order_by("-pk").values_list("pk", flat=True)[:PAGE],
        *to_place.order_by("-pk").values_list("pk", flat=True)[:PAGE],
    }
    return sorted(ids, reverse=True)[:PAGE]
