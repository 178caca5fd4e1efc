"""Cases: opened, talked about, closed with an outcome; and what the shopper is told of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.db.models import QuerySet

from helpdesk.models import Case, CaseEntry
from lib.personal_data import Person
from merchants.models import User
from notifications.answers.settling import answered
from notifications.models import Answer
from tracking.disputes import dispute_delivery, settle_dispute
from tracking.models import Change, Order, Shipment
from tracking.orders import touch
from tracking.outbox import NewChange, write

#: Longer words are refused where they are typed, not cut.
LONGEST: Final = 1000
#: Changes about cases have keys "case:<case>:<entry>".
CHANGE_PREFIX: Final = "case:"


class CaseProblem(ValueError):
    """What was asked of a case cannot be done; the words say why, in English, for no one's eyes."""


def open_case(
    *,
    order: Order,
    kind: str,
    text: str,
    now: datetime,
    shipment: Shipment | None = None,
    by: User | None = None,
) -> tuple[Case, bool]:
    """Open a case; True when something was written. Without `by` it is the shopper's.

    The same words about the same thing again (a double click) are the case that is there;
    other words join it. A parcel that was delivered and not received is disputed with it.
    Raises CaseProblem for no words or more than LONGEST.
    """
    text = _checked(text)
    # Two clicks at once would both find no case; one that is being closed takes no more words.
    _one_at_a_time(order.pk, shipment.pk if shipment is not None else None)
    known = (
        Case.objects.filter(order=order, shipment=shipment, kind=kind, by_shopper=by is None)
        .exclude(state=Case.State.CLOSED)
        .order_by("-pk")
        .first()
    )
    if known is not None:
        return known, _add_words(known, text, by=by, now=now)
    made = Case.objects.create(
        merchant_id=order.merchant_id,
        order=order,
        shipment=shipment,
        kind=kind,
        text=text,
        by_shopper=by is None,
        opened_by=by,
        opened_at=now,
    )
    entry = _enter(made, CaseEntry.Kind.STATE, by=by, now=now, state=Case.State.OPEN)
    if kind == Case.Kind.NOT_RECEIVED and shipment is not None:
        dispute_delivery(shipment=shipment, now=now)
    if by is None:
        # An agent's own case is told when the agent has something to say.
        _tell(made, entry, "opened", now=now)
    touch(order.pk, now=now)
    return made, True


def take_words(*, answer: Answer, order: Order, text: str, now: datetime) -> Case:
    """What somebody wrote by WhatsApp, SMS or e-mail, in `text`, joins the newest open case of
    theirs about this order, or opens one. Nobody is told: whoever wrote hears it elsewhere."""
    _one_at_a_time(order.pk, None)
    rows = Case.objects.filter(order=order, by_shopper=True).exclude(state=Case.State.CLOSED)
    case = rows.order_by("-pk").first()
    if case is None:
        case = Case.objects.create(
            merchant_id=order.merchant_id,
            order=order,
            kind=Case.Kind.OTHER,
            text=text,
            by_shopper=True,
            opened_at=now,
        )
        entry = _enter(case, CaseEntry.Kind.STATE, by=None, now=now, state=Case.State.OPEN)
    else:
        Case.objects.filter(pk=case.pk).update(state=Case.State.OPEN)
        entry = _enter(case, CaseEntry.Kind.FROM_SHOPPER, by=None, now=now, text=text)
    CaseEntry.objects.filter(pk=entry.pk).update(answer=answer)
    touch(order.pk, now=now)
    return case


def note_reply(*, answer: Answer, text: str, language: str, by: User, now: datetime) -> bool:
    """An agent's words went to the shopper by another way: the open case that such answers made
    has them too, and waits. False where there is none."""
    rows = CaseEntry.objects.filter(case__order_id=answer.order_id, answer__isnull=False)
    entry = rows.exclude(case__state=Case.State.CLOSED).select_related("case").order_by("pk").last()
    if entry is None:
        return False
    case = entry.case
    _one_at_a_time(case.order_id, None)
    made = _enter(case, CaseEntry.Kind.TO_SHOPPER, by=by, now=now, text=text, language=language)
    CaseEntry.objects.filter(pk=made.pk).update(answer=answer)
    Case.objects.filter(pk=case.pk).update(state=Case.State.WAITING)
    touch(case.order_id, now=now)
    return True


def _add_words(case: Case, text: str, *, by: User | None, now: datetime) -> bool:
    """Further words of whoever opened the case; False for the same ones again."""
    kind = CaseEntry.Kind.FROM_SHOPPER if by is None else CaseEntry.Kind.NOTE
    said = [case.text, *case.entries.filter(kind=kind).values_list("text", flat=True)]
    if text in said:
        return False
    _enter(case, kind, by=by, now=now, text=text)
    Case.objects.filter(pk=case.pk).update(state=Case.State.OPEN)
    touch(case.order_id, now=now)
    return True


def add_case_note(*, case: Case, text: str, by: User, now: datetime) -> CaseEntry:
    """A note for colleagues; the shopper never sees it. Raises CaseProblem like `open_case`."""
    return _enter(case, CaseEntry.Kind.NOTE, by=by, now=now, text=_checked(text))


def write_to_shopper(
    *, case: Case, text: str, language: str, by: User, now: datetime
) -> CaseEntry | None:
    """Words to the shopper, on the page and as a message; the case then waits.

    The same words as the last ones (a double click) are not sent again: None. Raises
    CaseProblem for a closed case.
    """
    text = _checked(text)
    locked = _open(case)
    last = locked.entries.exclude(kind=CaseEntry.Kind.NOTE).order_by("-at", "-pk").first()
    if last is not None and (last.kind, last.text) == (CaseEntry.Kind.TO_SHOPPER, text):
        return None
    entry = _enter(locked, CaseEntry.Kind.TO_SHOPPER, by=by, now=now, text=text, language=language)
    Case.objects.filter(pk=locked.pk).update(state=Case.State.WAITING)
    answered(order_id=locked.order_id, by=by, now=now)
    _tell(locked, entry, "replied", now=now)
    touch(locked.order_id, now=now)
    return entry


