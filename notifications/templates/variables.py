"""Everything that a template may name: one table for the picker, the check and the docs."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from lib import formats
from notifications.templates.values import Day, first_name

if TYPE_CHECKING:
    from notifications.rendering import Telling


@dataclass(frozen=True, slots=True)
class Variable:
    """One thing that can be named. `fallback` stands where the value is not known; without one
    the picker offers `| default: "…"`, if the value `may_lack`. `written` is what the picker writes
    instead."""

    name: str
    label: Promise
    example: str
    may_lack: bool = False
    fallback: Promise | str = ""
    written: str = ""

    @property
    def insert(self) -> str:
        """What the picker writes."""
        if self.written:
            return self.written
        if self.may_lack and not self.fallback:
            return "{{ " + self.name + ' | default: "…" }}'
        return "{{ " + self.name + " }}"


_LOOP: Final = "{% for item in items %}{{ item.quantity }} × {{ item.title }}\n{% endfor %}"

VARIABLES: Final[Sequence[Variable]] = (
    Variable("customer.first_name", _("The reader’s first name"), "Layla", may_lack=True),
    Variable("customer.name", _("The reader’s name"), "Layla Haddad", may_lack=True),
    Variable("shop.name", _("The shop’s name"), "Noor Home"),
    Variable("shop.email", _("Where questions go"), "help@noor.example", may_lack=True),
    Variable("shop.phone", _("The phone for questions"), "+971 4 123 4567", may_lack=True),
    Variable("order.number", _("The order’s number"), "1042"),
    Variable("order.total", _("What the order cost"), "AED 149.00", may_lack=True),
    Variable("parcel.carrier", _("The carrier"), "Aramex", True, _("The carrier")),
    Variable("parcel.number", _("The tracking number"), "47218830956", may_lack=True),
    Variable("parcel.status", _("Where the parcel is on its way"), "On its way"),
    Variable("date.window", _("When it is expected"), "Thu 12 – Sat 14 Nov", may_lack=True),
    Variable("date.first", _("The first expected day"), "Thu 12 Nov", may_lack=True),
    Variable("date.last", _("The last expected day"), "Sat 14 Nov", may_lack=True),
    Variable("date.was", _("When it was expected before"), "Tue 10 Nov", may_lack=True),
    Variable("heading", _("Our sentence about it"), "On its way, expected Thu 12 – Sat 14 Nov"),
    Variable("link", _("The address of the order’s page"), "https://track.noor.example/p/k7Qx2m/"),
    Variable("to_pay", _("What is to be paid at the door"), "AED 149.00", may_lack=True),
    Variable("amount", pgettext_lazy("a refund or cash", "The sum"), "AED 149.00", may_lack=True),
    Variable("code", _("The voucher’s code"), "THANKS10", may_lack=True),
    Variable("worth", _("What the voucher is worth"), "10 %", may_lack=True),
    Variable("answer", _("What the shop answered"), "It is on its way again.", may_lack=True),
    Variable("items", _("Item by item"), "2 × Linen cushion cover", written=_LOOP),
)  # fmt: skip
#: Of one of `items`, by whichever name a loop gives it.
OF_ITEM: Final = ("title", "quantity")
#: What a loop knows of itself.
OF_LOOP: Final = frozenset({"first", "last", "index", "index0", "length", "rindex", "rindex0"})

NAMES: Final = frozenset(one.name for one in VARIABLES)


def nearest(name: str, known: Sequence[str] = tuple(sorted(NAMES))) -> str:
    """The name that was probably meant; "" for none."""
    found = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    return found[0] if found else ""


def values_of(telling: Telling) -> Mapping[str, Any]:
    """What the table's names stand for in this message; its language must be active."""
    look, state, language = telling.look, telling.state, telling.language
    first, last = state.first, state.last
    window = formats.date_range(first, last, language) if first and last else ""
    was = (
        formats.date_range(state.was_first, state.was_last, language)
        if state.was_first and state.was_last
        else ""
    )
    return {
        "shop": {
            "name": look.shop,
            "email": look.support_email,
            "phone": look.support_phone,
        },
        "order": {"number": telling.order_number, "total": telling.total},
        "customer": {
            "name": telling.recipient_name,
            "first_name": first_name(telling.recipient_name),
        },
        "parcel": {
            "carrier": telling.carrier or gettext("The carrier"),
            "number": telling.tracking_number,
            "status": telling.status,
        },
        "date": {
            "window": window,
            "first": Day(first, language) if first else "",
            "last": Day(last, language) if last else "",
            "was": was,
        },
        "heading": telling.sentence,
        "link": telling.link + telling.part,
        "to_pay": telling.to_pay,
        "amount": telling.facts.get("amount", ""),
        "code": telling.facts.get("code", ""),
        "worth": telling.facts.get("worth", ""),
        "answer": telling.answer,
        "items": [{"title": one.title, "quantity": one.quantity} for one in telling.items],
    }
