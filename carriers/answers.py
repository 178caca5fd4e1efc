"""What a shopper may answer to a failed attempt, and how it is handed to the carrier.

Plain values, no Django. A carrier's adapter declares what it takes (`Carrier.answers`) and
translates an `Instruction` into a request and the answer into a `Verdict`; a carrier without
an API for it is told by the merchant, by hand.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

#: What an answer may hold. "nobody_came" is no wish but a statement: it is kept as evidence.
KINDS: Final = (
    "date", "address", "landmark", "phone", "words", "safe_place", "neighbour", "pin",
    "nobody_came",
)  # fmt: skip
#: What goes as words to a carrier that has no field of its own for it.
AS_WORDS: Final = frozenset({"safe_place", "neighbour", "pin"})

Word = Literal["accepted", "refused", "received", "unknown"]
"""Agreed; turned down; taken, to be decided; or never heard of (the answer to a question)."""


@dataclass(frozen=True, slots=True)
class AnswerOptions:
    """What one carrier takes: kinds, how many days ahead, its own codes for parts of a day.

    `after_codes` are its codes of failed attempts that may be answered (empty: all of them),
    `last_attempt` the last attempt that may be (0: any). `hours` says from and until which hour
    of `zone` it wants to be told, over midnight too; None: at any time. `by_reference`: it
    knows an instruction by a reference of its own making only, and the same one given twice
    changes nothing more, so that what may have got lost is simply given again.
    """

    kinds: frozenset[str]
    days_ahead: int = 6
    codes: Mapping[str, str] = field(default_factory=dict)
    after_codes: frozenset[str] = frozenset()
    last_attempt: int = 0
    hours: tuple[int, int] | None = None
    zone: str = "UTC"
    by_reference: bool = False
    #: Whether it may be told before the courier came for the first time.
    before_attempt: bool = False

    @property
    def parts(self) -> frozenset[str]:
        """What may be asked for: its kinds, and what its words can say."""
        return self.kinds | AS_WORDS if "words" in self.kinds else self.kinds

    def takes(self, *, code: str, attempt: int) -> bool:
        """Whether this failed attempt may be answered; `code` is the carrier's own."""
        known = not self.after_codes or code in self.after_codes
        return known and (not self.last_attempt or attempt <= self.last_attempt)

    def opens(self, now: datetime) -> datetime:
        """From when it wants to be told: `now`, or the next opening of its hours."""
        if self.hours is None:
            return now
        first, last = self.hours
        local = now.astimezone(ZoneInfo(self.zone))
        inside = first <= local.hour < last if first < last else not last <= local.hour < first
        if inside:
            return now
        opening = local.replace(hour=first, minute=0, second=0, microsecond=0)
        return opening if opening > local else opening + timedelta(days=1)


#: What is asked for a carrier without an API: a person passes it on.
BY_HAND: Final = AnswerOptions(frozenset(KINDS), days_ahead=6)


@dataclass(frozen=True, slots=True)
class Instruction:
    """One answer for one parcel. `key` names it for ever: the carrier acts on it once.

    `part_of_day` is "", "morning", "afternoon" or "evening". Texts are the shopper's own.
    `reference` is the carrier's own name for it, once it has given one.
    """

    number: str
    key: str
    day: date | None = None
    part_of_day: str = ""
    address: str = ""
    landmark: str = ""
    phone: str = ""
    words: str = ""
    reference: str = ""
    safe_place: str = ""
    neighbour: str = ""
    pin: str = ""

    def worded(self, options: AnswerOptions) -> Instruction:
        """The same with what the carrier has no field for in its words, in English."""
        said = (
            ("safe_place", "Safe place: ", self.safe_place),
            ("neighbour", "Leave with: ", self.neighbour),
            ("pin", "Point on the map: ", self.pin),
        )
        lines = [
            f"{label}{text}" for name, label, text in said if text and name not in options.kinds
        ]
        return replace(
            self,
            words="\n".join([*([self.words] if self.words else []), *lines]),
            safe_place=self.safe_place if "safe_place" in options.kinds else "",
            neighbour=self.neighbour if "neighbour" in options.kinds else "",
            pin=self.pin if "pin" in options.kinds else "",
        )


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the carrier said to an instruction; `words` are its own, in `language`."""

    word: Word
    reference: str = ""
    words: str = ""
    language: str = "en"
