"""Somebody is named to be told about an order, or taken off it."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dashboard.order_page import order_answer
from dashboard.order_people.panel import PersonForm, people
from dashboard.shell import go
from merchants.access import MerchantRequest, member_view, record
from merchants.models import Role
from notifications.leaving import withdraw
from stores.named_people import ROLES, put_person, take_off
from stores.vocabulary import Named
from tracking.models import Order


@require_POST
@member_view(Role.AGENT)
def person_put(request: MerchantRequest, order_id: int, role: str) -> HttpResponseBase:
    """Name somebody, or change what is known of them."""
    order = get_object_or_404(Order, pk=order_id)
    if role not in ROLES:
        raise Http404
    form = PersonForm(request.POST, merchant=request.merchant, order=order)
    if not form.is_valid():
        messages.error(request, _("Nothing was changed."))
        return order_answer(
            request, order, status=400, people=people(request, order, role=role, typed=form)
        )
    with transaction.atomic():
        made = put_person(order=order, named=Named(role=role, **form.cleaned_data))
        if made.is_changed:
            record(
                merchant=request.merchant, user=request.user, action="order.person_named",
                subject=order.number, role=role,
            )  # fmt: skip
    messages.success(request, _("They are told from now on, with a page of their own."))
    return go(request, "order", order.pk)


@require_POST
@member_view(Role.AGENT)
def person_take_off(request: MerchantRequest, order_id: int, role: str) -> HttpResponseBase:
    """Tell them nothing any more."""
    order = get_object_or_404(Order, pk=order_id)
    with transaction.atomic():
        row = take_off(order=order, role=role, now=timezone.now())
        if row is not None:
            withdraw(row)
            record(
                merchant=request.merchant, user=request.user, action="order.person_taken_off",
                subject=order.number, role=role,
            )  # fmt: skip
    messages.success(request, _("They are told nothing any more, and their page is closed."))
    return go(request, "order", order.pk)
