"""Invented files of past orders, whose truth is known."""

from __future__ import annotations

from datetime import date, timedelta

from edd.backtest.orders import Orders
from edd.backtest.reading import NEEDED, parse

HEADER = ",".join(NEEDED)
#: A Monday.
BEGIN = date(2025, 1, 6)
#: Where the courier rests on Saturday and Sunday, and on holidays that the weeks below avoid.
COUNTRY = "XX"


def later(day: date, working_days: int) -> date:
    """So many days from Monday to Friday later."""
    while working_days:
        day += timedelta(days=1)
        working_days -= day.weekday() < 5
    return day


def line(placed: date, *, packing: int = 0, road: int = 3, promised: int = 7) -> str:
    """An order that is handed over and comes after so many business days each."""
    handed = later(placed, packing)
    came = later(handed, road)
    promise = placed + timedelta(days=promised)
    return f"{placed} 10:00:00,{placed} 10:05:00,{handed} 15:00:00,{came} 12:00:00,{promise}"


def steady(*, weeks: int = 30, a_day: int = 4, road: int = 3, promised: int = 7) -> list[str]:
    """Orders of each working day, all alike."""
    days = [BEGIN + timedelta(days=day) for day in range(7 * weeks)]
    one = [line(day, road=road, promised=promised) for day in days if day.weekday() < 5]
    return [same for same in one for _ in range(a_day)]


def orders_of(lines: list[str], header: str = HEADER) -> Orders:
    return parse([header, *lines], country=COUNTRY)
