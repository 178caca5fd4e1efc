"""What the page shows of cases, answers, what an address lacks, cash, refunds and feedback, read
with the parcels.

Whoever has the link may see it: nobody's address, phone or own words are read at all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from lib.addresses.parts import Level, Need
from lib.answer_words import Asked
from storefront_pages.rows import decoded

#: An order has one or two; what is older than these is history.
_MOST_CASES: Final = 5

#: Columns of a statement in which `o` is the order (merchant_id, id).
CASES: Final = f"""(SELECT jsonb_agg(to_jsonb(c) ORDER BY c.id DESC) FROM (
 SELECT k.id, k.kind, k.state, k.outcome, k.by_shopper, k.shipment_id, k.opened_at,
  (SELECT jsonb_agg(jsonb_build_object(
    'kind', e.kind, 'text', e.text, 'language', e.language, 'state', e.state, 'at', e.at)
    ORDER BY e.at, e.id)
   FROM helpdesk_caseentry e
   WHERE e.merchant_id = k.merchant_id AND e.case_id = k.id
    AND e.kind IN ('to_shopper', 'state')) AS entries
 FROM helpdesk_case k WHERE k.merchant_id = o.merchant_id AND k.order_id = o.id
 ORDER BY k.id DESC LIMIT {_MOST_CASES}) c)"""  # noqa: S608 - a number of ours
ANSWERS: Final = """(SELECT jsonb_agg(jsonb_build_object(
  'shipment_id', a.shipment_id, 'attempt', a.attempt, 'kind', a.kind, 'state', a.state,
  'by_hand', a.by_hand, 'day', a.day, 'part_of_day', a.part_of_day,
  'address', a.address <> '', 'landmark', a.landmark <> '', 'phone', a.phone <> '',
  'words', a.words <> '', 'safe_place', a.safe_place <> '', 'neighbour', a.neighbour <> '',
  'pin', a.pin <> '', 'carrier_words', a.carrier_words) ORDER BY a.id DESC)
 FROM tracking_deliveryanswer a WHERE a.merchant_id = o.merchant_id AND a.order_id = o.id)"""
#: What the address lacks; of what it holds nothing is read.
ADDRESS: Final = """(SELECT jsonb_build_object('missing', a.missing, 'answered', a.answered_at,
  'asks', coalesce((SELECT p.asks FROM tracking_addresspolicy p
    WHERE p.merchant_id = o.merchant_id), true))
 FROM tracking_addresscheck a WHERE a.merchant_id = o.merchant_id AND a.order_id = o.id)"""

#: Whether the shopper was asked to confirm an order that is paid at the door, and the answer.
CASH: Final = """(SELECT jsonb_build_object('confirmed', q.confirmed)
 FROM tracking_cashquestion q WHERE q.merchant_id = o.merchant_id AND q.order_id = o.id)"""
#: Marks, by whom and for what; of words only that there are any.
FEEDBACK: Final = """(SELECT jsonb_agg(jsonb_build_object(
  'shipment_id', f.shipment_id, 'role', f.role, 'mark', f.mark, 'has_words', f.words <> '',
  'given_at', f.given_at))
 FROM tracking_feedback f WHERE f.merchant_id = o.merchant_id AND f.order_id = o.id)"""
#: Whether somebody is told as the receiver, and how; who that is, is not read.
RECEIVER: Final = """(SELECT jsonb_build_object(
  'by_buyer', r.shared_at IS NOT NULL, 'is_surprise', r.is_surprise)
 FROM tracking_recipient r WHERE r.merchant_id = o.merchant_id AND r.order_id = o.id
  AND r.role = 'receiver' AND (r.email <> '' OR r.phone <> ''))"""


@dataclass(frozen=True, slots=True)
class ReceiverSeen:
    """That a receiver is told: by the buyer's wish or by the shop's, and as a surprise or not."""

    by_buyer: bool
    is_surprise: bool


@dataclass(frozen=True, slots=True)
class FeedbackSeen:
    """A mark that somebody with this role gave: for a parcel's carrier, or (None) for the shop."""

    shipment_id: int | None
    role: str
    mark: int
    has_words: bool
    given_at: datetime


#: What was given back, and the number of the order that makes this one good.
SETTLED: Final = """(SELECT jsonb_build_object(
  'refunds', (SELECT jsonb_agg(jsonb_build_array(r.amount::text, r.at) ORDER BY r.id)
    FROM tracking_refund r
    WHERE r.merchant_id = n.merchant_id AND r.order_id = n.id AND r.amount > 0),
  'again', (SELECT max(a.number) FROM tracking_order a
    WHERE a.merchant_id = n.merchant_id AND a.replaces = n.external_id AND a.replaces <> ''
     AND a.source = n.source AND a.cancelled_at IS NULL))
 FROM tracking_order n WHERE n.merchant_id = o.merchant_id AND n.id = o.id)"""
#: The further carriers of a parcel `s`, in their order.
LEGS: Final = """(SELECT jsonb_agg(jsonb_build_array(l.position, l.carrier, l.tracking_number)
  ORDER BY l.position)
 FROM tracking_leg l WHERE l.merchant_id = s.merchant_id AND l.shipment_id = s.id)"""


