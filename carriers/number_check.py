"""What is wrong with a tracking number, and where. Pure.

Only what nobody's number can be is a problem here: an unknown shape is none, because many
carriers print numbers that we have no table for.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Final, Literal

from carriers.detect import detect, normalise
from carriers.number_formats import FORMATS

SHORTEST: Final = 5
LONGEST: Final = 40
#: Shapes that say so much by themselves that a wrong check digit is a slip of the pen.
_TELLING: Final = 0.85


@dataclass(frozen=True, slots=True)
class Problem:
    """`kind`: what is wrong. "character": `text` at `position`, counted from 1; "short" and
    "long": `length` letters and digits; "check_digit": it has the shape of `carrier`'s numbers."""

    kind: Literal["empty", "character", "short", "long", "no_digit", "check_digit"]
    text: str = ""
    position: int = 0
    length: int = 0
    carrier: str = ""


def problem_of(number: str) -> Problem | None:
    """What is wrong with this number; None where nothing is."""
    return misspelt(number) or _check_digit(normalise(number))


def misspelt(number: str) -> Problem | None:
    """What no carrier's number can be, whatever its check digit says; None where nothing is."""
    plain = normalise(number)
    if not plain and not number.strip():
        return Problem("empty")
    for position, letter in enumerate(number, start=1):
        if not _may_stand(letter):
            return Problem("character", text=letter, position=position)
    if len(plain) < SHORTEST:
        return Problem("short", length=len(plain))
    if len(plain) > LONGEST:
        return Problem("long", length=len(plain))
    if not any(letter.isdigit() for letter in plain):
        return Problem("no_digit")
    return None


def tidy(number: str) -> str:
    """The number as a carrier is asked for it: Western digits, no blanks, no invisible marks.

    Dashes and dots stay: some carriers print them as a part of the number.
    """
    letters = []
    for letter in unicodedata.normalize("NFKC", number):
        digit = unicodedata.decimal(letter, None)
        if digit is not None:
            letters.append(str(digit))
        elif unicodedata.category(letter)[0] not in "ZC":
            letters.append(letter)
    return "".join(letters)


def _may_stand(letter: str) -> bool:
    """Letters and digits, and what people write between them: blanks, dashes, dots, slashes."""
    if unicodedata.decimal(letter, None) is not None or letter in " -./\t":
        return True
    folded = unicodedata.normalize("NFKC", letter)
    return (folded.isascii() and folded.isalnum()) or unicodedata.category(letter) in {"Zs", "Cf"}


def _check_digit(plain: str) -> Problem | None:
    """A number with a telling shape whose check digit is wrong, and which fits nobody else."""
    if detect(plain):
        return None
    for fmt in FORMATS:
        if fmt.check is not None and fmt.telling >= _TELLING and fmt.pattern.fullmatch(plain):
            return Problem("check_digit", carrier=fmt.slug)
    return None
