"""The form of a disruption: which parcels, how many days, from when to when, what is said."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from carriers.registry import name_of
from dashboard.languages.tabs import text_field
from dashboard.parcels.carrier_picker import CarrierField
from dashboard.setup import country as countries
from edd.disruption_rows import Wanted
from edd.disruption_words import CAUSES
from edd.disruptions import MOST_DAYS, Disruption
from edd.regions import region_name
from tracking.models import Order, Slowness

#: Longer than this it is no disruption any more, but what is usual.
LONGEST: Final = timedelta(days=120)
#: So many of the newest orders say which regions are suggested.
_RECENT: Final = 2000
_USUAL_LENGTH: Final = timedelta(days=7)
_LONGEST_SENTENCE: Final = 300


class _Day(forms.DateInput):
    input_type = "date"


class DisruptionForm(forms.Form):
    """Empty means any. `today` is the shop's; a disruption that is new may not be over already."""

    carrier = CarrierField(required=False, help_text=_("Empty: every carrier."))
    service = forms.CharField(
        label=_("Service"), max_length=60, required=False, help_text=_("Empty: every service.")
    )
    from_country = forms.ChoiceField(label=_("Sent from"), required=False)
    to_country = forms.ChoiceField(label=_("Sent to"), required=False)
    to_region = forms.CharField(
        label=_("State or region"),
        max_length=120,
        required=False,
        help_text=_("By name or code, or a city where addresses have no region. Empty: all of it."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "list": "regions"}),
    )
    days = forms.IntegerField(
        label=_("Working days to add"),
        min_value=1,
        max_value=MOST_DAYS,
        help_text=_("To the last day of the window."),
    )
    starts = forms.DateField(label=_("First day"), widget=_Day)
    ends = forms.DateField(label=_("Last day"), widget=_Day)
    cause = forms.ChoiceField(label=_("Why"))

    def __init__(
        self, data: Mapping[str, Any] | None, *, today: date, languages: Sequence[str],
        kept: Mapping[str, str] | None = None, **rest: Any,
    ) -> None:  # fmt: skip
        """`languages` are those that the shop writes in; `kept` is what was said before, so that
        other languages keep it."""
        super().__init__(data, **rest)
        self.today, self.languages, self.kept = today, languages, dict(kept or {})
        for code in languages:
            self.fields[f"sentence_{code}"] = text_field(
                _("Your sentence"), language=code, longest=_LONGEST_SENTENCE, is_long=True
            )
        language = get_language() or "en"
        for name, words in (("from_country", _("Anywhere")), ("to_country", _("Everywhere"))):
            options = [("", words), *countries.countries(language)]
            self.fields[name].choices = options  # type: ignore[attr-defined]
        self.fields["cause"].choices = list(CAUSES.items())  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or {}
        starts, ends = typed.get("starts"), typed.get("ends")
        if starts and ends:
            if ends < starts:
                self.add_error("ends", _("It ends before it begins."))
            elif ends - starts > LONGEST:
                self.add_error("ends", _("At most four months. What lasts longer is usual."))
            elif ends < self.today:
                self.add_error("ends", _("This day is over. No parcel would be touched."))
        if typed.get("to_region") and not typed.get("to_country"):
            self.add_error("to_country", _("Choose the country that the region is in."))
        return typed

    def wanted(self) -> Wanted:
        """What was asked for, once it is valid."""
        typed = dict(self.cleaned_data)
        typed_here = {code: typed.pop(f"sentence_{code}").strip() for code in self.languages}
        said = self.kept | typed_here
        return Wanted(**typed, sentences={code: text for code, text in said.items() if text})


def first_values(found: Disruption | None, slow: Slowness | None, *, today: date) -> dict[str, Any]:
    """What the form begins with: a disruption that is changed, a suggestion, or nearly nothing."""
    language = get_language() or "en"
    if found is not None:
        said = {f"sentence_{code}": text for code, text in found.sentences.items()}
        return said | {
            "carrier": name_of(found.carrier, language=language) if found.carrier else "",
            "service": found.service, "from_country": found.from_country,
            "to_country": found.to_country, "to_region": found.to_region, "days": found.days,
            "starts": str(found.starts), "ends": str(found.ends), "cause": found.cause,
        }  # fmt: skip
    begins: dict[str, Any] = {
        "starts": str(today), "ends": str(today + _USUAL_LENGTH), "cause": "strike", "days": 3,
    }  # fmt: skip
    if slow is None:
        return begins
    region = region_name(slow.to_country, slow.to_region)
    return begins | {
        "carrier": name_of(slow.carrier, language=language), "to_country": slow.to_country,
        "to_region": region, "days": slow.days, "cause": "other",
    }  # fmt: skip


def fingerprint(wanted: Wanted) -> str:
    """Whether what is saved is what was looked at."""
    return hashlib.blake2b(repr(wanted).encode(), digest_size=8).hexdigest()


def regions() -> list[str]:
    """Regions that the shop has sent to lately, for the field's suggestions; in its scope."""
    recent = Order.objects.order_by("-pk").values_list("country", "region")[:_RECENT]
    return sorted({region.strip() for _country, region in recent if region.strip()})[:100]
