"""The checkout's form and the warehouse's: what is typed, and what is wrong with it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from demo.shop.people import COUNTRIES, Shopper
from demo.shop.purchase import CARD, CASH, Buyer
from demo.shop.stories import TITLES, USUAL
from demo.shop.warehouse import SECONDS_BETWEEN_SCANS
from lib.formats import locale_of
from lib.phones import e164

#: Countries whose parcels do not arrive without one.
_WITH_POSTCODE = frozenset({"GB", "DE", "FR", "US", "IN"})


def countries() -> list[tuple[str, str]]:
    """Where the shops deliver to, in the active language."""
    names = locale_of(get_language() or "en").territories
    return [(code, str(names.get(code, code))) for code in COUNTRIES]


def _input(autocomplete: str, *, ltr: bool = False) -> forms.TextInput:
    attrs = {"autocomplete": autocomplete} | ({"dir": "ltr"} if ltr else {})
    return forms.TextInput(attrs=attrs)


class Checkout(forms.Form):
    """Who buys and where it goes. `buyer` is the checked outcome."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120, widget=_input("name"))
    email = forms.EmailField(
        label=gettext_lazy("E-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "dir": "ltr"}),
    )
    phone = forms.CharField(
        label=gettext_lazy("Phone"), max_length=40, widget=_input("tel", ltr=True)
    )
    country = forms.ChoiceField(label=pgettext_lazy("address", "Country"))
    city = forms.CharField(
        label=pgettext_lazy("address", "City"), max_length=80, widget=_input("address-level2")
    )
    line1 = forms.CharField(
        label=gettext_lazy("Street and building"), max_length=200, widget=_input("address-line1")
    )
    landmark = forms.CharField(
        label=gettext_lazy("Landmark"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("What the courier sees when standing there."),
    )
    postcode = forms.CharField(
        label=gettext_lazy("Postcode"),
        max_length=20,
        required=False,
        widget=_input("postal-code", ltr=True),
    )
    language = forms.ChoiceField(label=gettext_lazy("Language of the messages"))
    payment = forms.ChoiceField(
        label=pgettext_lazy("checkout", "Payment"),
        choices=[
            (CARD, gettext_lazy("Card (nothing is charged)")),
            (CASH, gettext_lazy("Cash on delivery")),
        ],
        widget=forms.RadioSelect,
        initial=CARD,
    )

    def __init__(self, *args: Any, languages: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._choices("country", countries())
        self._choices("language", languages)

    def _choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        country = found.get("country", "")
        if found.get("phone") and country:
            found["phone"] = e164(found["phone"], country=country)
            if not found["phone"]:
                self.add_error("phone", _("This is no phone number. Example: +971 50 123 4567."))
        if country in _WITH_POSTCODE and not found.get("postcode"):
            self.add_error("postcode", _("A parcel to this country needs a postcode."))
        return found

    @property
    def buyer(self) -> Buyer:
        return Buyer(**{name: self.cleaned_data[name] for name in Buyer.__slots__})


def filled_in(shopper: Shopper, *, country: str, city: str, language: str) -> dict[str, str]:
    """The form's first values: an invented shopper, so that one click buys."""
    return {
        "name": shopper.name,
        "email": shopper.email,
        "phone": shopper.phone,
        "country": country,
        "city": city,
        "line1": shopper.line1,
        "landmark": shopper.landmark,
        "postcode": shopper.postcode,
        "language": language,
    }


class HandOver(forms.Form):
    """Which story the parcel lives through, and how fast."""

    scenario = forms.ChoiceField(
        label=gettext_lazy("What happens on the way"), choices=list(TITLES.items()), initial=USUAL
    )
    seconds = forms.IntegerField(
        label=gettext_lazy("Seconds between two scans"),
        min_value=1,
        max_value=3600,
        initial=SECONDS_BETWEEN_SCANS,
    )
