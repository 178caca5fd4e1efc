"""What people type into the dashboard, checked."""

from __future__ import annotations

import re
from typing import Any, Final

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from carriers.number_check import problem_of, tidy
from dashboard.parcels.carrier_picker import CarrierField
from dashboard.parcels.number_words import explain
from dashboard.story_changes import meaning
from lib.vocabulary import SUB_STATUSES, UNKNOWN
from merchants.models import Role

_HOST: Final = re.compile(r"(?:https?://)?[a-z0-9-]+(?:\.[a-z0-9-]+)+(?:/.*)?", re.IGNORECASE)


class ParcelForm(forms.Form):
    """One more parcel of an order."""

    tracking_number = forms.CharField(
        label=_("Tracking number"),
        max_length=60,
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )
    carrier = CarrierField(required=False, help_text=_("Left open, the number decides."))

    def clean_tracking_number(self) -> str:
        number = str(self.cleaned_data["tracking_number"])
        problem = problem_of(number)
        # Whoever names the carrier knows better than our table of shapes.
        if problem is not None and not (problem.kind == "check_digit" and self.data.get("carrier")):
            raise forms.ValidationError(explain(problem))
        return tidy(number)


class CodeForm(forms.Form):
    """What a carrier's code means."""

    sub_status = forms.ChoiceField(label=_("Means"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: list[tuple[str, Promise | str]] = [("", _("Choose a meaning"))]
        choices += [(code, meaning(code)) for code in SUB_STATUSES]
        choices.append((UNKNOWN, _("Nothing: keep it and do not read it")))
        self.fields["sub_status"].choices = choices  # type: ignore[attr-defined]


class StoreForm(forms.Form):
    """A shop to connect."""

    store_name = forms.CharField(label=_("Name"), max_length=120)
    shop = forms.CharField(
        label=_("Address of the shop"),
        max_length=255,
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "url"}),
    )
    secret = forms.CharField(
        label=_("Secret that signs the webhooks"),
        max_length=500,
        widget=forms.PasswordInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )

    def clean_shop(self) -> str:
        shop = str(self.cleaned_data["shop"])
        if not _HOST.fullmatch(shop):
            raise forms.ValidationError(_("Enter an address such as shop.example.com."))
        return shop


class SecretForm(forms.Form):
    """A new signing secret of a shop."""

    secret = forms.CharField(
        label=_("New secret"),
        max_length=500,
        widget=forms.PasswordInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )


class MemberForm(forms.Form):
    """Somebody to work with."""

    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )
    name = forms.CharField(label=_("Name"), max_length=120, required=False)
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.AGENT)


class KeyForm(forms.Form):
    """A key for a program."""

    key_name = forms.CharField(
        label=_("What will use it"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
