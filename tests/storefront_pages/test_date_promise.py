"""The date widget's words."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.template.loader import render_to_string
from django.utils.translation import override

from edd.before_order import BeforeOrder
from storefront_pages.date_promise import date_promise, duration


def promise(left: timedelta, *, last: int = 5) -> BeforeOrder:
    return BeforeOrder(
        first=date(2026, 12, 3),
        last=date(2026, 12, last),
        zone="Asia/Dubai",
        order_by=datetime(2026, 11, 30, 10, tzinfo=UTC),
        order_within=left,
        why=(),
    )


def words(left: timedelta, language: str = "en", *, last: int = 5) -> str:
    with override(language):
        made = date_promise(promise(left, last=last), country="AE", city="Dubai", language=language)
    return str(made["text"]).replace("\N{NO-BREAK SPACE}", " ")


HOURS = timedelta(hours=2, minutes=13, seconds=40)


def test_countdown_and_window_in_english() -> None:
    assert words(HOURS) == "Order within 2 h 13 min: delivery expected Thu 3 – Sat 5 Dec"


def test_countdown_and_window_in_arabic() -> None:
    assert words(HOURS, "ar") == (
        "عند الطلب خلال 2 س و13 د، نتوقع وصول طلبك بين الخميس 3 والسبت 5 ديسمبر"
    )


def test_one_day_reads_as_one() -> None:
    assert words(HOURS, last=3) == "Order within 2 h 13 min: delivery expected Thu 3 Dec"


def test_more_than_a_day_names_day_and_hour() -> None:
    assert words(timedelta(hours=40)) == (
        "Order by Mon 30 Nov, 10:00 am: delivery expected Thu 3 – Sat 5 Dec"
    )


@pytest.mark.parametrize(
    ("left", "said"),
    [
        (timedelta(seconds=20), "1 min"),
        (timedelta(minutes=59, seconds=59), "59 min"),
        (timedelta(hours=3), "3 h"),
        (timedelta(hours=24), "24 h"),
    ],
)
def test_duration(left: timedelta, said: str) -> None:
    assert duration(left).replace("\N{NO-BREAK SPACE}", " ") == said


def test_component_shows_sentence_and_place() -> None:
    with override("en"):
        made = date_promise(promise(HOURS), country="AE", city="<Deira>", language="en")
        html = render_to_string("components/date_promise.html", {"promise": made})
    assert "<strong>Thu\N{NO-BREAK SPACE}3 – Sat\N{NO-BREAK SPACE}5 Dec</strong>" in html
    assert "Delivery to &lt;Deira&gt;, United Arab Emirates" in html
    assert 'data-first="2026-12-03" data-last="2026-12-05"' in html
