"""Putting an address on the list of those that are not written to, and taking one off it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods

from dashboard.form_fields import components
from dashboard.shell import address, go, page
from dashboard.suppressed.listing import crumbs
from merchants.access import MerchantRequest, member_view, record
from merchants.models import Role
from notifications.channels.registry import label_of
from notifications.models import Suppression
from notifications.suppressions import (
    NoAddress,
    add,
    kinds,
    masked,
    reason_of,
    said_so_themselves,
)


class AddForm(forms.Form):
    """An address that shall not be written to."""

    channel = forms.ChoiceField(label=pgettext_lazy("of a message", "Channel"))
    address = forms.CharField(
        label=gettext_lazy("E-mail address or phone number"),
        max_length=254,
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("Such as “asked by telephone”. Your team reads it."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["channel"].choices = [(kind.slug, kind.label) for kind in kinds()]  # type: ignore[attr-defined]


class RemoveForm(forms.Form):
    """Why an address may be written to again."""

    reason = forms.CharField(
        label=gettext_lazy("Why may it be written to again?"),
        max_length=200,
        help_text=gettext_lazy("It is kept in the log of activity."),
    )


class RemoveOwnWordForm(RemoveForm):
    """The same where its owner said no: somebody must say that they know what that means."""

    asked_again = forms.BooleanField(
        label=gettext_lazy("Its owner has asked for our messages again, and I can prove it"),
        error_messages={"required": gettext_lazy("Without their own word it stays on the list.")},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@member_view(Role.ADMIN)
def suppression_add(request: MerchantRequest) -> HttpResponseBase:
    """By hand: somebody said so by telephone, or in the shop."""
    form = AddForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            row, is_new = add(
                merchant=request.merchant, channel=data["channel"], text=data["address"],
                reason=data["reason"],
            )  # fmt: skip
        except NoAddress:
            form.add_error("address", _("This is no address that the channel could write to."))
        else:
            if is_new:
                _record(request, "suppression.added", row)
            messages.success(request, _("Nothing is sent there any more."))
            return go(request, "suppressions")
    context = {
        "title": _("An address that is not written to"),
        "sentence": _("Messages that wait already are held back too."),
        "crumbs": crumbs(request),
        "fields": components(form),
        "submit": _("Write there no more"),
    }
    status = 400 if form.is_bound else 200
    return page(request, "form.html", context, current="messages", status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@member_view(Role.ADMIN)
def suppression_remove(request: MerchantRequest, suppression_id: int) -> HttpResponseBase:
    """Asked first, with what the law says where the owner of the address said no."""
    row = get_object_or_404(Suppression, pk=suppression_id)
    is_own_word = said_so_themselves(row)
    form = (RemoveOwnWordForm if is_own_word else RemoveForm)(request.POST or None)
    if request.method == "POST" and form.is_valid():
        _record(request, "suppression.removed", row, why=form.cleaned_data["reason"])
        row.delete()
        messages.success(request, _("It may be written to again."))
        return go(request, "suppressions")
    context = {
        "address": row.address,
        "channel": label_of(row.channel),
        "reason": reason_of(row),
        "crumbs": crumbs(request),
        "is_own_word": is_own_word,
        "fields": components(form),
        "keep_url": address(request, "suppressions"),
    }
    status = 400 if form.is_bound else 200
    return page(request, "suppression_remove.html", context, current="messages", status=status)


def _record(request: MerchantRequest, action: str, row: Suppression, **detail: object) -> None:
    """The activity log outlives a person's wish to be forgotten: it has no whole address."""
    record(
        merchant=request.merchant, user=request.user, action=action, subject=masked(row.address),
        channel=row.channel, reason=row.reason, **detail,
    )  # fmt: skip
