"""How the tests read a calendar."""

from __future__ import annotations

from datetime import date, timedelta

from edd.calendars import Calendar


def days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def resting(calendar: Calendar, first: date, last: date) -> list[date]:
    """The days of rest from first to last, weekly ones included."""
    return [day for day in days(first, last) if not calendar.is_working(day)]
