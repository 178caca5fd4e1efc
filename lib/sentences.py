"""Sentences one after another: what ends one in a language, and what stands between two."""

from __future__ import annotations

from typing import Final

from lib import formats

#: Thai has no full stop; a space ends a sentence among others.
_STOPS: Final = {"zh": "。", "ja": "。", "hi": "।", "bn": "।", "ur": "۔", "th": ""}
#: Marks as wide as a character; no space follows them.
_WIDE: Final = ("。", "？", "！")
_ENDS: Final = (".", "؟", "?", "!", "।", "۔", *_WIDE)
#: Quotation marks that may stand after the mark that ends a sentence.
_QUOTES: Final = '”」』’»"'
_DIRECTIONS: Final = "\u200e\u200f"
#: What stands between these runs in its own direction (Unicode's FSI and PDI).
_ISOLATED: Final = "\u2068{}\u2069"


def ended(line: str, language: str) -> str:
    """A heading has no full stop; a sentence among others does. Amounts may end in a mark that
    only sets the direction."""
    if not line or line.rstrip(_DIRECTIONS).endswith(_ENDS):
        return line
    return line + _STOPS.get(formats.locale_of(language).language, ".")


def between(text: str) -> str:
    """What stands between this text and the sentence after it: a space, or nothing."""
    return "" if not text or text.rstrip(_QUOTES).endswith(_WIDE) else " "


def quoted(words: str) -> str:
    """Somebody's own words for a sentence of ours, which may be written the other way: the marks
    around them stay where they belong."""
    return _ISOLATED.format(words)


def joined(*sentences: str) -> str:
    """Those that are not empty, as one paragraph: "One. Two."; "一。二。"."""
    text = ""
    for sentence in filter(None, sentences):
        text += f"{between(text)}{sentence}"
    return text
