"""What messages cost the shop: its own list, because nobody knows its contract."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from dashboard.form_fields import components
from dashboard.setup import country as countries
from dashboard.shell import address, go, page
from lib import formats
from merchants.access import MerchantRequest, member_view, record
from merchants.models import Role
from notifications.channels.registry import CHANNELS, Reach, label_of
from notifications.models import MessagePrice

_MOST: Final = Decimal(1000)


class PriceForm(forms.Form):
    """One price: of a part of an SMS, or of a WhatsApp message."""

    channel = forms.ChoiceField(label=gettext_lazy("Channel"), choices=())
    country = forms.CharField(
        label=gettext_lazy("Country"), required=False, max_length=2,
        help_text=gettext_lazy("Two letters, such as AE. Empty: every other country."),
        widget=forms.TextInput(attrs={"dir": "ltr"}),
    )  # fmt: skip
    amount = forms.DecimalField(
        label=gettext_lazy("Price of one part"), min_value=Decimal(0), max_value=_MOST,
        decimal_places=5,
    )  # fmt: skip
    currency = forms.RegexField(
        r"^[A-Za-z]{3}$",
        label=gettext_lazy("Currency"),
        widget=forms.TextInput(attrs={"dir": "ltr"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["channel"].choices = [  # type: ignore[attr-defined]
            (kind.slug, kind.label) for kind in CHANNELS.values() if kind.reach is Reach.PHONE
        ]

    def clean_country(self) -> str:
        code = str(self.cleaned_data["country"]).upper()
        if code and not countries.is_country(code):
            raise forms.ValidationError(_("We know no such country."))
        return code

    def clean_currency(self) -> str:
        return str(self.cleaned_data["currency"]).upper()


@require_http_methods(["GET", "POST"])
@member_view(Role.ADMIN)
def message_prices(request: MerchantRequest) -> HttpResponseBase:
    """The list, and a form for one more."""
    initial = {"currency": request.merchant.currency or "USD"}
    form = PriceForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_bound and form.is_valid():
        values = form.cleaned_data
        MessagePrice.objects.update_or_create(
            merchant=request.merchant, channel=values["channel"], country=values["country"],
            defaults={"amount": values["amount"], "currency": values["currency"]},
        )  # fmt: skip
        record(
            merchant=request.merchant, user=request.user, action="price.saved",
            subject=f"{values['channel']}, {values['country'] or '*'}",
            amount=str(values["amount"]), currency=values["currency"],
        )  # fmt: skip
        messages.success(request, _("Saved. It counts from the next message on."))
        return go(request, "message_prices")
    context = {
        "crumbs": [{"label": _("Texts"), "url": address(request, "templates")}],
        "rows": [_row(request, row) for row in MessagePrice.objects.order_by("channel", "country")],
        "fields": components(form),
    }
    status = 400 if form.is_bound else 200
    return page(request, "templates/prices.html", context, current="messages", status=status)


@require_POST
@member_view(Role.ADMIN)
def message_price_remove(request: MerchantRequest, price_id: int) -> HttpResponseBase:
    """Take one line off the list."""
    row = get_object_or_404(MessagePrice, pk=price_id)
    row.delete()
    record(
        merchant=request.merchant, user=request.user, action="price.removed",
        subject=f"{row.channel}, {row.country or '*'}",
    )  # fmt: skip
    return go(request, "message_prices")


def _row(request: MerchantRequest, row: MessagePrice) -> dict[str, str]:
    language = get_language() or "en"
    names = formats.locale_of(language).territories
    return {
        "channel": label_of(row.channel),
        "country": names.get(row.country, row.country) if row.country else _("All other countries"),
        "price": f"{row.currency} {formats.number(row.amount.normalize(), language)}",
        "url": address(request, "message_price_remove", row.pk),
    }
