"""A promotion as people type it, with texts in each of the shop's languages."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django import forms
from django.core.validators import URLValidator
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.flows.countries import country_codes
from dashboard.languages.names import both_names
from lib.formats import is_rtl
from selling.models import Promotion
from selling.promoting import Draft

Kind = Promotion.Kind
#: (column, longest text).
TEXTS: Final = (("title", 80), ("text", 240), ("button", 40))
_LABELS: Final = {
    "title": gettext_lazy("Heading"),
    "text": gettext_lazy("Text"),
    "button": gettext_lazy("Words on the button"),
}
_LTR: Final = {"dir": "ltr", "autocomplete": "off", "placeholder": "https://"}


class _Day(forms.DateInput):
    input_type = "date"


class PromotionForm(forms.Form):
    """`codes` are the languages that the shop writes in, its own first, `readers` those of its
    pages; days are in its zone. Texts in languages that it left are kept."""

    kind = forms.ChoiceField(label=gettext_lazy("What it shows"), choices=Kind.choices)
    url = forms.CharField(
        label=gettext_lazy("Where it leads"),
        required=False,
        max_length=500,
        help_text=gettext_lazy("A page of your shop. Clicks are counted without cookies."),
        widget=forms.TextInput(attrs=_LTR),
    )
    image_url = forms.CharField(
        label=gettext_lazy("Address of a picture"),
        required=False,
        max_length=500,
        help_text=gettext_lazy("From your shop, in landscape format, better under 100 kB."),
        widget=forms.TextInput(attrs=_LTR),
    )
    stages = forms.MultipleChoiceField(
        label=gettext_lazy("While the order is"), choices=Promotion.Stage.choices, required=False
    )
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Languages of the reader"), required=False
    )
    countries = forms.CharField(
        label=gettext_lazy("Countries it goes to"), max_length=600, required=False
    )
    tags = forms.CharField(label=gettext_lazy("Tags of the order"), max_length=600, required=False)
    bought = forms.CharField(
        label=gettext_lazy("Products in the order"), max_length=2000, required=False
    )
    starts = forms.DateField(label=gettext_lazy("First day"), required=False, widget=_Day)
    ends = forms.DateField(
        label=gettext_lazy("Last day"),
        required=False,
        help_text=gettext_lazy("It ends by itself, at midnight where your shop is."),
        widget=_Day,
    )
    share = forms.IntegerField(
        label=gettext_lazy("Share of the orders it fits, in per cent"),
        min_value=1,
        max_value=100,
        help_text=gettext_lazy("The other orders see the next promotion that fits."),
    )

    def __init__(
        self,
        data: QueryDict | None,
        *,
        codes: list[str],
        readers: list[str],
        zone: ZoneInfo,
        promotion: Promotion | None,
    ) -> None:
        promotion = promotion or Promotion()
        super().__init__(data, initial=_initial(promotion, codes, zone))
        self.codes, self.zone = codes, zone
        self.kept = {c: text for c, text in promotion.translations.items() if c not in codes}
        known = [(code, both_names(code)) for code in readers]
        self.fields["languages"].choices = known  # type: ignore[attr-defined]
        for code in codes:
            attrs = {"lang": code, "dir": "rtl" if is_rtl(code) else "ltr"}
            for name, longest in TEXTS:
                self.fields[f"{name}_{code}"] = forms.CharField(
                    label=_LABELS[name], required=False, max_length=longest,
                    widget=forms.TextInput(attrs=attrs),
                )  # fmt: skip

    def clean_countries(self) -> list[str]:
        codes, unknown = country_codes(self.cleaned_data["countries"])
        if unknown:
            raise forms.ValidationError(
                _("“%(name)s” is no country we know. A code such as SA works as well.")
                % {"name": unknown[0]}
            )
        return codes

    def clean_url(self) -> str:
        return web_link(self.cleaned_data["url"], schemes=["http", "https"])

    def clean_image_url(self) -> str:
        return web_link(self.cleaned_data["image_url"], schemes=["https"])

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or {}
        starts, ends = typed.get("starts"), typed.get("ends")
        if starts and ends and ends < starts:
            self.add_error("ends", _("It ends before it begins."))
        if typed.get("kind") == Kind.OFFER:
            first = f"title_{self.codes[0]}"
            if first in typed and not typed[first]:
                self.add_error(first, _("Say in a few words what you offer."))
            if "url" in typed and not typed["url"]:
                self.add_error("url", _("Where does it lead?"))
        return typed

    def draft(self) -> Draft:
        """What was typed, as far as it is right: the preview shows it while one types."""
        typed = self.cleaned_data
        first, *others = self.codes
        starts, ends = typed.get("starts"), typed.get("ends")
        return Draft(
            kind=typed.get("kind", Kind.OFFER),
            **{name: typed.get(f"{name}_{first}", "") for name, _longest in TEXTS},
            translations=self.kept
            | {code: texts for code in others if (texts := self._texts(code))},
            url=typed.get("url", ""),
            image_url=typed.get("image_url", ""),
            countries=tuple(typed.get("countries", ())),
            languages=tuple(typed.get("languages", ())),
            stages=tuple(typed.get("stages", ())),
            tags=words_of(typed.get("tags", "")),
            bought=words_of(typed.get("bought", "")),
            starts_at=_midnight(starts, self.zone) if starts else None,
            ends_at=_midnight(ends + timedelta(days=1), self.zone) if ends else None,
            share=typed.get("share") or 100,
        )

    def _texts(self, code: str) -> dict[str, str]:
        found = {name: self.cleaned_data.get(f"{name}_{code}", "") for name, _longest in TEXTS}
        return {name: text for name, text in found.items() if text}


def web_link(text: str, *, schemes: list[str]) -> str:
    """An address of the web, or nothing. Raises ValidationError."""
    text = text.strip()
    if text:
        try:
            URLValidator(schemes=schemes)(text)
        except forms.ValidationError as error:
            words = _("Enter an address that begins with https:// or http://.")
            if schemes == ["https"]:
                words = _("Enter an address that begins with https://.")
            raise forms.ValidationError(words) from error
    return text


def words_of(text: str) -> tuple[str, ...]:
    """What stands between commas of either script."""
    return tuple(word for part in text.replace("،", ",").split(",") if (word := part.strip()))


def days_of(promotion: Promotion, zone: ZoneInfo) -> tuple[date | None, date | None]:
    """Its first and its last day in the shop's zone."""
    starts, ends = promotion.starts_at, promotion.ends_at
    return (
        starts.astimezone(zone).date() if starts else None,
        (ends.astimezone(zone) - timedelta(minutes=1)).date() if ends else None,
    )


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), tzinfo=zone)


def _initial(promotion: Promotion, codes: list[str], zone: ZoneInfo) -> dict[str, Any]:
    first, *others = codes
    starts, ends = days_of(promotion, zone)
    found: dict[str, Any] = {
        name: getattr(promotion, name)
        for name in ("kind", "url", "image_url", "stages", "languages", "share")
    }
    for name, _longest in TEXTS:
        found[f"{name}_{first}"] = getattr(promotion, name)
        for code in others:
            found[f"{name}_{code}"] = promotion.text_in(name, code)
    for name in ("countries", "tags", "bought"):
        found[name] = ", ".join(getattr(promotion, name))
    return found | {
        "starts": starts.isoformat() if starts else None,
        "ends": ends.isoformat() if ends else None,
    }
