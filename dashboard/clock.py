"""Times as a merchant reads them: in the shop's zone and the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from babel.dates import format_interval, format_skeleton
from django.http import HttpRequest
from django.utils import timezone as django_timezone
from django.utils.translation import get_language

from lib import formats
from merchants.models import Merchant


@dataclass(frozen=True, slots=True)
class Clock:
    """Now, the shop's zone and the reader's language; makes the texts that templates show."""

    now: datetime
    zone: ZoneInfo
    language: str

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()

    def spoken(self, moment: datetime | None) -> str:
        """ "Thu 12 Nov, 3:40 pm", with the year where it is another one; "" without a moment."""
        if moment is None:
            return ""
        local = moment.astimezone(self.zone)
        text = formats.day_and_time(local, self.language)
        return text if local.year == self.today.year else f"{text} ({local.year})"

    def iso(self, moment: datetime | None) -> str:
        return moment.astimezone(self.zone).isoformat(timespec="seconds") if moment else ""

    def pair(self, moment: datetime | None) -> dict[str, str]:
        """What templates take for a moment: the text and the machine's form of it."""
        return {"time": self.spoken(moment), "iso": self.iso(moment)}

    def at_scan(self, moment: datetime, offset_minutes: int) -> str:
        """A scan's own local hour, wherever that was."""
        there = moment.astimezone(timezone(timedelta(minutes=offset_minutes)))
        return formats.day_and_time(there, self.language)

    def day(self, day: date) -> str:
        return formats.weekday_date(day, self.language, year=day.year != self.today.year)

    def window(self, first: date | None, last: date | None) -> str:
        """ "Thu 12 – Sat 14 Nov"; "" without a window."""
        if last is None:
            return ""
        return formats.date_range(first or last, last, self.language)

    def brief(self, first: date | None, last: date | None) -> str:
        """A window in a narrow column, without weekdays: "12–14 Nov"; "" without a window."""
        if last is None:
            return ""
        locale = formats.locale_of("en-GB" if self.language == "en" else self.language)
        if first is None or first == last:
            return format_skeleton("MMMd", last, locale=locale)
        return format_interval(first, last, "MMMd", locale=locale)


def clock_for(merchant: Merchant) -> Clock:
    """The clock of this request."""
    return Clock(django_timezone.now(), ZoneInfo(merchant.zone), get_language() or "en")


def wants_part(request: HttpRequest) -> bool:
    """Whether htmx asks for the changing part of a page only."""
    return request.headers.get("HX-Request") == "true"
