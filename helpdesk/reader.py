"""How moments are said to the agent: in the shop's zone and the agent's language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from django.utils import timezone as django_timezone
from django.utils.translation import get_language, gettext

from lib import formats
from merchants.models import Merchant


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads, where and when: `zone` is the shop's, `language` the agent's."""

    now: datetime
    zone: ZoneInfo
    language: str

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()

    def spoken(self, moment: datetime) -> str:
        """ "Thu 12 Nov, 3:40 pm"."""
        return formats.day_and_time(moment.astimezone(self.zone), self.language)

    def near(self, moment: datetime) -> str:
        """As somebody says it now: "today 3:40 pm", "yesterday 6:04 pm", else day and hour."""
        local = moment.astimezone(self.zone)
        days = (self.today - local.date()).days
        words = {"time": formats.time_of_day(local, self.language)}
        if days == 0:
            return gettext("today %(time)s") % words
        if days == 1:
            return gettext("yesterday %(time)s") % words
        return self.spoken(moment)

    def iso(self, moment: datetime) -> str:
        return moment.astimezone(self.zone).isoformat(timespec="seconds")

    def pair(self, moment: datetime | None) -> dict[str, str]:
        """What templates take for a moment: the text and its ISO 8601 form, empty without one."""
        if moment is None:
            return {"time": "", "iso": ""}
        return {"time": self.spoken(moment), "iso": self.iso(moment)}

    def at_scan(self, moment: datetime, offset_minutes: int) -> str:
        """A scan's own local hour, wherever that was."""
        there = moment.astimezone(timezone(timedelta(minutes=offset_minutes)))
        return formats.day_and_time(there, self.language)

    def day(self, day: date) -> str:
        return formats.weekday_date(day, self.language, year=day.year != self.today.year)

    def window(self, first: date | None, last: date | None) -> str:
        """ "Thu 12 – Sat 14 Nov"; empty without a window."""
        return formats.date_range(first or last, last, self.language) if last else ""


def reader_for(merchant: Merchant) -> Reader:
    """The reader of this request."""
    return Reader(django_timezone.now(), ZoneInfo(merchant.zone), get_language() or "en")
