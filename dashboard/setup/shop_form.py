"""Name and country of a shop, and what the country sets."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from dashboard.setup import country as countries
from dashboard.setup import slugs
from merchants.founding import Founding

_SLUG_PROBLEMS: Final[dict[str, Promise]] = {
    "form": _("Only small letters, digits and dashes between them: for example noor-home."),
    "short": _("At least three letters or digits."),
    "reserved": _("This word is one of ours. Choose another."),
}
#: Fields whose values follow the country until somebody changes them.
SET_BY_COUNTRY: Final = ("zone", "weekend", "currency", "languages")


class ShopForm(forms.Form):
    """A shop as its owner describes it.

    The country's part may be missing (nobody looked at it, or there is no JavaScript) or belong
    to the country chosen before; then the country decides. `country_was` tells.
    """

    shop_name = forms.CharField(
        label=_("Name of the shop"),
        max_length=120,
        help_text=_("As your customers know it."),
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    country = forms.ChoiceField(label=_("Country you ship from"))
    support_email = forms.EmailField(
        label=_("E-mail for customers"),
        max_length=254,
        required=False,
        help_text=_("Where their answers and questions go."),
        widget=forms.EmailInput(attrs={"dir": "ltr", "autocomplete": "email"}),
    )
    support_phone = forms.CharField(
        label=_("Phone for customers"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "tel"}),
    )
    slug = forms.CharField(
        label=_("Address of your pages"),
        max_length=slugs.LONGEST,
        required=False,
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off", "prefix": "/p/"}),
    )
    zone = forms.ChoiceField(label=_("Time zone"), required=False)
    weekend = forms.ChoiceField(label=_("Weekend"), required=False)
    currency = forms.ChoiceField(label=_("Currency"), required=False)
    languages = forms.ChoiceField(
        label=_("Languages"),
        required=False,
        help_text=_(
            "The first is spoken where we do not know the customer’s own. Under Look you can choose"
            " any of our languages."
        ),
    )
    shows_hijri = forms.BooleanField(
        label=_("Hijri dates"),
        required=False,
        help_text=_("Your customers’ pages name the day by both calendars."),
    )

    def __init__(self, *args: Any, year: int, has_slug: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.has_slug = has_slug
        language = get_language() or "en"
        known = str(self.data.get("country") or self.initial.get("country") or "")
        self.chosen = known if countries.is_country(known) else ""
        self.facts = countries.facts_of(self.chosen, year=year)
        is_open = _("Choose a country")
        self._offer("country", [("", is_open), *countries.countries(language)])
        self._offer("zone", countries.zone_choices(self.chosen))
        self._offer("weekend", countries.weekend_choices(self.facts.weekend, language))
        self._offer("currency", countries.currency_choices(self.chosen, language))
        own = str(self.initial.get("languages") or "")
        usual = self.facts.languages
        self._offer("languages", countries.language_choices(usual, own, language))
        if not has_slug:
            del self.fields["slug"]
        if self.is_bound:
            self.data = self._followed()
        else:
            self.initial = {n: getattr(self.facts, n) for n in SET_BY_COUNTRY} | dict(self.initial)

    def _offer(self, name: str, choices: list[Any]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def _followed(self) -> dict[str, str]:
        """What was typed, with the country's values where the country was changed or says more."""
        data = {name: str(self.data.get(name, "")) for name in self.data}
        moved = data.get("country_was", "") != self.chosen
        for name in SET_BY_COUNTRY:
            if moved or not data.get(name):
                data[name] = getattr(self.facts, name)
        if self.has_slug and data.get("slug", "") in {"", data.get("slug_was", "")}:
            data["slug"] = slugs.propose(data.get("shop_name", ""))
        return data

    def clean_slug(self) -> str:
        slug = str(self.cleaned_data["slug"]).strip().lower()
        problem = slugs.problem(slug)
        if problem == "taken":
            words = _("%(slug)s is taken. %(other)s is free.")
            other = slugs.propose(slug)
            raise forms.ValidationError(words, params={"slug": slug, "other": other})
        if problem:
            raise forms.ValidationError(str(_SLUG_PROBLEMS[problem]))
        return slug

    def rest_days(self) -> list[int]:
        """The weekend as ISO weekdays; empty where it is the country's own."""
        chosen = self.cleaned_data["weekend"]
        own = chosen == self.facts.weekend
        return [] if own else [int(day) for day in chosen.split(",")]

    def founding(self) -> Founding:
        typed = self.cleaned_data
        spoken = tuple(typed["languages"].split(","))
        is_every = countries.EVERY in spoken
        return Founding(
            name=typed["shop_name"].strip(),
            slug=typed.get("slug", ""),
            country=typed["country"],
            zone=typed["zone"],
            currency=typed["currency"],
            languages=() if is_every else spoken,
            default_language=spoken[0],
            support_email=typed["support_email"],
            support_phone=typed["support_phone"],
            shows_hijri=typed["shows_hijri"],
        )
