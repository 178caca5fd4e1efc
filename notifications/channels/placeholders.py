"""The words in braces that a gateway's form may hold, and how a text must be told to be sent."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote, urlencode

from notifications.channels.base import Letter

_BRACES: Final = re.compile(r"\{([a-z_]+)\}")
#: 3GPP TS 23.038, the default alphabet and its extension.
_GSM7: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà^{}\\[~]|€"
)
NAMES: Final = (
    "to", "to_digits", "text", "text_hex", "sender", "reference", "unicode", "encoding",
)  # fmt: skip


def is_unicode(text: str) -> bool:
    """Whether a text message needs 16 bits a letter: Arabic does, so does one curly quote."""
    return not set(text) <= _GSM7


def words_of(letter: Letter, *, sender: str) -> dict[str, str]:
    """What each placeholder stands for."""
    unicode = is_unicode(letter.text)
    return {
        "to": letter.to,
        "to_digits": letter.to.removeprefix("+"),
        "text": letter.text,
        "text_hex": letter.text.encode("utf-16-be").hex().upper(),
        "sender": sender,
        "reference": letter.reference,
        "unicode": "1" if unicode else "0",
        "encoding": "UCS2" if unicode else "GSM7",
    }


def fill(template: str, words: Mapping[str, str]) -> str:
    """The template with its known placeholders filled; other braces stay as they are."""
    return _BRACES.sub(lambda found: words.get(found[1], found[0]), template)


def fill_url(template: str, words: Mapping[str, str]) -> str:
    """As `fill`, with what is filled in encoded for an address."""
    return fill(template, {name: quote(value, safe="") for name, value in words.items()})


def fill_header(template: str, words: Mapping[str, str]) -> str:
    """As `fill`, on one line."""
    return " ".join(fill(template, words).split())


def fill_json(content: Any, words: Mapping[str, str]) -> Any:
    """Every text inside a JSON value filled: quotes in a message can break nothing."""
    if isinstance(content, str):
        return fill(content, words)
    if isinstance(content, list):
        return [fill_json(one, words) for one in content]
    if isinstance(content, dict):
        return {str(name): fill_json(value, words) for name, value in content.items()}
    return content


def fill_form(lines: str, words: Mapping[str, str]) -> bytes:
    """Lines of "name=value" as a form's body."""
    return urlencode([(name, fill(value, words)) for name, value in pairs(lines, "=")]).encode()


def pairs(lines: str, mark: str) -> list[tuple[str, str]]:
    """(name, value) of each line "name<mark>value"; lines without the mark are left out."""
    found = (line.partition(mark) for line in lines.splitlines() if mark in line)
    return [(name.strip(), value.strip()) for name, _, value in found if name.strip()]


def codes(lines: str) -> dict[str, str]:
    """Code to meaning, of lines "CODE what it means"."""
    found = (line.strip().partition(" ") for line in lines.splitlines() if line.strip())
    return {code: " ".join(words.split()) for code, _, words in found}


def values(text: str) -> frozenset[str]:
    """What stands between commas or line breaks, in lower case."""
    return frozenset(
        one.strip().lower() for one in text.replace("\n", ",").split(",") if one.strip()
    )
