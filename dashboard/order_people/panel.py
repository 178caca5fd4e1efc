"""Who is told about an order besides its buyer, with the forms that change it."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from dashboard.form_fields import components, general_error
from dashboard.languages.names import name_of, order_languages
from dashboard.languages.words import reader_words
from dashboard.shell import address
from lib.phones import e164
from merchants.access import MerchantRequest
from merchants.models import Merchant
from stores.named_people import ROLES, is_nobody
from tracking.models import Order, Recipient

LABELS: Final[dict[str, Promise]] = {
    Recipient.Role.RECEIVER: pgettext_lazy("of a parcel", "Receiver"),
    Recipient.Role.FRONT_DESK: pgettext_lazy("of a parcel", "Front desk"),
}
_HEARS: Final[dict[str, Promise]] = {
    Recipient.Role.RECEIVER: gettext_lazy("Hears of the parcel on its way, not what is in it."),
    Recipient.Role.FRONT_DESK: gettext_lazy("Hears when it comes and when it was handed over."),
}
_GIFT: Final = gettext_lazy("A present: hears of it on the day it comes.")
_GIFTS: Final[dict[str, Promise]] = {
    Order.GiftTells.NOTHING: gettext_lazy("A present: hears nothing of it."),
    Order.GiftTells.EVERYTHING: _HEARS[Recipient.Role.RECEIVER],
}


class PersonForm(forms.Form):
    """One person; the role stands in the form's address."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=200, required=False)
    email = forms.EmailField(
        label=gettext_lazy("E-mail"), max_length=254, required=False,
        widget=forms.EmailInput({"dir": "ltr", "autocomplete": "off"}),
    )  # fmt: skip
    phone = forms.CharField(
        label=gettext_lazy("Phone"), max_length=40, required=False,
        widget=forms.TextInput({"dir": "ltr", "autocomplete": "off"}),
    )  # fmt: skip
    language = forms.ChoiceField(label=gettext_lazy("Language"), required=False)

    def __init__(
        self, data: Any = None, *, merchant: Merchant, order: Order, row: Recipient | None = None,
    ) -> None:  # fmt: skip
        names = ("name", "email", "phone", "language")
        known = row is not None and not is_nobody(row)
        super().__init__(data, initial={n: getattr(row, n) for n in names} if known else None)
        self._order = order
        languages = order_languages(merchant)
        choices = [("", _("The one of their country")), *languages]
        if known and row is not None and row.language not in {"", *dict(languages)}:
            choices.append((row.language, name_of(row.language)))
        self.fields["language"].choices = choices  # type: ignore[attr-defined]
        self.fields["language"].help_text = reader_words(merchant)

    def clean_phone(self) -> str:
        phone = str(self.cleaned_data["phone"]).strip()
        if phone and not e164(phone, country=self._order.country):
            raise forms.ValidationError(_("This is no phone number. Write it with its country."))
        return phone

    def clean(self) -> None:
        if not self.errors and not (self.cleaned_data["email"] or self.cleaned_data["phone"]):
            raise forms.ValidationError(_("An e-mail address or a phone number is needed."))


def people(
    request: MerchantRequest, order: Order, *, role: str = "", typed: PersonForm | None = None
) -> list[dict[str, Any]]:
    """What `dashboard/_told_people.html` takes, for each role; `typed` could not be taken."""
    rows = {one.role: one for one in Recipient.objects.filter(order=order, role__in=ROLES)}
    return [
        _one(request, order, str(one), rows.get(one), typed if one == role else None)
        for one in ROLES
    ]


def _one(
    request: MerchantRequest, order: Order, role: str, row: Recipient | None,
    typed: PersonForm | None,
) -> dict[str, Any]:  # fmt: skip
    is_there = row is not None and not is_nobody(row)
    form = typed or PersonForm(merchant=request.merchant, order=order, row=row)
    fields = components(form)
    for field in fields:
        # Two forms on one page: the names are the same, the ids are not.
        field["id"] = f"f-{role}-{field['name']}"
    contact = " · ".join(part for part in (row.email, row.phone) if part) if row else ""
    hears = _HEARS[role]
    if order.is_gift and role == Recipient.Role.RECEIVER:
        hears = _GIFTS.get(order.gift_tells, _GIFT)
    return {
        "label": LABELS[role],
        "hears": hears,
        "name": row.name if row else "",
        "contact": contact,
        "is_there": is_there,
        "fields": fields,
        "error": general_error(form),
        "is_open": typed is not None,
        "put_url": address(request, "person_put", order.pk, role),
        "take_off_url": address(request, "person_take_off", order.pk, role) if is_there else "",
    }
