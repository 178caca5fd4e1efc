"""A calendar of all-day events as text, by RFC 5545 (https://www.rfc-editor.org/rfc/rfc5545).

All-day events are DATE values, which no time zone moves, so no VTIMEZONE is needed. NAME and
REFRESH-INTERVAL are of RFC 7986; X-WR-CALNAME and X-PUBLISHED-TTL say the same to older programs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final, Literal

MEDIA_TYPE: Final = "text/calendar; charset=utf-8"
#: A line has at most so many bytes before its end (3.1).
_LONGEST_LINE: Final = 75
_ESCAPED: Final = (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r\n", "\\n"), ("\n", "\\n"))


@dataclass(frozen=True, slots=True)
class AllDay:
    """An event of whole days, the last included. `sequence` rises with each change; `stamp` is
    the moment of the last one."""

    uid: str
    sequence: int
    stamp: datetime
    first: date
    last: date
    summary: str
    description: str
    status: Literal["TENTATIVE", "CONFIRMED", "CANCELLED"]


def calendar(name: str, events: Sequence[AllDay], *, every: timedelta) -> str:
    """The whole file, lines folded and ended with CRLF. `every`: how often to look again."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Homeward//Parcels//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"NAME:{_text(name)}",
        f"X-WR-CALNAME:{_text(name)}",
        f"REFRESH-INTERVAL;VALUE=DURATION:{_duration(every)}",
        f"X-PUBLISHED-TTL:{_duration(every)}",
        *(line for event in events for line in _event(event)),
        "END:VCALENDAR",
    ]
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _event(event: AllDay) -> Iterator[str]:
    stamp = event.stamp.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    yield "BEGIN:VEVENT"
    yield f"UID:{event.uid}"
    yield f"SEQUENCE:{event.sequence}"
    yield f"DTSTAMP:{stamp}"
    yield f"LAST-MODIFIED:{stamp}"
    yield f"DTSTART;VALUE=DATE:{event.first:%Y%m%d}"
    # The end is the first day that is not in it (3.6.1).
    yield f"DTEND;VALUE=DATE:{event.last + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{_text(event.summary)}"
    if event.description:
        yield f"DESCRIPTION:{_text(event.description)}"
    yield f"STATUS:{event.status}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _text(text: str) -> str:
    """A TEXT value (3.3.11); what is no text (control characters) is left out."""
    for plain, escaped in _ESCAPED:
        text = text.replace(plain, escaped)
    return "".join(letter for letter in text if letter == "\t" or letter.isprintable())


def _duration(every: timedelta) -> str:
    return f"PT{int(every.total_seconds()) // 60}M"


def _folded(line: str) -> str:
    """The line in pieces of at most 75 bytes; no letter is cut in two."""
    pieces, piece, room = [], "", _LONGEST_LINE
    for letter in line:
        size = len(letter.encode())
        if size > room:
            pieces.append(piece)
            # The blank that begins a further piece counts.
            piece, room = "", _LONGEST_LINE - 1
        piece += letter
        room -= size
    return "\r\n ".join([*pieces, piece])
