"""What a merchant types about dates, checked: the usual values, handling, days on a lane."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import time
from typing import Any, Final

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from dashboard.parcels.carrier_picker import CarrierField
from dashboard.setup import country as countries
from edd.estimate import Rules
from edd.handling import Handling, folded
from edd.lanes import Lane, Transit
from edd.models import HandlingRule
from edd.rule_writing import Usual
from lib import formats

LEVELS: Final = (80, 90, 95)
#: Longer is a mistake, or a date that nobody should be promised.
_MOST_DAYS: Final = 60
_MOST_ANNOUNCE: Final = 14


class _TimeInput(forms.TimeInput):
    input_type = "time"


def _days(label: Any, help_text: Any = "", *, least: int = 0, most: int = _MOST_DAYS) -> Any:
    return forms.IntegerField(
        label=label, help_text=help_text, min_value=least, max_value=most,
        widget=forms.NumberInput({"dir": "ltr"}),
    )  # fmt: skip


class UsualForm(forms.Form):
    """What counts where no other rule does; `zones` are the clocks to choose from."""

    cut_off = forms.TimeField(
        label=_("Cut-off"),
        help_text=_("Orders until then count for the same day."),
        widget=_TimeInput({"dir": "ltr"}, format="%H:%M"),
    )
    zone = forms.ChoiceField(label=_("The warehouse’s clock"))
    handling_days = _days(_("Handling, in working days"), _("0: it leaves on the day itself."))
    announce_days = _days(
        _("Tell customers from so many days on"),
        _("A date that moves by less is shown on the page only. Small moves add up."),
        least=1,
        most=_MOST_ANNOUNCE,
    )
    rest_days = forms.TypedMultipleChoiceField(
        label=_("The warehouse rests on"), coerce=int, required=False
    )
    level = forms.TypedChoiceField(coerce=int, choices=[(one, str(one)) for one in LEVELS])

    def __init__(self, *args: Any, zones: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["zone"].choices = [(zone, zone.replace("_", " ")) for zone in zones]  # type: ignore[attr-defined]
        names = formats.locale_of(get_language() or "en").days["format"]["wide"]
        self.fields["rest_days"].choices = [(n + 1, names[n]) for n in range(7)]  # type: ignore[attr-defined]

    @classmethod
    def showing(cls, rules: Rules, *, zones: Iterable[str]) -> UsualForm:
        """The form with the rules in force."""
        initial = {
            "cut_off": f"{rules.cut_off:%H:%M}",
            "zone": rules.zone,
            "handling_days": rules.handling_days,
            "announce_days": rules.announce_days,
            "rest_days": rules.rest_days,
            "level": rules.level,
        }
        return cls(initial=initial, zones=zones)

    def clean_rest_days(self) -> list[int]:
        days: list[int] = sorted(self.cleaned_data["rest_days"])
        if len(days) == len(self.fields["rest_days"].choices):  # type: ignore[attr-defined]
            raise forms.ValidationError(_("A warehouse that always rests sends nothing."))
        return days

    def usual(self, *, shop_zone: str) -> Usual:
        """As it is kept: the shop's own clock needs no word."""
        typed = self.cleaned_data
        return Usual(
            cut_off=typed["cut_off"],
            zone="" if typed["zone"] == shop_zone else typed["zone"],
            handling_days=typed["handling_days"],
            rest_days=tuple(typed["rest_days"]),
            level=typed["level"],
            announce_days=typed["announce_days"],
        )


KINDS: Final = {
    HandlingRule.Kind.WAREHOUSE: _("Warehouse"),
    HandlingRule.Kind.TAG: _("Tag of the order"),
    HandlingRule.Kind.SKU: _("Beginning of a SKU"),
}


class HandlingForm(forms.Form):
    """Handling that differs for a warehouse or a class of goods."""

    kind = forms.ChoiceField(label=_("For"), choices=list(KINDS.items()))
    match = forms.CharField(
        label=_("Name, tag or first letters"),
        max_length=100,
        help_text=_("As your shop writes it; capitals do not matter."),
        widget=forms.TextInput({"autocomplete": "off", "list": "known-goods"}),
    )
    handling_days = _days(_("Handling, in working days"), _("0: it leaves on the day itself."))
    cut_off = forms.TimeField(
        label=_("Cut-off"),
        required=False,
        help_text=_("Empty: the usual one."),
        widget=_TimeInput({"dir": "ltr"}, format="%H:%M"),
    )

    @classmethod
    def showing(cls, row: HandlingRule) -> HandlingForm:
        cut_off: time | None = row.cut_off
        return cls(
            initial={
                "kind": row.kind,
                "match": row.match,
                "handling_days": row.handling_days,
                "cut_off": f"{cut_off:%H:%M}" if cut_off else "",
            }
        )

    def rule(self) -> Handling:
        typed = self.cleaned_data
        return Handling(
            typed["kind"], folded(typed["match"]), typed["handling_days"], typed["cut_off"]
        )


class LaneForm(forms.Form):
    """Days that the merchant knows for a lane; what is left open means any."""

    carrier = CarrierField(required=False, help_text=_("Empty: any carrier."))
    service = forms.CharField(
        label=_("Service"),
        max_length=60,
        required=False,
        help_text=_("Empty: any service."),
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    from_country = forms.ChoiceField(label=_("From"), required=False)
    to_country = forms.ChoiceField(label=_("To"), required=False)
    fastest = _days(_("Business days, fastest"))
    slowest = _days(_("Business days, slowest"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("Any country")), *countries.countries(get_language() or "en")]
        for name in ("from_country", "to_country"):
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or {}
        fastest, slowest = typed.get("fastest"), typed.get("slowest")
        if fastest is not None and slowest is not None and slowest < fastest:
            self.add_error("slowest", _("The slowest is not quicker than the fastest."))
        return typed

    def lane(self) -> Lane:
        typed = self.cleaned_data
        return Lane(
            typed["carrier"], typed["service"], typed["from_country"], typed["to_country"],
            Transit(typed["fastest"], typed["slowest"]),
        )  # fmt: skip
