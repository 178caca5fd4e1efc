"""A banner as it is typed: a line for each language, its days, and where it stands."""

from __future__ import annotations

import re
from typing import Any, Final

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from carriers.countries import country_codes
from dashboard.languages.tabs import text_field
from help_texts.models import Banner
from help_texts.writing import BannerValues

LONGEST: Final = 200
_PLACE: Final = "place_"


class _DateInput(forms.DateInput):
    input_type = "date"


def _day(label: Any, help_text: Any) -> forms.DateField:
    return forms.DateField(
        label=label, help_text=help_text, widget=_DateInput(attrs={"dir": "ltr"}, format="%Y-%m-%d")
    )


class BannerForm(forms.Form):
    """One line above everything, with its end."""

    first = _day(_("First day"), "")
    last = _day(_("Last day"), _("It disappears by itself when this day is over in your zone."))
    tone = forms.ChoiceField(label=_("Kind"), choices=Banner.Tone.choices)
    countries = forms.CharField(
        label=_("Only for parcels to"),
        required=False,
        max_length=300,
        help_text=_("Country codes such as AE, SA. Empty: to all countries."),
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )

    def __init__(
        self, data: QueryDict | None = None, *, languages: list[str], values: BannerValues | None
    ) -> None:
        """`languages` are the shop's, its own first."""
        super().__init__(data, initial=_initial(values))
        self.languages = languages
        self.kept = dict(values.texts) if values else {}
        for place in Banner.Place:
            self.fields[f"{_PLACE}{place}"] = forms.BooleanField(label=place.label, required=False)
        for code in languages:
            self.fields[f"text_{code}"] = text_field(_("Text"), language=code, longest=LONGEST)

    def clean_countries(self) -> list[str]:
        codes = [
            one for one in re.split(r"[\s,،;]+", self.cleaned_data["countries"].upper()) if one
        ]
        unknown = [code for code in codes if code not in country_codes()]
        if unknown:
            words = gettext("“%(code)s” is no country. Use codes such as AE, SA.")
            raise forms.ValidationError(words % {"code": unknown[0]})
        return list(dict.fromkeys(codes))

    def clean(self) -> dict[str, Any]:
        typed = self.cleaned_data
        first, last = typed.get("first"), typed.get("last")
        if first and last and last < first:
            self.add_error("last", _("The last day is before the first."))
        if not typed.get(f"text_{self.languages[0]}"):
            self.add_error(f"text_{self.languages[0]}", _("What shall shoppers read?"))
        if not any(typed.get(f"{_PLACE}{place}") for place in Banner.Place):
            self.add_error(None, _("Choose at least one place where it stands."))
        return typed

    def values(self) -> BannerValues:
        """What was typed, all of it right."""
        typed = self.cleaned_data
        return BannerValues(
            texts=self.kept | {code: typed[f"text_{code}"] for code in self.languages},
            tone=typed["tone"],
            first=typed["first"],
            last=typed["last"],
            places=[place.value for place in Banner.Place if typed[f"{_PLACE}{place}"]],
            countries=typed["countries"],
        )


def values_of(banner: Banner) -> BannerValues:
    """A row as the form takes it."""
    return BannerValues(
        texts=banner.texts,
        tone=banner.tone,
        first=banner.first,
        last=banner.last,
        places=banner.places,
        countries=banner.countries,
    )


def _initial(values: BannerValues | None) -> dict[str, Any]:
    if values is None:
        return {f"{_PLACE}{place}": True for place in Banner.Place}
    return {
        "first": values.first.isoformat(),
        "last": values.last.isoformat(),
        "tone": values.tone,
        "countries": ", ".join(values.countries),
        **{f"{_PLACE}{place}": place in values.places for place in Banner.Place},
        **{f"text_{code}": text for code, text in values.texts.items()},
    }
