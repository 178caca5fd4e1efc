"""What a shopper may answer to a failed attempt, and how it is handed to the carrier.

Plain values, no Django. A carrier's adapter declares what it takes (`Carrier.answers`) and
translates an `Instruction` into a request and the answer into a `Verdict`; a carrier without
an API for it is told by the merchant, by hand.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal

#: What an answer may hold. "nobody_came" is no wish but a statement: it is kept as evidence.
KINDS: Final = ("date", "address", "landmark", "phone", "words", "nobody_came")

Word = Literal["accepted", "refused", "received", "unknown"]
"""Agreed; turned down; taken, to be decided; or never heard of (the answer to a question)."""


@dataclass(frozen=True, slots=True)
class AnswerOptions:
    """What one carrier takes: kinds, how many days ahead, its own codes for parts of a day."""

    kinds: frozenset[str]
    days_ahead: int = 6
    codes: Mapping[str, str] = field(default_factory=dict)


#: What is asked for a carrier without an API: a person passes it on.
BY_HAND: Final = AnswerOptions(frozenset(KINDS), days_ahead=6)


@dataclass(frozen=True, slots=True)
class Instruction:
    """One answer for one parcel. `key` names it for ever: the carrier acts on it once.

    `part_of_day` is "", "morning", "afternoon" or "evening". Texts are the shopper's own.
    """

    number: str
    key: str
    day: date | None = None
    part_of_day: str = ""
    address: str = ""
    landmark: str = ""
    phone: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the carrier said to an instruction; `words` are its own, in `language`."""

    word: Word
    reference: str = ""
    words: str = ""
    language: str = "en"
