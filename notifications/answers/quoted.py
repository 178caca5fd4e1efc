"""The new words of an e-mail, without the letter that it answers.

Mail programs quote in as many ways as there are languages, so this looks for what they share: the
history begins where a line holds our own address (the "… wrote:" line, the "From:" of a header),
where lines begin with ">", or at a ruler above a header.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

_QUOTE: Final = re.compile(r"\s{0,3}>")
#: "-----Original Message-----", Outlook's line of underscores; in any language.
_RULER: Final = re.compile(r"\s*(?:_{10,}|-{3,}[^-\n]{3,60}-{3,})\s*")
_SIGNATURE: Final = re.compile(r"--\s?")
_ADDRESS: Final = re.compile(r"[^\s<@]+@[^\s>@]+")
_MOST_LINES_OF_A_LEAD: Final = 3
#: A day and a time, or a year, have so many digits.
_DIGITS: Final = 4
#: Marks of direction, which Arabic and Hebrew mail programs put around names.
_MARKS: Final = dict.fromkeys(map(ord, "\u200e\u200f\u202a\u202b\u202c\u2066\u2067\u2068\u2069"))
#: "Sent from my iPhone": a last line of its own, known by its beginning.
_SENT_FROM: Final = re.compile(
    r"(?:sent from my|get outlook for|envoyé de|von meinem|enviado desde|enviado do|inviato da"
    r"|verstuurd vanaf|gönderildi|أُرسلت من|أرسلت من|تم الإرسال من)\b.*",
    re.IGNORECASE,
)


def new_words(text: str, *, ours: Collection[str]) -> str:
    """What the person typed; all of it where nothing but history is found.

    `ours` are the addresses that we write from, in lower case.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    kept = lines[: _start_of_history(lines, ours)]
    said = _without_signature(kept)
    if not said:
        # Answered below the quotation, or between its lines.
        answered = [line for line in lines if not _QUOTE.match(line)]
        said = _without_signature(_after_lead(answered, ours))
    return said or text.strip()


def _start_of_history(lines: list[str], ours: Collection[str]) -> int:
    for number, line in enumerate(lines):
        if _RULER.fullmatch(line):
            return number
        if _QUOTE.match(line):
            return _start_of_lead(lines, number)
        if _is_ours(line, ours):
            return _start_of_lead(lines, number + 1)
    return len(lines)


def _start_of_lead(lines: list[str], end: int) -> int:
    """Where the sentence begins that introduces what is quoted from `end` on.

    It says when and who, and may be broken: "On Thu 12 … 2026, Noor", "<a@b>", "wrote:".
    """
    last = end - 1
    while last >= 0 and not lines[last].strip():
        last -= 1
    if last < 0 or not _says_who(lines[last]):
        return end
    first = last
    while first > 0 and lines[first - 1].strip() and last - first < _MOST_LINES_OF_A_LEAD - 1:
        first -= 1
    return next((n for n in range(first, last + 1) if _says_when_or_who(lines[n])), end)


def _says_who(line: str) -> bool:
    """The last line of such a sentence; words of the person's own end otherwise."""
    return line.translate(_MARKS).rstrip().endswith((":", "：")) or bool(_ADDRESS.search(line))


def _says_when_or_who(line: str) -> bool:
    return bool(_ADDRESS.search(line)) or sum(char.isdigit() for char in line) >= _DIGITS


def _is_ours(line: str, ours: Collection[str]) -> bool:
    low = line.lower()
    return any(address in low for address in ours if address)


def _after_lead(lines: list[str], ours: Collection[str]) -> list[str]:
    return [line for line in lines if not _is_ours(line, ours) and not _RULER.fullmatch(line)]


def _without_signature(lines: list[str]) -> str:
    for number, line in enumerate(lines):
        if _SIGNATURE.fullmatch(line):
            lines = lines[:number]
            break
    while lines and (not lines[-1].strip() or _SENT_FROM.fullmatch(lines[-1].strip())):
        lines = lines[:-1]
    return "\n".join(lines).strip()
