"""How a text message is billed: its encoding, its parts, and what makes it dear. Pure.

3GPP TS 23.038, 6.2.1: the GSM 7-bit default alphabet and its extension table, whose characters
take two places. TS 23.040, 9.2.3.24.1: a text of several parts loses the header's places in each.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

_BASIC: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED: Final = frozenset("\f^{}\\[~]|€")

#: What print has and a telephone's alphabet has not, and what is written for it. Marks that only
#: set a direction are dropped: they matter among Arabic letters, where nothing is folded.
_FOLDED: Final = str.maketrans(
    {
        "’": "'", "‘": "'", "‚": "'", "′": "'", "ʼ": "'",
        "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "″": '"',
        "–": "-", "—": "-", "−": "-", "‑": "-", "‐": "-", "…": "...",
        "→": "->", "·": "-", "•": "-", "×": "x",
        "\N{NO-BREAK SPACE}": " ", "\N{NARROW NO-BREAK SPACE}": " ", "\N{THIN SPACE}": " ",
        "\N{LEFT-TO-RIGHT MARK}": "", "\N{RIGHT-TO-LEFT MARK}": "", "\N{ZERO WIDTH SPACE}": "",
        "\N{SOFT HYPHEN}": "", "\N{ZERO WIDTH NO-BREAK SPACE}": "",
    }
)  # fmt: skip


class Encoding(Enum):
    """An alphabet, with how many places one part has alone, and as one of several."""

    GSM7 = ("GSM-7", 160, 153)
    UCS2 = ("UCS-2", 70, 67)

    @property
    def label(self) -> str:
        return self.value[0]

    @property
    def alone(self) -> int:
        return self.value[1]

    @property
    def of_several(self) -> int:
        return self.value[2]


@dataclass(frozen=True, slots=True)
class Plan:
    """How one text goes out. `units` are the places that it takes (an escape and its character
    are two, an emoji is two or more), `left` those that the last part still has. `culprits` are
    the characters that made it UCS-2, each once, in their order."""

    encoding: Encoding
    units: int
    parts: int
    left: int
    culprits: Sequence[str] = ()


def plan(text: str) -> Plan:
    """How this text is encoded and cut."""
    culprits = [char for char in dict.fromkeys(text) if not is_gsm(char)]
    encoding = Encoding.UCS2 if culprits else Encoding.GSM7
    width: Callable[[str], int] = _utf16 if culprits else _septets
    widths = [width(char) for char in text]
    units = sum(widths)
    if units <= encoding.alone:
        return Plan(encoding, units, int(units > 0), encoding.alone - units, culprits)
    parts, used = 1, 0
    for one in widths:
        # Neither an escape nor a surrogate pair is torn: it moves into the next part.
        if used + one > encoding.of_several:
            parts, used = parts + 1, 0
        used += one
    return Plan(encoding, units, parts, encoding.of_several - used, culprits)


def is_gsm(char: str) -> bool:
    """Whether the telephones' alphabet has it."""
    return char in _BASIC or char in _EXTENDED


def folded(text: str) -> str:
    """The text with typewriter's marks for the printer's."""
    return text.translate(_FOLDED)


def for_sms(text: str) -> str:
    """The text as it is sent: folded where that makes all of it GSM-7, as it is where letters of
    another alphabet need UCS-2 anyway."""
    plain = folded(text)
    return plain if all(is_gsm(char) for char in plain) else text


@dataclass(frozen=True, slots=True)
class Saving:
    """A character that costs parts: what to write for it ("" to leave it out), and how many parts
    all of that kind cost."""

    char: str
    instead: str
    parts: int


def savings(text: str) -> list[Saving]:
    """What could be spared. For one culprit alone, what it costs; of several, each is named with
    what all of them cost together, because only all of them gone changes the alphabet."""
    now = plan(text)
    if not now.culprits or any(char.isalpha() for char in now.culprits):
        return []
    cheap = "".join(folded(char) if char in now.culprits else char for char in text)
    cheap = "".join(char for char in cheap if is_gsm(char))
    spared = now.parts - plan(cheap).parts
    if spared <= 0:
        return []
    return [
        Saving(char, folded(char) if folded(char) != char else "", spared) for char in now.culprits
    ]


def _septets(char: str) -> int:
    return 2 if char in _EXTENDED else 1


def _utf16(char: str) -> int:
    return len(char.encode("utf-16-be")) // 2
