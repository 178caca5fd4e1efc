"""The check itself: which needs an address does not answer, and a score."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from lib.addresses.parts import AddressParts, Level, Need, Problem
from lib.addresses.placeholders import is_no_phone, is_no_postcode, is_placeholder
from lib.addresses.postcodes import is_possible
from lib.addresses.rules import needs_of
from lib.folding import digits, fold, number_key, western_digits
from lib.phones import e164

#: The points that all needs together share which must be there; the rest is shared by what helps.
#: From here on nothing is missing that a courier must have.
POINTS_OF_MUSTS: Final = 85

#: The short form: region, branch, division and a letter of its own, then the building's number.
_SHORT: Final = re.compile(r"[A-Z]{4}[0-9]{4}")
_SHORT_IN_TEXT: Final = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{4}[0-9]{4}(?![A-Za-z0-9])")
_BUILDING: Final = re.compile(r"(?<!\d)\d{4}(?!\d)")
_WHAT3WORDS: Final = re.compile(r"(?:///)?\w+\.\w+\.\w+")


@dataclass(frozen=True, slots=True)
class Missing:
    """One need without a usable answer; `costs` are the points that it takes."""

    need: Need
    level: Level
    problem: Problem
    costs: int


@dataclass(frozen=True, slots=True)
class Check:
    """`score` is 0 to 100; `missing` has what must be there first."""

    score: int
    missing: tuple[Missing, ...] = ()

    @property
    def lacks_must(self) -> bool:
        return any(one.level is Level.MUST for one in self.missing)


def check(parts: AddressParts, *, own: Mapping[str, str] | None = None) -> Check:
    """What this address lacks in its country; `own` are a merchant's levels by need."""
    levels = needs_of(parts.country, own=own)
    points = _points(levels)
    missing = tuple(
        Missing(need, level, problem, round(points[need]))
        for need, level in levels.items()
        if level is not Level.IGNORE and (problem := problem_with(need, parts)) is not None
    )
    lost = sum(points[one.need] for one in missing)
    return Check(max(round(100 - lost), 0), missing)


def problem_with(need: Need, parts: AddressParts) -> Problem | None:
    """Why this address does not answer the need; None when it does."""
    return _CHECKS[need](parts)


def is_national_address(text: str) -> bool:
    """Whether this is the short form of a Saudi National Address: RRRD2929, any script's digits."""
    return _SHORT.fullmatch(number_key(text)) is not None and not is_placeholder(text)


def is_makani(text: str) -> bool:
    """Whether this is a Makani number of Dubai: ten digits, often written as two groups."""
    return len(digits(text)) == 10 and not any(char.isalpha() for char in text)


def is_what3words(text: str) -> bool:
    return _WHAT3WORDS.fullmatch(text.strip()) is not None


def _points(levels: Mapping[Need, Level]) -> dict[Need, float]:
    """What each need is worth; together 100."""
    musts = [need for need, level in levels.items() if level is Level.MUST]
    helps = [need for need, level in levels.items() if level is Level.HELPS]
    share = POINTS_OF_MUSTS if musts and helps else 100
    worth = {need: share / len(musts) for need in musts}
    rest = 100 - share if musts else 100
    return worth | {need: rest / len(helps) for need in helps}


def _text(text: str) -> Problem | None:
    if not text.strip():
        return Problem.ABSENT
    return Problem.PLACEHOLDER if is_placeholder(text) else None


def _any(*problems: Problem | None) -> Problem | None:
    """None when one of several answers will do; else what is wrong with what was given."""
    if None in problems:
        return None
    return next((one for one in problems if one is not Problem.ABSENT), Problem.ABSENT)


def _street(parts: AddressParts) -> Problem | None:
    """A street that only repeats the town says nothing; the second line counts as well."""
    lines = [line for line in (parts.line1, parts.line2) if fold(line) != fold(parts.city)]
    return _any(*(_text(line) for line in lines)) if lines else Problem.ABSENT


def _district(parts: AddressParts) -> Problem | None:
    return _text(parts.district)


def _area(parts: AddressParts) -> Problem | None:
    return _any(_district(parts), _street(parts))


def _city(parts: AddressParts) -> Problem | None:
    """An emirate will do for its town: many shops ask for nothing else."""
    if parts.country == "AE":
        return _any(_text(parts.city), _text(parts.region))
    return _text(parts.city)


def _region(parts: AddressParts) -> Problem | None:
    return _text(parts.region)


def _postcode(parts: AddressParts) -> Problem | None:
    if not parts.postcode.strip():
        return Problem.ABSENT
    if is_no_postcode(parts.postcode):
        return Problem.PLACEHOLDER
    return None if is_possible(parts.postcode, country=parts.country) else Problem.IMPOSSIBLE


def _phone(parts: AddressParts) -> Problem | None:
    if not parts.phone.strip():
        return Problem.ABSENT
    if is_no_phone(parts.phone):
        return Problem.PLACEHOLDER
    return None if e164(parts.phone, country=parts.country) else Problem.IMPOSSIBLE


def _national_address(parts: AddressParts) -> Problem | None:
    """The short form in its own field or among the lines, or all parts of the full form."""
    lines = (parts.line1, parts.line2, parts.landmark, parts.district)
    if any(_SHORT_IN_TEXT.search(western_digits(line)) for line in lines):
        return None
    is_full = (
        _postcode(parts) is None
        and _district(parts) is None
        and any(_BUILDING.search(western_digits(line)) for line in lines[:2])
    )
    if is_full or is_national_address(parts.national_address):
        return None
    given = _text(parts.national_address)
    return Problem.IMPOSSIBLE if given is None else given


def _spot(parts: AddressParts) -> Problem | None:
    if parts.pin is not None or is_makani(parts.makani) or is_what3words(parts.what3words):
        return None
    return _text(parts.landmark)


_CHECKS: Final[Mapping[Need, Callable[[AddressParts], Problem | None]]] = {
    Need.AREA: _area,
    Need.STREET: _street,
    Need.DISTRICT: _district,
    Need.CITY: _city,
    Need.REGION: _region,
    Need.POSTCODE: _postcode,
    Need.PHONE: _phone,
    Need.NATIONAL_ADDRESS: _national_address,
    Need.SPOT: _spot,
}
