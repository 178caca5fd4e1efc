"""A calendar as a program reads it: lines, folds, escapes, days."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from lib.icalendar import AllDay, calendar

EVENT = AllDay(
    uid="6f1c2a34-0000-4000-8000-000000000001",
    sequence=3,
    stamp=datetime(2026, 11, 12, 8, 0, tzinfo=UTC),
    first=date(2026, 11, 30),
    last=date(2026, 12, 1),
    summary="Expected: order #1042; two, or three \\ parcels\nfrom Noor Home",
    description="أرامكس " * 30,
    status="TENTATIVE",
)


def read(text: str) -> list[dict[str, str]]:
    """The components of a calendar, as RFC 5545 has them unfolded and unescaped."""
    assert text.endswith("\r\n")
    raw = text.encode().split(b"\r\n")
    assert max(map(len, raw)) <= 75
    assert b"\n" not in b"".join(raw)
    found: list[dict[str, str]] = []
    open_names: list[str] = []
    for line in text.replace("\r\n ", "").splitlines():
        name, _, value = line.partition(":")
        if name == "BEGIN":
            open_names.append(value)
            found.append({"": value})
        elif name == "END":
            assert open_names.pop() == value
        else:
            assert name not in found[-1]
            found[-1][name] = unescaped(value)
    assert open_names == []
    return found


def unescaped(value: str) -> str:
    letters, plain = iter(value), ""
    for letter in letters:
        if letter == "\\":
            after = next(letters)
            plain += "\n" if after in "nN" else after
        else:
            plain += letter
    return plain


def test_event_is_read_as_it_was_meant() -> None:
    head, event = read(calendar("Order #1042", [EVENT], every=timedelta(hours=1)))
    assert head == {
        "": "VCALENDAR",
        "VERSION": "2.0",
        "PRODID": "-//Homeward//Parcels//EN",
        "CALSCALE": "GREGORIAN",
        "METHOD": "PUBLISH",
        "NAME": "Order #1042",
        "X-WR-CALNAME": "Order #1042",
        "REFRESH-INTERVAL;VALUE=DURATION": "PT60M",
        "X-PUBLISHED-TTL": "PT60M",
    }
    assert event == {
        "": "VEVENT",
        "UID": EVENT.uid,
        "SEQUENCE": "3",
        "DTSTAMP": "20261112T080000Z",
        "LAST-MODIFIED": "20261112T080000Z",
        "DTSTART;VALUE=DATE": "20261130",
        "DTEND;VALUE=DATE": "20261202",
        "SUMMARY": EVENT.summary,
        "DESCRIPTION": EVENT.description,
        "STATUS": "TENTATIVE",
        "TRANSP": "TRANSPARENT",
    }


@pytest.mark.parametrize("letter", ["a", "é", "ع", "语", "📦"])
@pytest.mark.parametrize("length", range(60, 80))
def test_no_letter_is_cut_and_no_line_is_too_long(letter: str, length: int) -> None:
    name = letter * length
    (head,) = read(calendar(name, [], every=timedelta(hours=1)))
    assert head["NAME"] == name


def test_control_characters_break_no_line() -> None:
    (head,) = read(calendar("One\rBEGIN:VEVENT\x0b\x85\u2028two", [], every=timedelta(hours=1)))
    assert head["NAME"] == "OneBEGIN:VEVENTtwo"
