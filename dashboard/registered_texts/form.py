"""A registered text, as it is typed: the registry's numbers, its wording, what stands where."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from dashboard.order_list import country_name
from dashboard.registered_texts.words import FAULTS, PLACEHOLDERS
from lib.formats import locale_of
from merchants.models import Merchant
from notifications.models import RegisteredText
from notifications.registered import (
    MOST_VALUES,
    Fault,
    Wording,
    faults,
    places,
    registering_countries,
)
from notifications.text_limits import VAR, operators_rules
from notifications.texts import LANGUAGES
from notifications.triggers import TRIGGERS

#: So many choices stand there before the wording is known.
_FEWEST: Final = 3
_PLAIN: Final = {"dir": "ltr", "autocomplete": "off"}
#: Which field a fault is shown at; the others at the wording.
_AT: Final = {Fault.UNKNOWN: "value_1", Fault.TAKEN: "topic"}
_NUMBER: Final = r"^[0-9A-Za-z]+$"


class TextForm(forms.Form):
    """One text of one topic in one language, with a choice for each value in it."""

    country = forms.ChoiceField(label=_("Country"))
    topic = forms.ChoiceField(label=_("What it tells"))
    language = forms.ChoiceField(label=_("Language"))
    entity_id = forms.RegexField(
        _NUMBER, label=_("Entity ID"), max_length=40, widget=forms.TextInput(_PLAIN),
        help_text=_("Your own number at the registry."),
    )  # fmt: skip
    header = forms.RegexField(
        _NUMBER, label=_("Header"), max_length=12, widget=forms.TextInput(_PLAIN),
        help_text=_("The sender’s name that this text is registered with."),
    )  # fmt: skip
    template_id = forms.RegexField(
        _NUMBER, label=_("Template ID"), max_length=40, widget=forms.TextInput(_PLAIN)
    )
    body = forms.CharField(
        label=_("Wording"),
        widget=forms.Textarea({"dir": "auto"}),
        help_text=_("Letter by letter as it is registered, with {#var#} where a value stands."),
    )

    def __init__(
        self, data: Any = None, *, merchant: Merchant, row: RegisteredText | None = None
    ) -> None:
        super().__init__(data, initial=None if row is None else values_of(row))
        self._merchant, self._row = merchant, row
        shown = get_language() or "en"
        countries = registering_countries(operators_rules())
        self._choose("country", [(code, country_name(code, shown)) for code in countries])
        self._choose("topic", [(slug, one.label) for slug, one in TRIGGERS.items()])
        self._choose(
            "language", [(code, locale_of(code).get_display_name(shown)) for code in LANGUAGES]
        )
        written = self.data.get("body", "") if self.is_bound else (row.body if row else "")
        many = min(max(places(str(written)), 0 if row else _FEWEST), MOST_VALUES)
        for place in range(1, many + 1):
            self.fields[f"value_{place}"] = forms.ChoiceField(
                label=_("The %(n)s. {#var#} is") % {"n": place},
                choices=[("", _("nothing")), *PLACEHOLDERS.items()],
                required=False,
            )

    def _choose(self, name: str, choices: list[tuple[str, Any]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean_body(self) -> str:
        return str(self.cleaned_data["body"]).replace("\x00", "").replace("\r\n", "\n").strip()

    def clean(self) -> None:
        if self.errors:
            return
        for fault in faults(self.wording(), merchant=self._merchant, row=self._row):
            self.add_error(_AT.get(fault, "body"), str(FAULTS[fault]))

    def wording(self) -> Wording:
        """What was typed; after `is_valid`."""
        data = self.cleaned_data
        names = [data[name] for name in self.fields if name.startswith("value_")]
        # What nobody filled in at the end is no value; a gap before another one is.
        while names and not names[-1]:
            names.pop()
        return Wording(
            country=data["country"], topic=data["topic"], language=data["language"],
            entity_id=data["entity_id"], header=data["header"].upper(),
            template_id=data["template_id"], body=data["body"], values=names,
        )  # fmt: skip


def values_of(row: RegisteredText) -> dict[str, Any]:
    """What the form begins with."""
    names = ("country", "topic", "language", "entity_id", "header", "template_id", "body")
    chosen = {f"value_{place}": name for place, name in enumerate(row.values, 1)}
    return {name: getattr(row, name) for name in names} | chosen


def marked(row: RegisteredText) -> str:
    """The wording with our names in the places of the values, for reading."""
    text = row.body
    for name in row.values:
        text = text.replace(VAR, f"‹{PLACEHOLDERS[name]}›", 1)
    return text
