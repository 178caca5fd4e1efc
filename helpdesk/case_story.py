"""The cases and answers of one order, as the desk's templates take them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _

from carriers.registry import name_of
from helpdesk.case_words import ENTRIES, KINDS, OUTCOMES, STATES, told
from helpdesk.cases import LONGEST
from helpdesk.models import Case, CaseEntry
from helpdesk.reader import Reader
from lib import answer_words
from merchants.models import Merchant, User
from tracking.models import DeliveryAnswer, Order, Shipment


@dataclass(frozen=True, slots=True)
class Typed:
    """What an agent posted that could not be done: into which form, what, and why."""

    form: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    error: str = ""


NOTHING: Final = Typed()


def read_cases(order: Order) -> list[tuple[Case, list[CaseEntry]]]:
    """The order's cases, open ones first, each with its story oldest first; two queries."""
    cases = list(Case.objects.filter(order=order).select_related("opened_by").order_by("-pk"))
    entries: dict[int, list[CaseEntry]] = defaultdict(list)
    rows = CaseEntry.objects.filter(case__order=order).select_related("author")
    for entry in rows.order_by("at", "pk"):
        entries[entry.case_id].append(entry)
    cases.sort(key=lambda case: case.state == Case.State.CLOSED)
    return [(case, entries[case.pk]) for case in cases]


def case_rows(
    cases: Sequence[tuple[Case, list[CaseEntry]]],
    reader: Reader,
    *,
    merchant: Merchant,
    language: str,
    acts: bool,
    typed: Typed,
) -> list[dict[str, Any]]:
    """`cases` of the desk. Without `acts` (a viewer) neither words nor forms."""
    return [
        _case_row(case, entries, reader, merchant, language, acts=acts, typed=typed)
        for case, entries in cases
    ]


def _case_row(
    case: Case,
    entries: Sequence[CaseEntry],
    reader: Reader,
    merchant: Merchant,
    language: str,
    *,
    acts: bool,
    typed: Typed,
) -> dict[str, Any]:
    tone, icon, word = STATES[case.state]
    is_open = case.state != Case.State.CLOSED
    forms = None
    if acts and is_open:
        forms = {
            "url": reverse("helpdesk:case", args=[merchant.slug, case.pk]),
            "longest": LONGEST,
            "language": language,
            "outcomes": [
                {"value": key, "label": str(label), "words": told(key, language)}
                for key, label in OUTCOMES.items()
            ],
            "other_state": "open" if case.state == Case.State.WAITING else "waiting",
            "typed": typed.form if typed.form.endswith(f":{case.pk}") else "",
            "values": typed.values,
            "error": typed.error,
        }
    return {
        "id": case.pk,
        "kind": str(KINDS[case.kind]),
        "tone": tone,
        "icon": icon,
        "state": str(OUTCOMES[case.outcome]) if case.outcome else str(word),
        "by": _("the customer") if case.by_shopper else _who(case.opened_by),
        "text": case.text if acts else "",
        "is_open": is_open,
        "entries": [_entry_row(entry, reader) for entry in entries if acts and _says(entry)],
        "forms": forms,
        **reader.pair(case.opened_at),
    }


def _says(entry: CaseEntry) -> bool:
    """Opening is said by the case's own line."""
    return not (
        entry.kind == CaseEntry.Kind.STATE and entry.state == Case.State.OPEN and not entry.text
    )


def _entry_row(entry: CaseEntry, reader: Reader) -> dict[str, Any]:
    said = ENTRIES.get(entry.kind) or STATES[entry.state][2]
    is_theirs = entry.kind == CaseEntry.Kind.FROM_SHOPPER
    return {
        "said": str(said),
        "text": entry.text,
        "lang": entry.language,
        "by": "" if is_theirs else _who(entry.author),
        **reader.pair(entry.at),
    }


def _who(user: User | None) -> str:
    return (user.name or user.email) if user else _("Left the team")


def answer_rows(
    answers: Sequence[DeliveryAnswer],
    parcels: Sequence[Shipment],
    reader: Reader,
    *,
    merchant: Merchant,
    url: str,
    acts: bool,
) -> list[dict[str, Any]]:
    """`answers` of desk and dashboard: what customers said to failed attempts, newest first.

    `url` is where the buttons post, with "{id}" for the answer. Address, phone and words are
    for who may act.
    """
    by_id = {parcel.pk: parcel for parcel in parcels}
    return [
        _answer_row(one, by_id[one.shipment_id], reader, merchant, url=url, acts=acts)
        for one in answers
        if one.shipment_id in by_id
    ]


