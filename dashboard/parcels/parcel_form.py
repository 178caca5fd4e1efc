"""One parcel, typed in: number, carrier, destination, and whom to tell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from carriers import registry
from carriers.detect import Candidate
from carriers.number_check import problem_of, tidy
from dashboard.languages.names import order_languages
from dashboard.languages.words import reader_words
from dashboard.parcels.carrier_picker import CarrierField
from dashboard.parcels.number_words import explain
from dashboard.setup import country as countries
from lib.signing import new_token
from merchants.languages import own_language
from merchants.models import Merchant
from stores.vocabulary import Address, FulfilmentUpdate, OrderUpdate, Person
from tracking.candidates import ranked


class NewParcelForm(forms.Form):
    """The form of the Add-a-parcel page.

    Left open, the carrier is the likeliest: `connected` (slugs the merchant has accounts with)
    win between numbers that look alike. `is_guess`: nobody chose it, so the carriers' answers
    may still decide otherwise.
    """

    is_guess = False

    tracking_number = forms.CharField(
        label=_("Tracking number"),
        max_length=80,
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )
    carrier = CarrierField(required=False, help_text=_("Left open, the number decides."))
    country = forms.ChoiceField(label=_("Destination"))
    city = forms.CharField(label=_("City"), max_length=100, required=False)
    email = forms.EmailField(
        label=_("Customer’s e-mail"),
        max_length=254,
        required=False,
        help_text=_("Messages about the parcel go there."),
        widget=forms.EmailInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )
    customer_name = forms.CharField(label=_("Customer’s name"), max_length=120, required=False)
    phone = forms.CharField(
        label=_("Customer’s phone"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )
    language = forms.ChoiceField(label=_("Customer’s language"))
    order_number = forms.CharField(
        label=_("Order number"),
        max_length=60,
        required=False,
        help_text=_("Left open, we number it. A number you used before adds to that order."),
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )

    def __init__(
        self, *args: Any, merchant: Merchant, connected: Sequence[str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.merchant, self.connected = merchant, connected
        language = get_language() or "en"
        places = list(countries.countries(language))
        self.fields["country"].choices = places  # type: ignore[attr-defined]
        spoken = order_languages(merchant)
        self.fields["language"].choices = spoken  # type: ignore[attr-defined]
        self.fields["language"].help_text = reader_words(merchant)
        self.initial = {
            "country": merchant.country,
            "language": own_language(merchant),
        } | dict(self.initial)

    def clean_tracking_number(self) -> str:
        number = str(self.cleaned_data["tracking_number"])
        problem = problem_of(number)
        # Whoever names the carrier knows better than our table of shapes.
        if problem is not None and not (problem.kind == "check_digit" and self.data.get("carrier")):
            raise forms.ValidationError(explain(problem))
        return tidy(number)

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        # What was filled in while typing was no choice either.
        self.is_guess = self.data.get("carrier", "") in {"", self.data.get("detected", "")}
        if typed.get("tracking_number") and not typed.get("carrier") and "carrier" in typed:
            found = self.candidates(typed["tracking_number"], typed.get("country", ""))
            best = next((one for one in found if one.slug in registry.CARRIERS), None)
            if best is None:
                words = _("We do not recognise this number. Choose the carrier.")
                self.add_error("carrier", words)
            else:
                typed["carrier"] = best.slug
        return typed

    def candidates(self, number: str, country: str) -> list[Candidate]:
        origin = self.merchant.country
        return ranked(number, country=country, origin=origin, accounts=self.connected)

    def update(self, *, numbered: str) -> OrderUpdate:
        """What was typed as an order; `numbered` is its number where none was typed."""
        typed = self.cleaned_data
        own = typed["order_number"].strip()
        parcel = FulfilmentUpdate(
            tracking_number=typed["tracking_number"],
            carrier="" if self.is_guess else typed["carrier"],
        )
        return OrderUpdate(
            external_id=own or f"form-{new_token(9)}",
            number=own or numbered,
            customer=Person(
                typed["customer_name"], typed["email"], typed["phone"], typed["language"]
            ),
            destination=Address(typed["country"], name=typed["customer_name"], city=typed["city"]),
            parcels=(parcel,),
            currency=self.merchant.currency,
            ship_from_country=self.merchant.country,
            language=typed["language"],
        )
