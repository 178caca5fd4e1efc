"""Agents' notes: added, and handed over or erased with everything else about a person."""

from __future__ import annotations

from typing import Any

from helpdesk.models import Note
from lib.personal_data import Person
from merchants.models import User
from tracking.models import Order

LONGEST = 2000


def add_note(*, order: Order, author: User, text: str) -> tuple[Note | None, bool]:
    """Write a note down; True when it is new. An empty one is not written (None).

    Longer than LONGEST characters is cut; NUL, which PostgreSQL refuses, goes. The same text
    by the same author directly again (a double click) is the note that is there.
    """
    text = text.replace("\x00", "").strip()[:LONGEST]
    if not text:
        return None, False
    latest = Note.objects.filter(order=order).order_by("-at", "-pk").first()
    if latest is not None and (latest.author_id, latest.text) == (author.pk, text):
        return latest, False
    made = Note.objects.create(merchant_id=order.merchant_id, order=order, author=author, text=text)
    return made, True


def export_person(person: Person) -> list[dict[str, Any]]:
    """The notes on this person's orders, oldest first."""
    rows = Note.objects.filter(order_id__in=person.order_ids).order_by("at", "pk")
    return [{"order": note.order_id, "at": note.at.isoformat(), "text": note.text} for note in rows]


def erase_person(person: Person) -> int:
    """Delete the notes on this person's orders."""
    return Note.objects.filter(order_id__in=person.order_ids).delete()[0]