def _answer_row(
    one: DeliveryAnswer,
    parcel: Shipment,
    reader: Reader,
    merchant: Merchant,
    *,
    url: str,
    acts: bool,
) -> dict[str, Any]:
    carrier = name_of(parcel.carrier, language=reader.language)
    waits = one.by_hand and one.state in {"received", "sent"}
    return {
        "sentence": answer_sentence(one, carrier=carrier, shop=merchant.name, reader=reader),
        "parcel": parcel.tracking_number,
        "details": _details(one) if acts else [],
        "carrier_words": one.carrier_words,
        "reference": one.reference,
        "problem": one.problem if one.by_hand else "",
        "by": _who(one.handled_by) if one.handled_by_id else "",
        "buttons": _buttons(one) if waits and acts else [],
        "url": url.replace("{id}", str(one.pk)),
        "tone": "act" if waits and one.state == "received" else "quiet",
        **reader.pair(one.created_at),
    }


def asked_of(one: DeliveryAnswer) -> answer_words.Asked:
    return answer_words.Asked(
        state=one.state,
        by_hand=one.by_hand,
        day=one.day,
        part_of_day=one.part_of_day,
        address=bool(one.address),
        landmark=bool(one.landmark),
        phone=bool(one.phone),
        words=bool(one.words),
        safe_place=bool(one.safe_place),
        neighbour=bool(one.neighbour),
        pin=bool(one.pin),
    )


def answer_sentence(one: DeliveryAnswer, *, carrier: str, shop: str, reader: Reader) -> str:
    """What the customer said and what became of it, for who works here."""
    words = {"carrier": carrier, "n": one.attempt}
    if one.kind == DeliveryAnswer.Kind.NOBODY_CAME:
        said = {
            "received": _("The customer says nobody came at attempt %(n)s. Ask %(carrier)s"),
            "sent": _("%(carrier)s was asked why nobody came at attempt %(n)s"),
            "accepted": _("%(carrier)s admits that nobody came at attempt %(n)s"),
            "refused": _("%(carrier)s says that it came at attempt %(n)s"),
        }
        return f"{said.get(one.state, said['sent']) % words}{_call(one)}"
    words |= {"what": answer_words.what(asked_of(one), reader.language)}
    if one.by_hand and one.state == "received" and one.kind == DeliveryAnswer.Kind.AWAY:
        return _("The customer will not be there. Pass on to %(carrier)s: %(what)s") % words
    if one.by_hand and one.state == "received":
        return _("Pass on to %(carrier)s: %(what)s") % words
    if one.state == "overtaken":
        return _("The parcel moved on before this was passed on: %(what)s") % words
    return answer_words.sentence(
        asked_of(one), carrier=carrier, shop=shop, language=reader.language
    )


def _call(one: DeliveryAnswer) -> str:
    """Whether somebody called, where the customer said so."""
    if one.called is None:
        return ""
    return f" · {_('Somebody called') if one.called else _('Nobody called')}"


def _details(one: DeliveryAnswer) -> list[dict[str, str]]:
    rows = (
        (_("Address"), one.address),
        (_("Landmark"), one.landmark),
        (_("Phone"), one.phone),
        (_("Point on the map"), one.pin),
        (_("May be left at"), one.safe_place),
        (_("May be left with"), one.neighbour),
        (_("For the courier"), one.words),
    )
    return [{"label": label, "value": value} for label, value in rows if value]


def _buttons(one: DeliveryAnswer) -> list[dict[str, str]]:
    """What a person may say about it: (value of `do`, label)."""
    passed = [{"do": "passed_on", "label": _("I passed it on")}] if one.state == "received" else []
    if one.kind == DeliveryAnswer.Kind.NOBODY_CAME:
        yes, no = _("The carrier admits it"), _("The carrier denies it")
    else:
        yes, no = _("The carrier agreed"), _("The carrier refused")
    return [*passed, {"do": "agreed", "label": yes}, {"do": "refused", "label": no}]
