"""A form's texts as tabs, a language each: all in one form, so that no tab loses what is typed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from lib.formats import is_rtl
from lib.languages import OWN_NAMES


def text_field(
    label: Any, *, language: str, longest: int, is_long: bool = False, help_text: Any = ""
) -> forms.CharField:
    """A text in one language; whether it is needed, the form says."""
    attrs = {"lang": language, "dir": "rtl" if is_rtl(language) else "ltr"}
    return forms.CharField(
        label=label,
        required=False,
        max_length=longest,
        help_text=help_text,
        widget=forms.Textarea(attrs=attrs) if is_long else forms.TextInput(attrs=attrs),
    )


def tabs(
    form: forms.Form, fields: Sequence[dict[str, Any]], languages: Sequence[str], *, open_tab: str
) -> list[dict[str, Any]]:
    """For `help_texts/_languages.html`. Fields are those named `…_<language>`; the open tab is the
    first with a mistake, else the one that was open."""
    names = OWN_NAMES
    found = []
    for code in languages:
        # Whether the shop's own language is needed the form says, not each of its fields.
        own = [
            one | {"optional": code != languages[0]}
            for one in fields
            if one["name"].endswith(f"_{code}")
        ]
        found.append(
            {
                "code": code,
                "label": names.get(code, code),
                "fields": own,
                "is_wrong": any(one["error"] for one in own),
                "is_empty": not any(one["value"] for one in own),
            }
        )
    wrong = next((one["code"] for one in found if one["is_wrong"]), "")
    chosen = wrong or (open_tab if open_tab in languages else languages[0])
    return [one | {"is_open": one["code"] == chosen} for one in found]


def settings_of(fields: Sequence[dict[str, Any]], languages: Sequence[str]) -> list[dict[str, Any]]:
    """The fields that are the same in every language."""
    return [one for one in fields if not one["name"].endswith(tuple(f"_{c}" for c in languages))]
