"""Search keys: what people type, reduced to what should match.

Folds case, accents, Arabic letter forms and diacritics, and Arabic-Indic and Persian
digits, so that أحمد finds احمد and ١٠٠١ finds 1001.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_LETTERS: Final = str.maketrans(
    {
        "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا",
        "ى": "ي", "ئ": "ي", "ی": "ي",
        "ؤ": "و", "ة": "ه", "ک": "ك", "ـ": None,
    }
)  # fmt: skip
_NOT_WORD: Final = re.compile(r"[^\w@.+-]+")


def western_digits(text: str) -> str:
    """Any script's decimal digits as 0-9."""
    if text.isascii():
        return text
    return "".join(
        str(unicodedata.decimal(char)) if char.isdecimal() and not char.isascii() else char
        for char in text
    )


def fold(text: str) -> str:
    """Lower case, no accents or diacritics, one letter form, Western digits, single spaces."""
    if text.isascii():
        return _NOT_WORD.sub(" ", text.lower()).strip()
    plain = unicodedata.normalize("NFKD", western_digits(text).translate(_LETTERS))
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    return _NOT_WORD.sub(" ", plain.translate(_LETTERS).casefold()).strip()


def number_key(text: str) -> str:
    """A tracking or order number for comparing: letters and digits only, upper case."""
    return re.sub(r"[\W_]+", "", western_digits(text)).upper()


def digits(text: str) -> str:
    """Only the digits, e.g. of a phone number."""
    return re.sub(r"\D", "", western_digits(text))
