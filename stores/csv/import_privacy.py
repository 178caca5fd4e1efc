"""The personal data in files of orders: what waits to be imported, and rows that were refused."""

from __future__ import annotations

from typing import Any

from lib.folding import digits
from lib.personal_data import Person
from stores.models import ImportPiece, ImportRow, OrderImport


def export_person(person: Person) -> list[dict[str, Any]]:
    """The refused rows that name this person, as they stood in the file."""
    rows = ImportRow.objects.filter(pk__in=_rows_of(person)).order_by("pk")
    return [{"row": row.number, "cells": row.cells} for row in rows]


def erase_person(person: Person) -> int:
    """Delete the rows that name this person, and every file that nobody has imported yet: in raw
    bytes nobody can be found. An import that is running reads its rows, which are searched."""
    erased, _ = ImportRow.objects.filter(pk__in=_rows_of(person)).delete()
    drafts = OrderImport.objects.filter(state=OrderImport.State.DRAFT)
    erased += drafts.count()
    drafts.delete()
    ended = OrderImport.objects.filter(due_at__isnull=True)
    ImportPiece.objects.filter(job__in=ended).delete()
    return erased


def _rows_of(person: Person) -> list[int]:
    """Rows with a cell that is one of the person's e-mails, phones or order numbers."""
    emails = {email.strip().lower() for email in person.emails} - {""}
    phones = {digits(phone)[-9:] for phone in person.phones if len(digits(phone)) >= 7}
    ids = set(person.external_order_ids)
    if not (emails or phones or ids):
        return []
    found = []
    for pk, key, cells in ImportRow.objects.values_list("pk", "order_key", "cells").iterator():
        if key in ids or any(_names(cell, emails, phones) for cell in cells):
            found.append(pk)
    return found


def _names(cell: str, emails: set[str], phones: set[str]) -> bool:
    if "@" in cell:
        return cell.strip().lower() in emails
    number = digits(cell) if phones and len(cell) < 30 else ""
    return len(number) >= 7 and number[-9:] in phones
