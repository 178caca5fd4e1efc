"""The form that corrects an address: its fields for a country, and what was typed into them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from django.utils.translation import gettext as _

from lib.addresses import words
from lib.addresses.answering import LONGEST, PLACE, Fault, read_answer
from lib.addresses.parts import AddressParts, Need
from tracking.address_check import parts_of
from tracking.models import Order

#: What is refused: only what could not be kept. Everything else is the score's to say.
_REFUSED: Final = frozenset({Fault.TOO_LONG, Fault.PLACE, Fault.SHORT_LINK, Fault.ELSEWHERE})
_FROM_LEFT: Final = frozenset({"postcode", "phone", "national_address", "makani", PLACE})


def fields_of(
    order: Order,
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> list[dict[str, Any]]:
    """The fields for `dashboard/_form.html`, filled with what is known or was typed."""
    values = typed if typed is not None else _known(parts_of(order))
    return [
        {
            "kind": "field",
            "name": name,
            "label": label,
            "type": "tel" if name == "phone" else "text",
            "value": values.get(name, ""),
            "error": (errors or {}).get(name, ""),
            "autocomplete": "off",
            "dir": "ltr" if name in _FROM_LEFT else "",
        }
        for name, label in _labels(order.country)
    ]


def read_typed(order: Order, posted: Mapping[str, str]) -> tuple[AddressParts, dict[str, str]]:
    """The address as it was typed, and what cannot be kept, by field.

    Fields that the country's form does not have keep what is known.
    """
    names = [name for name, _label in _labels(order.country)]
    typed = {name: str(posted.get(name, "")).replace("\x00", "").strip() for name in names}
    answer = read_answer(typed, country=order.country)
    errors = {
        name: words.fault(fault, order.country, longest=LONGEST[name])
        for name, fault in answer.faults.items()
        if fault in _REFUSED
    }
    texts: dict[str, Any] = {
        name: getattr(answer.parts, name) or text[: LONGEST[name]]
        for name, text in typed.items()
        if name != PLACE
    }
    texts |= {"pin": answer.parts.pin, "what3words": answer.parts.what3words}
    return replace(parts_of(order), **texts), errors


def _labels(country: str) -> list[tuple[str, str]]:
    own = {"SA": ("national_address", words.label(Need.NATIONAL_ADDRESS))}
    own["AE"] = ("makani", _("Makani number"))
    return [
        ("line1", words.label(Need.STREET, country)),
        ("line2", _("Second line")),
        ("district", words.label(Need.DISTRICT, country)),
        ("city", words.label(Need.CITY, country)),
        ("region", words.label(Need.REGION, country)),
        ("postcode", words.label(Need.POSTCODE, country)),
        *([own[country]] if country in own else []),
        ("phone", words.label(Need.PHONE, country)),
        ("landmark", _("Landmark")),
        (PLACE, _("Point on the map: link, numbers or three words")),
    ]


def _known(parts: AddressParts) -> dict[str, str]:
    place = f"{parts.pin[0]:.6f}, {parts.pin[1]:.6f}" if parts.pin else parts.what3words
    texts = {name: getattr(parts, name) for name in LONGEST if name != PLACE}
    return texts | {PLACE: place}
