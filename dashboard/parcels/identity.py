"""Whose parcel it is, and what its carrier still needs: the order page's forms for both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from django import forms
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy

from carriers import registry
from dashboard.form_fields import components
from dashboard.parcels.carrier_picker import CarrierField
from dashboard.parcels.field_words import label_of, needs_sentence
from dashboard.shell import address
from lib.vocabulary import TERMINAL, Status
from merchants.access import MerchantRequest
from tracking.evidence import Said
from tracking.models import Shipment, Watch
from tracking.needed_fields import LONGEST, NEEDS_FIELD, lacking

_SAID: Final[dict[Said, Promise]] = {
    Said.NOT_ASKED: pgettext_lazy("a candidate", "Asked next"),
    Said.NOT_FOUND: gettext_lazy("Does not know the number"),
    Said.OTHER_PARCEL: gettext_lazy(
        "Knows the number of another parcel: from before the order, or to another country"
    ),
    Said.MAY_BE: gettext_lazy("Has scans that may be this parcel’s"),
    Said.FITS: gettext_lazy("Has this parcel"),
    Said.FAILED: gettext_lazy("Did not answer"),
}


class CarrierForm(forms.Form):
    """Another carrier for one parcel. A page has one for each: `shipment_id` tells them apart."""

    carrier = CarrierField()

    def __init__(self, data: Mapping[str, Any] | None = None, *, shipment_id: int) -> None:
        super().__init__(data, prefix=f"p{shipment_id}")


class FieldsForm(forms.Form):
    """What the carrier needs and nobody told yet."""

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, shipment_id: int, wanted: Sequence[str]
    ) -> None:
        super().__init__(data, prefix=f"n{shipment_id}")
        for name in wanted:
            attrs = {"dir": "ltr", "autocomplete": "off"}
            field: forms.Field = forms.CharField(
                max_length=LONGEST, widget=forms.TextInput(attrs=attrs)
            )
            if name == "ship_date":
                field = forms.DateField(widget=forms.DateInput(attrs={"type": "date"} | attrs))
            field.label = label_of(name)
            self.fields[name] = field

    def values(self) -> dict[str, str]:
        """As carriers are asked: a day as 2026-03-01."""
        typed = self.cleaned_data
        return {
            name: value.isoformat() if isinstance(value, date) else str(value)
            for name, value in typed.items()
        }


def wanted_of(shipment: Shipment) -> tuple[str, ...]:
    """The fields that this parcel's carrier needs and that nobody told."""
    adapter = registry.CARRIERS.get(shipment.carrier)
    return lacking(adapter.needs, shipment) if adapter else ()


def missing_words(shipment: Shipment) -> str:
    """ "GLS needs the postcode" where the carrier is not asked for want of it; else empty."""
    watch = getattr(shipment, "watch", None)
    if not isinstance(watch, Watch) or watch.result != NEEDS_FIELD:
        return ""
    if shipment.status in TERMINAL:
        return ""
    wanted = wanted_of(shipment)
    return needs_sentence(shipment.carrier, wanted) if wanted else ""


def identity(request: MerchantRequest, shipment: Shipment) -> dict[str, Any]:
    """What `dashboard/_identity.html` takes, of a parcel with its watch and its order."""
    wanted = () if Status(shipment.status) in TERMINAL else wanted_of(shipment)
    return {
        "undecided": _undecided(shipment),
        "missing": needs_sentence(shipment.carrier, wanted) if wanted else "",
        "fields": components(FieldsForm(shipment_id=shipment.pk, wanted=wanted)) if wanted else [],
        "fields_url": address(request, "parcel_fields", shipment.pk),
        "carrier": components(CarrierForm(shipment_id=shipment.pk)),
        "carrier_url": address(request, "parcel_carrier", shipment.pk),
    }


def _undecided(shipment: Shipment) -> list[dict[str, str]]:
    """Who is asked about a parcel whose carrier is not certain, and what each said."""
    language = get_language() or "en"
    watch = getattr(shipment, "watch", None)
    return [
        {
            "label": registry.name_of(entry["slug"], language=language),
            "value": str(_SAID[Said(entry["said"])]),
            "why": entry["why"],
        }
        for entry in (watch.candidates if isinstance(watch, Watch) else ())
    ]
