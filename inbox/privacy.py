"""Personal data in stored deliveries: the raw bodies of a person's orders."""

from __future__ import annotations

from typing import Any, Final, TypeVar

from django.db.models import BinaryField, F, Func, IntegerField, Model, Q, QuerySet, Value

from inbox.models import Delivery
from lib.folding import digits
from lib.personal_data import Person

Row = TypeVar("Row", bound=Model)

#: An order's id in JSON of platforms and of our own; GraphQL's are global.
_ID_FORMS: Final = (
    '"id":{},',
    '"order_id":{},',
    '"id": {},',
    '"id":"{}"',
    '"id": "{}"',
    '"external_id": "{}"',
    '/Order/{}"',
)
#: Fewer digits than this are found in too many other things.
_WHOLE_NUMBER: Final = 9


def export_person(person: Person) -> list[dict[str, Any]]:
    """Which raw payloads name this person; their content repeats what the order holds."""
    rows = _naming(person).values("kind", "slug", "topic", "received_at").order_by("pk")
    return [row | {"received_at": row["received_at"].isoformat()} for row in rows]


def erase_person(person: Person) -> int:
    """Empty the bodies that name this person; the record that something came stays."""
    return _naming(person).update(body=b"")


def erase_connection(*, kind: str, slug: str, connection_id: int) -> int:
    """Empty every body of one connection."""
    rows = Delivery.objects.filter(kind=kind, slug=slug, connection_id=connection_id)
    return rows.exclude(body=b"").update(body=b"")


def _naming(person: Person) -> QuerySet[Delivery]:
    return naming(Delivery.objects.exclude(body=b""), "body", person)


def naming(rows: QuerySet[Row], column: str, person: Person) -> QuerySet[Row]:
    """Rows whose bytes hold an e-mail, phone or the shop's order id of this person."""
    # Ids are matched as JSON writes them, so that 12 does not find 123.
    ids = [form.format(number) for number in person.external_order_ids for form in _ID_FORMS]
    # In a form a "+" is written %2B, so a number is also looked for by its digits.
    numbers = [one for phone in person.phones if len(one := digits(phone)) >= _WHOLE_NUMBER]
    texts = (*person.emails, *person.phones, *numbers, *ids)
    fragments = [text.encode() for text in texts if text]
    if not fragments:
        return rows.none()
    wanted = Q()
    for index, fragment in enumerate(fragments):
        found = Func(
            Value(fragment, output_field=BinaryField()),
            F(column),
            template="position(%(expressions)s)",
            arg_joiner=" IN ",
            output_field=IntegerField(),
        )
        rows = rows.alias(**{f"at_{index}": found})
        wanted |= Q(**{f"at_{index}__gt": 0})
    return rows.filter(wanted)
