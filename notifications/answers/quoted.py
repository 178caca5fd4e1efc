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
#: A line that says who wrote what follows; it may be broken in two.
_SAYS_WHO: Final = re.compile(r".*[:：]\s*")
_ADDRESS: Final = re.compile(r"[^\s<@]+@[^\s>@]+")
_MOST_LINES_OF_A_LEAD: Final = 3
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
        if _QUOTE.match(line):
            return _start_of_lead(lines, number)
        if _RULER.fullmatch(line) or _is_ours(line, ours):
            return _start_of_lead(lines, number) if not _RULER.fullmatch(line) else number
    return len(lines)


def _start_of_lead(lines: list[str], number: int) -> int:
    """The line that introduces the quotation, from where it begins: "On Thu … <a@b>\\nwrote:"."""
    start = number
    first = number - 1
    while first >= 0 and not lines[first].strip():
        first -= 1
    if first >= 0 and number - first <= _MOST_LINES_OF_A_LEAD and _SAYS_WHO.fullmatch(lines[first]):
        start = first
    if start > 0 and lines[start - 1].strip() and start < number and _starts_lead(lines, start):
        start -= 1
    return start


def _starts_lead(lines: list[str], start: int) -> bool:
    """Whether the lead was broken: its address, or its digits, stand in the line before."""
    if start >= 2 and lines[start - 2].strip():
        return False
    before = lines[start - 1]
    return bool(_ADDRESS.search(before)) or sum(char.isdigit() for char in before) >= 4


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