def set_state(*, case: Case, state: str, by: User, now: datetime) -> bool:
    """Mark a case as waiting or open again; False when it is so already."""
    if state not in {Case.State.OPEN, Case.State.WAITING}:
        raise CaseProblem("a case is closed with an outcome")
    locked = _open(case)
    if locked.state == state:
        return False
    Case.objects.filter(pk=locked.pk).update(state=state)
    _enter(locked, CaseEntry.Kind.STATE, by=by, now=now, state=state)
    touch(locked.order_id, now=now)
    return True


def close_case(
    *, case: Case, outcome: str, text: str, language: str, by: User, now: datetime
) -> CaseEntry:
    """Close with an outcome and the words that the shopper is told; a dispute ends with it."""
    if outcome not in Case.Outcome.values:
        raise CaseProblem("there is no such outcome")
    text = _checked(text)
    locked = _open(case)
    Case.objects.filter(pk=locked.pk).update(
        state=Case.State.CLOSED, outcome=outcome, closed_at=now
    )
    locked.refresh_from_db()
    entry = _enter(
        locked, CaseEntry.Kind.STATE, by=by, now=now,
        text=text, language=language, state=Case.State.CLOSED,
    )  # fmt: skip
    if locked.kind == Case.Kind.NOT_RECEIVED and locked.shipment is not None:
        settle_dispute(shipment=locked.shipment, now=now)
    answered(order_id=locked.order_id, by=by, now=now)
    _tell(locked, entry, "closed", now=now)
    touch(locked.order_id, now=now)
    return entry


def open_cases() -> QuerySet[Case]:
    """The cases that are not closed, oldest first; in the merchant's scope."""
    found: QuerySet[Case] = Case.objects.exclude(state=Case.State.CLOSED).order_by(
        "opened_at", "pk"
    )
    return found


def _open(case: Case) -> Case:
    """The case, locked; raises CaseProblem where it was closed meanwhile."""
    _one_at_a_time(case.order_id, case.shipment_id)
    locked: Case = Case.objects.get(pk=case.pk)
    if locked.state == Case.State.CLOSED:
        raise CaseProblem("the case is closed")
    return locked


def _one_at_a_time(order_id: int, shipment_id: int | None) -> None:
    """Wait for whoever else changes a case of this order.

    A parcel is locked before its order, as `tracking.ingest` does: the other way round, news
    from the carrier and a dispute would wait for each other.
    """
    if shipment_id is not None:
        Shipment.objects.select_for_update(no_key=True, of=("self",)).get(pk=shipment_id)
    Order.objects.select_for_update(no_key=True).get(pk=order_id)


def _checked(text: str) -> str:
    text = text.replace("\x00", "").replace("\r\n", "\n").strip()
    if not text:
        raise CaseProblem("no words")
    if len(text) > LONGEST:
        raise CaseProblem("too many words")
    return text


def _enter(case: Case, kind: str, *, by: User | None, now: datetime, **fields: str) -> CaseEntry:
    return CaseEntry.objects.create(
        merchant_id=case.merchant_id, case=case, kind=kind, author=by, at=now, **fields
    )


def _tell(case: Case, entry: CaseEntry, event: str, *, now: datetime) -> None:
    """A change that messages are made from. The shopper's own words are never in it."""
    data = {
        "case": case.pk,
        "event": event,
        "kind": case.kind,
        "outcome": case.outcome,
        "words": entry.text,
        "words_language": entry.language,
    }
    change = NewChange(
        merchant_id=case.merchant_id,
        order_id=case.order_id,
        shipment_id=case.shipment_id,
        kind=Change.Kind.ORDER,
        key=f"{CHANGE_PREFIX}{case.pk}:{entry.pk}",
        at=now,
        data=data,
    )
    write([change], now=now)


def export_person(person: Person) -> list[dict[str, Any]]:
    """The cases of this person's orders with everything written in them, oldest first."""
    cases = Case.objects.filter(order_id__in=person.order_ids).order_by("pk")
    found = {case.pk: _exported(case) for case in cases}
    entries = CaseEntry.objects.filter(case_id__in=list(found)).exclude(text="")
    for entry in entries.order_by("at", "pk"):
        line = {"kind": entry.kind, "at": entry.at.isoformat(), "text": entry.text}
        found[entry.case_id]["entries"].append(line)
    return list(found.values())


def _exported(case: Case) -> dict[str, Any]:
    return {
        "order": case.order_id,
        "kind": case.kind,
        "at": case.opened_at.isoformat(),
        "text": case.text,
        "state": case.state,
        "outcome": case.outcome,
        "entries": [],
    }


def erase_person(person: Person) -> int:
    """Blank all that was written; that there was a case, and how it ended, stays."""
    ids = person.order_ids
    blanked = Case.objects.filter(order_id__in=ids).exclude(text="").update(text="")
    blanked += CaseEntry.objects.filter(case__order_id__in=ids).exclude(text="").update(text="")
    told = Change.objects.filter(
        order_id__in=ids, kind=Change.Kind.ORDER, key__startswith=CHANGE_PREFIX
    )
    for change in told:
        if change.data.get("words"):
            change.data["words"] = ""
            change.save(update_fields=["data"])
            blanked += 1
    return blanked
