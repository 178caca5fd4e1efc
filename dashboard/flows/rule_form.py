"""The form of one rule: what was typed, checked, and made into the rule it means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from dashboard.flows.countries import country_codes
from dashboard.flows.sentence import Names
from dashboard.flows.steps import NOT, STEPS, steps_of, ways_from
from notifications.channels.registry import CHANNELS
from notifications.rules import Ruling
from notifications.texts import CASE
from notifications.triggers import BUYER, FRONT_DESK, RECEIVER

_UNITS: Final[Mapping[str, tuple[int, Promise]]] = {
    "minutes": (1, pgettext_lazy("unit of a wait", "minutes")),
    "hours": (60, pgettext_lazy("unit of a wait", "hours")),
    "days": (24 * 60, pgettext_lazy("unit of a wait", "days")),
}
_ROLE_LABELS: Final[Mapping[str, Promise]] = {
    BUYER: pgettext_lazy("who is told", "The buyer"),
    RECEIVER: pgettext_lazy("who is told", "The receiver"),
    FRONT_DESK: pgettext_lazy("who is told", "The front desk"),
}
_CASH: Final[Sequence[tuple[str, Promise]]] = (
    ("", gettext_lazy("However it is paid")),
    ("yes", gettext_lazy("Only cash on delivery")),
    ("no", gettext_lazy("Only what is paid already")),
)
#: A wait of more than this is a mistake.
_LONGEST: Final = 90 * 24 * 60
_DATE_TOPICS: Final = frozenset({"date_earlier", "date_later"})


def asks_days(topic: str) -> bool:
    """Whether a rule of this trigger may say by how many days a date must move."""
    return topic in _DATE_TOPICS


class RuleForm(forms.Form):
    """Everything that a merchant may say of one rule; `rule` is what it starts from."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=80, required=False)
    roles = forms.MultipleChoiceField(label=gettext_lazy("Whom"), required=False)
    delay = forms.IntegerField(label=gettext_lazy("Wait"), min_value=0, required=False)
    unit = forms.ChoiceField(
        label=gettext_lazy("Unit of the wait"),
        choices=[(name, label) for name, (_minutes, label) in _UNITS.items()],
        required=False,
    )
    still = forms.BooleanField(label=gettext_lazy("Only if it is still so then"), required=False)
    at_night = forms.BooleanField(label=gettext_lazy("Also in the quiet hours"), required=False)
    least_days = forms.IntegerField(
        label=gettext_lazy("Days that the date moves, at least"),
        min_value=0,
        max_value=30,
        required=False,
    )
    stores = forms.MultipleChoiceField(label=gettext_lazy("Stores"), required=False)
    countries = forms.CharField(label=gettext_lazy("Countries"), max_length=600, required=False)
    carriers = forms.MultipleChoiceField(label=gettext_lazy("Carriers"), required=False)
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Languages of the reader"), required=False
    )
    tags = forms.CharField(label=gettext_lazy("Tags of the order"), max_length=600, required=False)
    least_value = forms.DecimalField(
        label=gettext_lazy("Comes to at least"),
        min_value=Decimal(0), max_digits=12, decimal_places=3, required=False,
    )  # fmt: skip
    most_value = forms.DecimalField(
        label=gettext_lazy("Comes to at most"),
        min_value=Decimal(0), max_digits=12, decimal_places=3, required=False,
    )  # fmt: skip
    cash = forms.ChoiceField(label=gettext_lazy("Payment"), choices=_CASH, required=False)

    def __init__(self, data: Any, *, rule: Ruling, names: Names) -> None:
        self._rule = rule
        super().__init__(data, initial=_initial(rule, names))
        known = {
            "roles": [(role, _ROLE_LABELS[role]) for role in rule.trigger.roles],
            "stores": list(names.stores.items()),
            "carriers": sorted(names.carriers.items(), key=lambda one: one[1]),
            "languages": list(names.languages.items()),
        }
        for name, choices in known.items():
            self.fields[name].choices = choices  # type: ignore[attr-defined]
        self.steps: dict[str, str] = (
            {slug: str(data.get(f"way_{slug}", NOT)) for slug in CHANNELS}
            if data is not None
            else steps_of(rule.ways)
        )

    @property
    def has_ways(self) -> bool:
        """Whether there is a choice: what a shopper asked is answered by every way."""
        return self._rule.trigger.slug != CASE

    def clean_roles(self) -> list[str]:
        chosen = list(self.cleaned_data["roles"])
        if not chosen:
            raise forms.ValidationError(_("Choose at least one who is told."))
        return [role for role in self._rule.trigger.roles if role in chosen]

    def clean_countries(self) -> list[str]:
        codes, unknown = country_codes(self.cleaned_data["countries"])
        if unknown:
            raise forms.ValidationError(
                _("“%(name)s” is no country we know. A code such as SA works as well.")
                % {"name": unknown[0]}
            )
        return codes

    def clean_tags(self) -> list[str]:
        parts = self.cleaned_data["tags"].replace("،", ",").split(",")
        return list(dict.fromkeys(part.strip() for part in parts if part.strip()))

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        self._check_ways()
        if self._minutes(values) > _LONGEST:
            self.add_error("delay", _("At most 90 days."))
        least, most = values.get("least_value"), values.get("most_value")
        if least is not None and most is not None and most < least:
            self.add_error("most_value", _("This is less than the least value."))
        return values

    def _check_ways(self) -> None:
        if not self.has_ways:
            return
        taken = [step for step in self.steps.values() if step in STEPS]
        if any(step not in {NOT, "always", *STEPS} for step in self.steps.values()):
            self.add_error(None, _("Choose again by which ways it is told."))
        elif len(set(taken)) < len(taken):
            self.add_error(
                None,
                _("Two ways have the same place in the order. Give each a place of its own."),
            )
        elif not ways_from(self.steps):
            self.add_error(None, _("Choose at least one way. To tell nobody, switch it off."))

    def ruling(self) -> Ruling:
        """What the valid form means."""
        values = self.cleaned_data
        rule = self._rule
        return replace(
            rule,
            name=values["name"].strip(),
            roles=tuple(values["roles"]),
            ways=ways_from(self.steps, others=rule.ways) if self.has_ways else rule.ways,
            conditions=_conditions(values),
            delay_minutes=self._minutes(values),
            still=values["still"],
            least_days=(values["least_days"] or 0) if asks_days(str(rule.trigger.slug)) else 0,
            at_night=values["at_night"],
        )

    def _minutes(self, values: Mapping[str, Any]) -> int:
        minutes, _label = _UNITS.get(str(values.get("unit")), _UNITS["minutes"])
        return (values.get("delay") or 0) * minutes


