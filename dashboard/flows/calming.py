"""Keeping the quiet hours and budgets that were typed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dashboard.flows.calm import CalmForm, plain
from dashboard.flows.journey import journey_page
from dashboard.shell import go
from merchants.access import MerchantRequest, member_view, record
from merchants.models import Role
from notifications.rules import peace_of, save_peace


@require_POST
@member_view(Role.ADMIN)
def message_calm(request: MerchantRequest) -> HttpResponseBase:
    """Keep the hours, or show what is wrong with them."""
    form = CalmForm(request.POST)
    if not form.is_valid():
        return journey_page(request, calm_form=form, status=400)
    before, now = peace_of(request.merchant), form.peace()
    changed: dict[str, Any] = {
        name: [str(value), str(plain(now)[name])]
        for name, value in plain(before).items()
        if value != plain(now)[name]
    }
    if changed:
        save_peace(merchant=request.merchant, peace=now)
        record(merchant=request.merchant, user=request.user, action="calm.changed", **changed)
    messages.success(request, _("Saved. It counts from the next message on."))
    return go(request, "message_rules")
