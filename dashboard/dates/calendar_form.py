"""What a merchant says of days, checked."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from dashboard.dates.calendar_whose import WAREHOUSE, Whose
from dashboard.dates.calendar_words import KINDS
from edd.calendars import FEASTS, Day, DayRule
from lib.formats import locale_of

_NO_WEEKDAY: Final = ""


class _DateInput(forms.DateInput):
    input_type = "date"


class DayForm(forms.Form):
    """Days and what is done on them; `whose` says whose days they are."""

    kind = forms.ChoiceField(label=pgettext_lazy("what is done on a day", "What"))
    weekday = forms.TypedChoiceField(label=_("When"), coerce=int, empty_value=None, required=False)
    first = forms.DateField(
        label=_("First day"),
        required=False,
        widget=_DateInput(attrs={"dir": "ltr"}, format="%Y-%m-%d"),
    )
    last = forms.DateField(
        label=_("Last day"),
        required=False,
        help_text=_("Empty: only the first."),
        widget=_DateInput(attrs={"dir": "ltr"}, format="%Y-%m-%d"),
    )
    name = forms.CharField(
        label=_("What it is called"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, whose: Whose, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.whose = whose
        names = locale_of(get_language() or "en").days["format"]["wide"]
        weekdays = [(str(n + 1), _("Every %(day)s") % {"day": names[n]}) for n in range(7)]
        self._offer("kind", [(str(kind), words) for kind, words in KINDS.items()])
        self._offer("weekday", [(_NO_WEEKDAY, _("On the days below")), *weekdays])

    def _offer(self, name: str, choices: list[Any]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean_name(self) -> str:
        # The key of a feast would say when it is: the operator's word.
        name = str(self.cleaned_data["name"]).strip()
        return "" if name in FEASTS else name

    def rule(self) -> DayRule:
        """The rule that was described."""
        typed, whose = self.cleaned_data, self.whose
        is_warehouse = whose.of == WAREHOUSE
        return DayRule(
            country="" if is_warehouse else whose.country,
            carrier="" if is_warehouse else whose.carrier,
            first=typed["first"] or typed["last"],
            last=typed["last"] or (typed["first"] if not typed["weekday"] else None),
            kind=Day(typed["kind"]),
            name=typed["name"],
            part="warehouse" if is_warehouse else "delivery",
            weekday=typed["weekday"] or 0,
        )
