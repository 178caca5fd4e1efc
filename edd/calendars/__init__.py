"""Working days: of a warehouse, of its pick-ups, and of a courier who often keeps others. Pure.

Weekends (with their history: the Emirates moved theirs in 2022) and public holidays come from
the `holidays` package, Ramadan from `hijridate`; couriers' own weeks from `facts`; everything
may be told otherwise by rules (`DayRule`).
"""

from edd.calendars.calendar import Calendar, DayFacts, working_days
from edd.calendars.days import PARTS, Day, DayRule, Part
from edd.calendars.feasts import FeastDays, feast_days, feasts
from edd.calendars.islamic import FEASTS, ramadan, slow_share
from edd.calendars.making import delivery_calendar, pickup_calendar, warehouse_calendar
from edd.calendars.national import subdivision, weekend

__all__ = [
    "FEASTS",
    "PARTS",
    "Calendar",
    "Day",
    "DayFacts",
    "DayRule",
    "FeastDays",
    "Part",
    "delivery_calendar",
    "feast_days",
    "feasts",
    "pickup_calendar",
    "ramadan",
    "slow_share",
    "subdivision",
    "warehouse_calendar",
    "weekend",
    "working_days",
]
