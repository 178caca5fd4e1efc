"""The check digits that carriers print, each as a question: does it belong to this serial number?

Sources: the notes of jkeen/tracking_number_data
(https://github.com/jkeen/tracking_number_data); for the German carriers
https://www.paketda.de/firmenkunden/paket-pruefziffern.html; for Japan's "7DR"
https://gyomu.org/faq/view/7dr.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

Check = Callable[[str, str], bool]
"""Whether a check digit belongs to a serial number."""

_ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def mod10(
    serial: str, digit: str, *, even: int, odd: int, reverse: bool = False, plus: int = 0
) -> bool:
    """Weighted sum (and `plus`) to the next ten; a letter counts as (its code - 3) mod 10."""
    values = [int(c) if c.isdigit() else (ord(c) - 3) % 10 for c in serial]
    if reverse:
        values.reverse()
    total = plus + sum(value * (odd if i % 2 else even) for i, value in enumerate(values))
    return str(-total % 10) == digit


def mod7(serial: str, digit: str) -> bool:
    """DHL Express, and Japan's carriers: the rest of a division by seven."""
    return str(int(serial) % 7) == digit


def luhn(serial: str, digit: str) -> bool:
    doubled = [int(c) * (1 + i % 2) for i, c in enumerate(reversed(serial + digit))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def weighted(serial: str, digit: str, *, weights: tuple[int, ...]) -> bool:
    """FedEx: weighted sum mod 11 mod 10."""
    total = sum(int(c) * weight for c, weight in zip(serial, weights, strict=False))
    return str(total % 11 % 10) == digit


def s10(serial: str, digit: str) -> bool:
    """Universal Postal Union S10."""
    weights = (8, 6, 4, 2, 3, 5, 9, 7)
    rest = sum(int(c) * weight for c, weight in zip(serial, weights, strict=True)) % 11
    return str({0: 5, 1: 0}.get(rest, 11 - rest)) == digit


def mod37(serial: str, digit: str) -> bool:
    """DPD: ISO 7064 mod 37, 36."""
    check = 36
    for c in serial:
        check += _ALPHABET.index(c)
        check = (check - 36 if check > 36 else check) * 2
        check = check - 37 if check > 36 else check
    return _ALPHABET[(37 - check) % 36] == digit


MOD10_12: Final = partial(mod10, even=1, odd=2)
MOD10_13: Final = partial(mod10, even=1, odd=3)
MOD10_31: Final = partial(mod10, even=3, odd=1)
MOD10_31_REVERSE: Final = partial(mod10, even=3, odd=1, reverse=True)
MOD10_49: Final = partial(mod10, even=4, odd=9)
#: GLS adds one to the sum.
MOD10_31_PLUS: Final = partial(mod10, even=3, odd=1, plus=1)
FEDEX_3: Final = partial(weighted, weights=(3, 1, 7, 3, 1, 7, 3, 1, 7, 3, 1))
FEDEX_1: Final = partial(weighted, weights=(1, 7, 3, 1, 7, 3, 1, 7, 3, 1, 7, 3, 1))

#: How many numbers in a hundred fit a check digit by chance.
BY_CHANCE: Final[dict[Check, int]] = {mod7: 14, mod37: 3}
