"""Whether the customer saw the page, in words."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.template.loader import render_to_string

from helpdesk.page_views import page_view_rows, reading_rows
from helpdesk.reader import Reader
from notifications.models import Message
from notifications.seen import Visits
from tests.factories import NOW

READER = Reader(NOW, ZoneInfo("Asia/Dubai"), "en")


def test_says_who_opened_it_how_often_and_when_last() -> None:
    rows = page_view_rows([Visits("buyer", 3, NOW, 1), Visits("receiver", 1, NOW, 0)], READER)
    assert [(row["who"], row["words"], row["last"]["time"]) for row in rows] == [
        ("Buyer", "Opened the page 3 times", "Thu 12 Nov, 12:00 pm"),
        ("Receiver", "Opened the page 1 time", "Thu 12 Nov, 12:00 pm"),
    ]


def test_page_that_was_only_fetched_is_not_called_opened() -> None:
    [row] = page_view_rows([Visits("", 0, None, 2)], READER)
    assert (row["who"], row["words"], row["last"]) == (
        "Whoever has the order’s link",
        "The page was fetched, but nobody is known to have looked.",
        None,
    )


def test_no_visit_is_said_too() -> None:
    html = render_to_string("desk/_page_views.html", {"rows": []})
    assert "Nobody has opened the customer’s page yet." in html


def test_opened_mail_is_never_called_read() -> None:
    rows = reading_rows(Message(opened_at=NOW), READER)
    assert [(row["words"], row["time"]) for row in rows] == [
        ("Opened, or fetched by the mail program", "Thu 12 Nov, 12:00 pm")
    ]
    assert reading_rows(Message(), READER) == []
