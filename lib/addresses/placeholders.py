"""What people type into a field that they do not want to fill."""

from __future__ import annotations

from typing import Final

from lib.folding import digits, fold

_WORDS: Final = frozenset(
    fold(word)
    for word in (
        "test", "testing", "test test", "n/a", "na", "n.a.", "none", "null", "nil", "unknown",
        "not available", "not applicable", "no address", "tbd", "asdf", "qwerty", "abc", "xx",
        "لا يوجد", "لايوجد", "غير معروف", "بدون", "تجربة", "اختبار",
    )
)  # fmt: skip


def is_placeholder(text: str) -> bool:
    """ "test", "n/a", "-", "xxx", "0000": something was typed and nothing said.

    One letter alone is none: Å and Y are places.
    """
    plain = fold(text)
    signs = [char for char in plain if char.isalnum()]
    if not signs:
        return bool(text.strip())
    return plain in _WORDS or (len(signs) >= 3 and len(set(signs)) == 1)


def is_no_phone(text: str) -> bool:
    """A placeholder, or one digit over and over: 0500000000 is nobody's number."""
    plain = digits(text)
    return is_placeholder(text) or (len(plain) >= 7 and len(set(plain[-7:])) == 1)


def is_no_postcode(text: str) -> bool:
    """A placeholder. 44444 is a real postcode; only zeros are none."""
    plain = digits(text)
    return is_placeholder(text) and (not plain or not plain.strip("0"))