def _conditions(values: Mapping[str, Any]) -> dict[str, Any]:
    """As `notifications.conditions` reads them; what was left open is left out."""
    found: dict[str, Any] = {
        name: list(values[name])
        for name in ("stores", "countries", "carriers", "tags", "languages")
        if values[name]
    }
    for name in ("least_value", "most_value"):
        if values[name] is not None:
            found[name] = f"{values[name].normalize():f}"
    if values["cash"]:
        found["cash"] = values["cash"] == "yes"
    return found


def _initial(rule: Ruling, names: Names) -> dict[str, Any]:
    conditions = rule.conditions
    unit, delay = _in_units(rule.delay_minutes)
    cash = conditions.get("cash")
    return {
        "name": rule.name,
        "roles": list(rule.roles),
        "delay": delay,
        "unit": unit,
        "still": rule.still,
        "at_night": rule.at_night,
        "least_days": rule.least_days,
        "stores": conditions.get("stores", []),
        "countries": ", ".join(
            names.countries.get(code, code) for code in conditions.get("countries", [])
        ),
        "carriers": conditions.get("carriers", []),
        "languages": conditions.get("languages", []),
        "tags": ", ".join(conditions.get("tags", [])),
        "least_value": conditions.get("least_value", ""),
        "most_value": conditions.get("most_value", ""),
        "cash": "" if cash is None else ("yes" if cash else "no"),
    }


def _in_units(minutes: int) -> tuple[str, int]:
    for name in ("days", "hours"):
        size = _UNITS[name][0]
        if minutes and minutes % size == 0:
            return name, minutes // size
    return "minutes", minutes
