"""A member corrects the address of an order that is not on its way yet."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dashboard.addresses.fields import read_typed
from dashboard.order_page import order_answer
from dashboard.shell import go
from helpdesk.address_lines import score_lines
from lib.addresses.check import check
from merchants.access import MerchantRequest, member_view, record
from merchants.models import Role
from stores.address_answers import correct
from tracking.address_check import policy_of
from tracking.models import Order


@require_POST
@member_view(Role.AGENT)
def correct_address(request: MerchantRequest, order_id: int) -> HttpResponseBase:
    """Take the typed address; 400 for what cannot be kept."""
    order = get_object_or_404(Order, pk=order_id)
    parts, errors = read_typed(order, _posted(request))
    if errors:
        why = {"why": next(iter(errors.values()))}
        messages.error(request, _("Nothing was changed: %(why)s") % why)
        return order_answer(request, order, status=400, typed_address=(_posted(request), errors))
    if correct(order=order, parts=parts, by=request.user, now=timezone.now()):
        record(
            merchant=request.merchant, user=request.user, action="order.address_corrected",
            subject=order.number,
        )  # fmt: skip
        messages.success(request, _("The address is corrected."))
    else:
        messages.info(request, _("Nothing was changed."))
    return go(request, "order", order.pk)


@require_POST
@member_view(Role.AGENT)
def address_score(request: MerchantRequest, order_id: int) -> HttpResponseBase:
    """What the address lacks as it is typed by now; nothing is kept."""
    order = get_object_or_404(Order, pk=order_id)
    parts, _errors = read_typed(order, _posted(request))
    found = check(parts, own=policy_of().levels.get(order.country))
    lines = score_lines(found, order.country)
    return TemplateResponse(request, "desk/_address.html", {"check": lines})


def _posted(request: MerchantRequest) -> dict[str, str]:
    return {name: str(value) for name, value in request.POST.items()}
