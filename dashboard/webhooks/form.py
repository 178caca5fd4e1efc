"""Adding an endpoint and changing one: its address, and the events it hears."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpResponseBase
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from dashboard.form_fields import components, general_error
from dashboard.shell import address, go, page
from dashboard.webhooks.endpoint_page import endpoint_answer, endpoint_or_404
from dashboard.webhooks.words import name_of
from merchants.access import MerchantRequest, member_view, record
from merchants.models import Role
from notifications.models.webhooks import EVERYTHING
from notifications.webhooks import endpoints
from notifications.webhooks.events import EVENTS

_GROUPS: Final[dict[str, Promise]] = {
    "order": gettext_lazy("Orders"),
    "parcel": gettext_lazy("Parcels"),
}
#: What most programs ask for first.
_USUAL: Final = (
    "parcel.shipped", "parcel.out_for_delivery", "parcel.delivered", "parcel.attempt_failed",
    "parcel.delayed",
)  # fmt: skip


class EndpointForm(forms.Form):
    """Where to; the events stand beside it, in groups."""

    url = forms.CharField(
        label=gettext_lazy("Address"),
        help_text=gettext_lazy("Where your program listens, with https."),
        max_length=500,
        widget=forms.URLInput(
            attrs={"dir": "ltr", "autocomplete": "off", "placeholder": "https://…"}
        ),
    )
    description = forms.CharField(
        label=gettext_lazy("What it is for"), max_length=120, required=False
    )


@never_cache
@require_http_methods(["GET", "POST"])
@member_view(Role.ADMIN)
def new(request: MerchantRequest) -> HttpResponseBase:
    """Add one. Its secret is in this one answer and nowhere else."""
    form = EndpointForm(request.POST or None)
    chosen = request.POST.getlist("events") if form.is_bound else list(_USUAL)
    if form.is_bound and form.is_valid():
        try:
            made, secret = endpoints.add(
                merchant=request.merchant, by=request.user, events=_known(chosen),
                now=timezone.now(), **form.cleaned_data,
            )  # fmt: skip
        except endpoints.Refused as error:
            _refuse(form, error)
        else:
            record(
                merchant=request.merchant, user=request.user, action="webhook.added",
                subject=made.url,
            )  # fmt: skip
            return endpoint_answer(request, made, secret=secret)
    context = {
        "title": _("Add an endpoint"),
        "crumbs": [{"label": _("Webhooks"), "url": address(request, "webhooks")}],
        "submit": _("Add it"),
    }
    return _form_page(request, form, chosen, context)


@require_http_methods(["GET", "POST"])
@member_view(Role.ADMIN)
def edit(request: MerchantRequest, webhookendpoint_id: int) -> HttpResponseBase:
    """Change its address, its name, or what it hears."""
    endpoint = endpoint_or_404(webhookendpoint_id)
    saved = {"url": endpoint.url, "description": endpoint.description}
    form = EndpointForm(request.POST or None, initial=saved)
    chosen = request.POST.getlist("events") if form.is_bound else endpoint.events
    if form.is_bound and form.is_valid():
        try:
            changed = endpoints.change(
                endpoint, events=_known(chosen), now=timezone.now(), **form.cleaned_data
            )
        except endpoints.Refused as error:
            _refuse(form, error)
        else:
            if changed:
                record(
                    merchant=request.merchant, user=request.user, action="webhook.changed",
                    subject=endpoint.url, **changed,
                )  # fmt: skip
                messages.success(request, _("Saved. It counts from the next event on."))
            return go(request, "webhook", endpoint.pk)
    context = {
        "title": _("Change the endpoint"),
        "crumbs": [
            {"label": _("Webhooks"), "url": address(request, "webhooks")},
            {"label": name_of(endpoint), "url": address(request, "webhook", endpoint.pk)},
        ],
        "submit": _("Save"),
    }
    return _form_page(request, form, chosen, context)


def _known(chosen: list[str]) -> list[str]:
    return [slug for slug in chosen if slug == EVERYTHING or slug in EVENTS]


def _refuse(form: EndpointForm, error: endpoints.Refused) -> None:
    form.add_error(error.field if error.field == "url" else None, _(error.words))


def _form_page(
    request: MerchantRequest, form: EndpointForm, chosen: list[str], context: dict[str, Any]
) -> HttpResponseBase:
    found = {
        "sentence": _("Each event is sent as signed JSON, and tried again for three days."),
        "fields": components(form),
        "form_error": general_error(form),
        "everything": EVERYTHING,
        "has_everything": EVERYTHING in chosen,
        "groups": [
            {
                "label": label,
                "events": [
                    {
                        "slug": event.slug,
                        "label": event.label,
                        "when": event.when,
                        "checked": event.slug in chosen,
                    }
                    for event in EVENTS.values()
                    if event.about == about
                ],
            }
            for about, label in _GROUPS.items()
        ],
    }
    status = 400 if form.is_bound else 200
    return page(request, "webhooks/form.html", found | context, current="webhooks", status=status)
