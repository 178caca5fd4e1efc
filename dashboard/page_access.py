"""Who may see a customer's page, and for how long: the shop's rules; closing one order's links."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from dashboard.form_fields import components
from dashboard.shell import address, go, page
from merchants.access import MerchantRequest, member_view, record
from merchants.models import Merchant, Role
from tracking.links import revoke_links
from tracking.models import Order

_MOST_DAYS: Final = 3650
_SWITCHES: Final = ("shows_by_number", "lets_change_address")


class AccessForm(forms.Form):
    """The shop's three rules; the names are columns of the merchant."""

    links_last_days = forms.IntegerField(
        label=gettext_lazy("Days that a link opens after delivery"),
        help_text=gettext_lazy(
            "Then the page says so kindly, and the order is found by its number and an e-mail, "
            "phone or postcode."
        ),
        min_value=1,
        max_value=_MOST_DAYS,
    )
    shows_by_number = forms.BooleanField(required=False)
    lets_change_address = forms.BooleanField(required=False)


@require_http_methods(["GET", "POST"])
@member_view(Role.ADMIN)
def page_access(request: MerchantRequest) -> HttpResponseBase:
    """The rules, and what is shown to whom."""
    shop = request.merchant
    now = {name: getattr(shop, name) for name in AccessForm.base_fields}
    form = AccessForm(request.POST if request.method == "POST" else None, initial=now)
    if form.is_valid():
        _save(request, was=now, wanted=form.cleaned_data)
        messages.success(request, _("Saved. It counts for every order."))
        return go(request, "page_access")
    typed = form.data if form.is_bound else now
    context: dict[str, Any] = {
        "sentence": _("The more somebody proves, the more the page shows."),
        "days": [one for one in components(form) if one["name"] == "links_last_days"],
        **{name: bool(typed.get(name)) for name in _SWITCHES},
        "addresses_url": address(request, "addresses"),
    }
    status = 400 if form.is_bound else 200
    return page(request, "page_access.html", context, current="orders", status=status)


def _save(request: MerchantRequest, *, was: dict[str, Any], wanted: dict[str, Any]) -> None:
    changed = {name: [was[name], value] for name, value in wanted.items() if was[name] != value}
    if not changed:
        return
    Merchant.objects.filter(pk=request.merchant.pk).update(
        **{name: wanted[name] for name in changed}
    )
    record(
        merchant=request.merchant, user=request.user, action="page_access.changed",
        subject=request.merchant.slug, **changed,
    )  # fmt: skip


@require_POST
@member_view(Role.AGENT)
def close_links(request: MerchantRequest, order_id: int) -> HttpResponseBase:
    """Close every link to the order's page; the next message brings a new one."""
    order = get_object_or_404(Order, pk=order_id)
    with transaction.atomic():
        closed = revoke_links(order=order, now=timezone.now())
        record(
            merchant=request.merchant, user=request.user, action="order.links_closed",
            subject=order.number, links=closed,
        )  # fmt: skip
    messages.success(
        request,
        ngettext(
            "%(n)s link to this page is closed. The next message has a new one.",
            "%(n)s links to this page are closed. The next message has a new one.",
            closed,
        )
        % {"n": closed},
    )
    return go(request, "order", order.pk)
