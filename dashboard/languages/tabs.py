"""A form's texts in several languages, as tabs or folded: all in one form, so that nothing that is
typed gets lost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lib.formats import is_rtl
from lib.languages import OWN_NAMES

#: So many fields of one text stand open.
_FEW: Final = 3


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
    fields: Sequence[dict[str, Any]], languages: Sequence[str], *, open_tab: str = ""
) -> list[dict[str, Any]]:
    """For `dashboard/_by_language.html`. Fields are those named `…_<language>`; the open tab is the
    first with a mistake, else the one that was open."""
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
                "label": OWN_NAMES[code],
                "fields": own,
                "is_wrong": any(one["error"] for one in own),
                "is_empty": not any(one["value"] for one in own),
            }
        )
    wrong = next((one["code"] for one in found if one["is_wrong"]), "")
    chosen = wrong or (open_tab if open_tab in languages else languages[0])
    return [one | {"is_open": one["code"] == chosen} for one in found]


def by_language(fields: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """One text's fields, a language each, for `dashboard/_look_texts.html`: a few stand open, of
    many the shop's own and behind it the others, folded, with how many of them say something."""
    few = len(fields) <= _FEW
    own, others = (fields, fields[:0]) if few else (fields[:1], fields[1:])
    said = sum(1 for one in others if one["value"])
    text = ngettext("In %(n)s other language", "In %(n)s other languages", len(others))
    return {
        "open": own,
        "more": others,
        "summary": text % {"n": len(others)},
        "said": _("%(n)s written") % {"n": said} if said else "",
        "is_wrong": any(one["error"] for one in others),
    }


def settings_of(fields: Sequence[dict[str, Any]], languages: Sequence[str]) -> list[dict[str, Any]]:
    """The fields that are the same in every language."""
    return [one for one in fields if not one["name"].endswith(tuple(f"_{c}" for c in languages))]