@dataclass(frozen=True, slots=True)
class LegSeen:
    """A further carrier of a parcel; `position` is that of its scans, from 1."""

    position: int
    carrier: str
    number: str


@dataclass(frozen=True, slots=True)
class RefundSeen:
    """Money that the shop gave back; `at` is None where it did not say when."""

    amount: Decimal
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Settled:
    """What the shop decided: money back, and the number of an order that it sent instead."""

    refunds: tuple[RefundSeen, ...] = ()
    again: str = ""


@dataclass(frozen=True, slots=True)
class CashSeen:
    """The question whether the order stands; `confirmed` is None until it is answered."""

    confirmed: bool | None


@dataclass(frozen=True, slots=True)
class AddressSeen:
    """What an order's address lacks: must be there, and helps. `asks`: the shop wants it asked."""

    musts: tuple[Need, ...]
    helps: tuple[Need, ...]
    answered: bool
    asks: bool


@dataclass(frozen=True, slots=True)
class AnswerSeen:
    """An answer to the courier as far as the page may know it."""

    kind: str
    attempt: int
    asked: Asked
    carrier_words: str


@dataclass(frozen=True, slots=True)
class EntrySeen:
    """What the shop wrote to the shopper, or a state that the case came into."""

    kind: str
    text: str
    language: str
    state: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CaseSeen:
    """A case: `entries` oldest first."""

    kind: str
    state: str
    outcome: str
    by_shopper: bool
    shipment_id: int | None
    opened_at: datetime
    entries: tuple[EntrySeen, ...]

    @property
    def is_open(self) -> bool:
        return self.state != "closed"


def cases_of(column: str | None) -> list[CaseSeen]:
    """The order's cases, newest first, from the column `CASES`."""
    return [
        CaseSeen(
            kind=row["kind"],
            state=row["state"],
            outcome=row["outcome"],
            by_shopper=row["by_shopper"],
            shipment_id=row["shipment_id"],
            opened_at=datetime.fromisoformat(row["opened_at"]),
            entries=tuple(
                EntrySeen(**(entry | {"at": datetime.fromisoformat(entry["at"])}))
                for entry in row["entries"] or ()
            ),
        )
        for row in decoded(column) or ()
    ]


def address_of(column: str | None) -> AddressSeen | None:
    """The check of the order's address from the column `ADDRESS`; None where there is none."""
    row = decoded(column)
    if row is None:
        return None

    def needs(level: Level) -> tuple[Need, ...]:
        return tuple(Need(one["need"]) for one in row["missing"] if one["level"] == level)

    return AddressSeen(
        musts=needs(Level.MUST),
        helps=needs(Level.HELPS),
        answered=row["answered"] is not None,
        asks=row["asks"],
    )


def cash_of(column: str | None) -> CashSeen | None:
    """The question about cash from the column `CASH`; None where nothing was asked."""
    row = decoded(column)
    return None if row is None else CashSeen(row["confirmed"])


def settled_of(column: str | None) -> Settled:
    """What was decided, from the column `SETTLED`."""
    row = decoded(column) or {}
    return Settled(
        refunds=tuple(
            RefundSeen(Decimal(amount), datetime.fromisoformat(at) if at else None)
            for amount, at in row.get("refunds") or ()
        ),
        again=row.get("again") or "",
    )


def legs_of(column: str | None) -> tuple[LegSeen, ...]:
    """A parcel's legs from the column `LEGS`."""
    return tuple(LegSeen(*leg) for leg in decoded(column) or ())


def feedback_of(column: str | None) -> list[FeedbackSeen]:
    """The marks of the order from the column `FEEDBACK`."""
    return [
        FeedbackSeen(**(row | {"given_at": datetime.fromisoformat(row["given_at"])}))
        for row in decoded(column) or ()
    ]


def receiver_of(column: str | None) -> ReceiverSeen | None:
    """The receiver from the column `RECEIVER`; None where nobody is told but the buyer."""
    row = decoded(column)
    return None if row is None else ReceiverSeen(**row)


def answers_of(column: str | None) -> Mapping[int, list[AnswerSeen]]:
    """Answers by parcel, newest first, from the column `ANSWERS`."""
    found: dict[int, list[AnswerSeen]] = defaultdict(list)
    for row in decoded(column) or ():
        found[row["shipment_id"]].append(_answer(row))
    return found


def _answer(row: Mapping[str, Any]) -> AnswerSeen:
    asked = Asked(
        state=row["state"],
        by_hand=row["by_hand"],
        day=date.fromisoformat(row["day"]) if row["day"] else None,
        part_of_day=row["part_of_day"],
        address=row["address"],
        landmark=row["landmark"],
        phone=row["phone"],
        words=row["words"],
        safe_place=row["safe_place"],
        neighbour=row["neighbour"],
        pin=row["pin"],
    )
    return AnswerSeen(row["kind"], row["attempt"], asked, row["carrier_words"])
