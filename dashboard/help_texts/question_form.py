"""A question with its answer, as it is typed: a text for each language, and when it is shown."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dashboard.languages.tabs import text_field
from help_texts.filling import NAMES, mistakes
from help_texts.models import Question
from lib.formats import listing

LONGEST_QUESTION: Final = 160
LONGEST_ANSWER: Final = 2000


class QuestionForm(forms.Form):
    """One of the merchant's own, or with `is_ours` a change to one of ours."""

    stage = forms.ChoiceField(label=_("Shown"), choices=Question.Stage.choices)
    is_on = forms.BooleanField(label=_("On"), required=False)

    def __init__(
        self, data: QueryDict | None = None, *, languages: list[str], row: Question | None,
        is_ours: bool = False,
    ) -> None:  # fmt: skip
        """`languages` are the shop's, its own first."""
        super().__init__(data, initial=_initial(row, languages))
        self.languages, self.is_ours = languages, is_ours
        self.kept: dict[str, dict[str, str]] = dict(row.texts) if row else {}
        if is_ours:
            del self.fields["stage"]
        for code in languages:
            self.fields[f"question_{code}"] = text_field(
                _("Question"), language=code, longest=LONGEST_QUESTION
            )
            self.fields[f"answer_{code}"] = text_field(
                _("Answer"), language=code, longest=LONGEST_ANSWER, is_long=True
            )

    def clean(self) -> dict[str, Any]:
        """Both or neither in each language, the shop's own language at least, names that exist."""
        for code in self.languages:
            pair = {
                name: str(self.cleaned_data.get(f"{name}_{code}", ""))
                for name in ("question", "answer")
            }
            needed = any(pair.values()) or (code == self.languages[0] and not self.is_ours)
            for name, text in pair.items():
                field = f"{name}_{code}"
                if needed and not text and field not in self.errors:
                    self.add_error(field, _MISSING[name])
                elif problem := problem_of(text):
                    self.add_error(field, problem)
        return self.cleaned_data

    def texts(self) -> dict[str, dict[str, str]]:
        """By language, as far as they are right; languages that the shop left keep theirs."""
        return self.kept | {
            code: {
                name: str(self.cleaned_data.get(f"{name}_{code}", "")).replace("\r\n", "\n")
                for name in ("question", "answer")
            }
            for code in self.languages
        }


_MISSING: Final = {"question": _("What is the question?"), "answer": _("What is the answer?")}


def problem_of(text: str) -> str:
    """What is wrong with the names in a text; "" for nothing."""
    found = mistakes(text)
    if found.unknown:
        known = listing([one.name for one in NAMES], "en")
        return gettext("There is no “%(name)s”. You can name: %(known)s.") % {
            "name": found.unknown[0],
            "known": known,
        }
    if found.is_broken:
        return gettext("Write names like this: %(example)s") % {"example": NAMES[0].insert}
    return ""


def _initial(row: Question | None, languages: list[str]) -> dict[str, Any]:
    row = row or Question(is_on=True)
    found: dict[str, Any] = {"stage": row.stage, "is_on": row.is_on}
    for code in languages:
        for name in ("question", "answer"):
            found[f"{name}_{code}"] = row.texts.get(code, {}).get(name, "")
    return found
