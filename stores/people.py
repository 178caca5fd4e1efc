"""Who is told about an order: its buyer, and the receiver where that is somebody else."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Final

from babel.core import get_global

from lib.folding import digits, fold
from stores.held import Held
from stores.vocabulary import OrderUpdate
from tracking.models import Consent, Order, Recipient

#: How much of two phone numbers must agree: one may lack the country's code.
_SAME_PHONE: Final = 7

Person = dict[str, str]
"""A recipient's columns as the order says them."""


def people_of(order: Order) -> dict[str, Person]:
    """The order's people by role: derived from the order alone."""
    language = order.language or main_language(order.country)
    people: dict[str, Person] = {
        Recipient.Role.BUYER: {
            "name": order.customer_name,
            "email": order.customer_email,
            "phone": order.customer_phone,
            "language": language,
        }
    }
    if _is_somebody_else(order):
        people[Recipient.Role.RECEIVER] = {
            "name": order.ship_to_name,
            "email": "",
            "phone": order.ship_to_phone,
            "language": main_language(order.country),
        }
    return people


def _is_somebody_else(order: Order) -> bool:
    """Whether the address names another person than the buyer, by name or by phone."""
    name, phone = fold(order.ship_to_name), digits(order.ship_to_phone)
    other_name = bool(name) and name != fold(order.customer_name)
    buyers = digits(order.customer_phone)
    other_phone = bool(phone and buyers) and phone[-_SAME_PHONE:] != buyers[-_SAME_PHONE:]
    return other_name or other_phone


def merge_people(held: Held, before: dict[str, Person]) -> None:
    """Follow the order. What a shopper chose stays until the order says something else."""
    people = people_of(held.order)
    receiver = held.people.get(Recipient.Role.RECEIVER)
    if receiver is not None and receiver.is_added:
        people.pop(Recipient.Role.RECEIVER, None)  # somebody said who it is
    elif receiver is not None and Recipient.Role.RECEIVER not in people:
        # It goes to the buyer after all: whoever it was is told nothing any more.
        for column in ("name", "email", "phone"):
            held.put(receiver, column, "")
    for role, said in people.items():
        known = held.people.get(role)
        if known is None:
            held.people[role] = Recipient(merchant_id=held.order.merchant_id, role=role, **said)
            continue
        was = before.get(role, {})
        for column, value in said.items():
            if value != was.get(column, ""):
                held.put(known, column, value)


def merge_consents(held: Held, update: OrderUpdate, *, now: datetime) -> None:
    """The newest word counts; of two at one moment the refusal."""
    for said in update.consents:
        at = said.at or update.updated_at
        known = held.consents.get((said.channel, said.purpose))
        if known is None:
            held.consents[said.channel, said.purpose] = Consent(
                merchant_id=held.order.merchant_id,
                channel=said.channel,
                purpose=said.purpose,
                given=said.given,
                source=said.source[:80],
                at=at or now,
            )
            continue
        if at is None:
            # Undated: it is news only when it differs.
            at = now if known.given != said.given else known.at
        if (at, not said.given) > (known.at, not known.given):
            held.put(known, "given", said.given)
            held.put(known, "source", said.source[:80])
            held.put(known, "at", at)


@cache
def main_language(country: str) -> str:
    """The official language that most people of a country read, by CLDR; "" for an unknown one."""
    spoken = get_global("territory_languages").get(country, {})
    official = [
        (float(row["population_percent"]), name)
        for name, row in spoken.items()
        if row.get("official_status") in {"official", "de_facto_official"}
    ]
    return max(official)[1].replace("_", "-") if official else ""
