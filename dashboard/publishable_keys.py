"""Keys for the shop's own pages: made, limited to origins, switched, replaced, revoked."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from dashboard.clock import clock_for
from dashboard.form_fields import components, general_error
from dashboard.shell import address, go, page
from edd.quote_counts import totals
from lib.formats import number
from merchants import publishable
from merchants.access import MerchantRequest, member_view, record
from merchants.models import Merchant, PublishableKey, Role

#: How far back the page counts what was asked.
_DAYS: Final = 30


class PublishableForm(forms.Form):
    """Where a key may be used, and what is answered when nothing is known in time."""

    origins = forms.CharField(
        label=gettext_lazy("Addresses of the shop’s pages"),
        help_text=gettext_lazy(
            "One a line, e.g. https://shop.example. Other sites’ pages are refused."
        ),
        max_length=4_000,
        widget=forms.Textarea(attrs={"dir": "ltr", "autocomplete": "off"}),
    )
    fallback = forms.ChoiceField(
        label=gettext_lazy("If your rules cannot be read within a moment"),
        choices=PublishableKey.Fallback.choices,
    )
    is_on = forms.BooleanField(label=gettext_lazy("In use"), required=False, initial=True)

    def clean_origins(self) -> list[str]:
        given = str(self.cleaned_data["origins"]).split()
        try:
            found = list(dict.fromkeys(publishable.origin_of(one) for one in given))
        except publishable.NotAnOrigin as error:
            raise forms.ValidationError(
                _("“%(text)s” is no address such as https://shop.example.") % {"text": error}
            ) from error
        if len(found) > publishable.MOST_ORIGINS:
            raise forms.ValidationError(
                ngettext(
                    "At most %(most)d address.",
                    "At most %(most)d addresses.",
                    publishable.MOST_ORIGINS,
                )
                % {"most": publishable.MOST_ORIGINS}
            )
        return found


def rows(request: MerchantRequest) -> list[dict[str, Any]]:
    """The keys as `keys.html` lists them: those that work first, the newest first."""
    clock = clock_for(request.merchant)
    found = PublishableKey.objects.filter(merchant=request.merchant)
    return [
        {
            "key": key.key,
            "origins": " · ".join(key.origins),
            "is_on": key.is_on,
            "revoked": clock.pair(key.revoked_at),
            "url": "" if key.revoked_at else address(request, "publishable", key.pk),
        }
        for key in found.order_by("revoked_at", "-pk")[:50]
    ]


@require_http_methods(["GET", "POST"])
@member_view(Role.ADMIN)
def new(request: MerchantRequest) -> HttpResponseBase:
    """Make a key; the shop's own address is filled in."""
    first = {"origins": _own_origin(request.merchant)}
    form = PublishableForm(request.POST or None, initial=first)
    del form.fields["is_on"]
    if request.method == "POST" and form.is_valid():
        key = publishable.issue(merchant=request.merchant, by=request.user, **form.cleaned_data)
        _record(request, "publishable.created", key)
        return go(request, "publishable", key.pk)
    context = {
        "title": _("A key for your pages"),
        "sentence": _("It is no secret: it asks for delivery dates and for nothing else."),
        "crumbs": _crumbs(request),
        "fields": components(form),
        "form_error": general_error(form),
        "submit": _("Make a key"),
    }
    status = 400 if form.is_bound else 200
    return page(request, "form.html", context, current="keys", status=status)


@require_http_methods(["GET", "POST"])
@member_view(Role.ADMIN)
def one(request: MerchantRequest, publishablekey_id: int) -> HttpResponseBase:
    """One key: where it may be used, the lines to copy, how often it is asked."""
    key = _key(request, publishablekey_id)
    saved = {"origins": "\n".join(key.origins), "fallback": key.fallback, "is_on": key.is_on}
    form = PublishableForm(request.POST or None, initial=saved)
    if request.method == "POST" and form.is_valid():
        if publishable.change(key, **form.cleaned_data):
            _record(request, "publishable.changed", key)
            messages.success(request, _("Saved. Your pages show it within two minutes."))
        return go(request, "publishable", key.pk)
    clock = clock_for(request.merchant)
    context = {
        "key": key.key,
        "crumbs": _crumbs(request),
        "sentence": _asked(),
        "fields": components(form),
        "form_error": general_error(form),
        "made": clock.pair(key.created_at),
        "revoked": clock.pair(key.revoked_at),
        "address": _example(key, request.merchant),
        "embed_url": address(request, "embed"),
        "replace_url": address(request, "publishable_replace", key.pk),
        "revoke_url": address(request, "publishable_revoke", key.pk),
    }
    status = 400 if form.is_bound else 200
    return page(request, "publishable_key.html", context, current="keys", status=status)


@require_POST
@member_view(Role.ADMIN)
def replace(request: MerchantRequest, publishablekey_id: int) -> HttpResponseBase:
    """A second key for the same pages; the old one is revoked once they carry the new one."""
    key = _key(request, publishablekey_id)
    made = publishable.replace(key, by=request.user)
    _record(request, "publishable.created", made)
    messages.success(
        request, _("This is the new key. Revoke the old one when your pages use this one.")
    )
    return go(request, "publishable", made.pk)


@require_POST
@member_view(Role.ADMIN)
def revoke(request: MerchantRequest, publishablekey_id: int) -> HttpResponseBase:
    """The key stops working within a minute, for good."""
    key = _key(request, publishablekey_id)
    if publishable.revoke(key, now=timezone.now()):
        _record(request, "publishable.revoked", key)
        messages.success(request, _("The key %(key)s… works no more.") % {"key": key.key[:8]})
    return go(request, "keys")


def _key(request: MerchantRequest, key_id: int) -> PublishableKey:
    return get_object_or_404(PublishableKey, pk=key_id, merchant=request.merchant)


def _record(request: MerchantRequest, action: str, key: PublishableKey) -> None:
    record(merchant=request.merchant, user=request.user, action=action, subject=f"{key.key[:8]}…")


def _crumbs(request: MerchantRequest) -> list[dict[str, str]]:
    return [{"label": _("API keys"), "url": address(request, "keys")}]


def _own_origin(merchant: Merchant) -> str:
    try:
        return publishable.origin_of(merchant.store_url)
    except publishable.NotAnOrigin:
        return ""


def _asked() -> str:
    """How many dates the shop's pages were told lately, all keys together."""
    today = timezone.now().date()
    quotes = sum(one.quotes for one in totals(since=today - timedelta(days=_DAYS), until=today))
    shown = number(quotes, get_language() or "en")
    sentence = ngettext(
        "Your pages were told %(number)s date in the last %(days)s days.",
        "Your pages were told %(number)s dates in the last %(days)s days.",
        quotes,
    )
    return sentence % {"number": shown, "days": _DAYS}


def _example(key: PublishableKey, merchant: Merchant) -> str:
    path = reverse("widget:estimate", args=[key.key])
    return f"{settings.BASE_URL}{path}?country={merchant.country}"
