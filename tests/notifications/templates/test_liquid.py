"""What templates may do, what is wrong with them, and that they end."""

from __future__ import annotations

import time
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from notifications.templates.checking import check
from notifications.templates.liquid import Broken, cleaned, fill
from notifications.templates.values import Amount, Day, first_name
from notifications.templates.variables import VARIABLES

VALUES: dict[str, Any] = {
    "shop": {"name": "Noor Home", "email": "", "phone": ""},
    "order": {"number": "1042", "total": Amount(Decimal("149"), "AED", "en")},
    "customer": {"name": "", "first_name": ""},
    "date": {"first": Day(date(2026, 11, 12), "en"), "window": "", "last": "", "was": ""},
    "items": [{"title": "Lamp", "quantity": 1}, {"title": "Cover", "quantity": 2}],
}


def said(source: str, *, promotes: bool = True) -> list[str]:
    return [str(problem) for problem in check(source, values=VALUES, promotes=promotes)]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{{ shop.name }}", "Noor Home"),
        ('Dear {{ customer.first_name | default: "friend" }},', "Dear friend,"),
        (
            "{% for one in items %}{{ one.quantity }} {{ one.title }};{% endfor %}",
            "1 Lamp;2 Cover;",
        ),
        ("{% if order.total %}{{ order.total }}{% endif %}", "AED\N{NO-BREAK SPACE}149.00"),
        ('{{ date.first | date: "long" }}', "Thursday 12 November"),
        ('{{ date.first | date: "weekday" | upcase }}', "THURSDAY"),
        ("{% assign n = order.total | number %}{% if n > 100 %}much{% endif %}", "much"),
        ("{{ nobody.knows }}", ""),
        ("{ shop } is no markup", "{ shop } is no markup"),
        ("{{ shop.name | truncate: 6 }}", "Noo..."),
    ],
)
def test_source_is_filled(source: str, expected: str) -> None:
    assert fill(source, VALUES) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (
            "Hello\nYour order {{ order.nmae }}",
            "Line 2, column 15: there is no “order.nmae”; did you mean “order.number”?",
        ),
        (
            "{{ shop.name | upcas }}",
            "Line 1, column 16: there is no filter “upcas”; did you mean “upcase”?",
        ),
        ('{% include "x" %}', "Line 1, column 4: there is no tag “include”"),
        ('{% render "x" %}', "Line 1, column 4: there is no tag “render”"),
        ("ok\n{% if shop.name %}x", "Line 2, column 1: “if” is not closed: {% endif %} is missing"),
        ("{% endif %}", "Line 1, column 4: “endif” closes nothing here"),
        (
            "{% for one in items %}{{ one.titel }}{% endfor %}",
            "Line 1, column 26: there is no “one.titel”; did you mean “one.title”?",
        ),
        (
            '{% promotion "x", until: "soon" %}',
            "Line 1, column 4: this cannot be read: until is a day such as 2030-12-31",
        ),
        (
            '{% promotion "x", link: "http://x.example" %}',
            "Line 1, column 4: this cannot be read: link begins with https://",
        ),
    ],
)  # fmt: skip
def test_problem_is_told_with_its_place(source: str, expected: str) -> None:
    assert said(source) == [expected]


def test_output_that_is_not_ended_is_found() -> None:
    assert said("{{ shop.name }}\n\n {{ shop.name | }}")[0].startswith("Line 3, column 2: ")
    assert said("{{ shop.name")[0].startswith("Line 1, column 1: ")


def test_promotion_is_refused_where_it_may_not_be() -> None:
    source = '{% promotion "10 % off" %}'
    assert said(source) == []
    assert said(source, promotes=False)[0].startswith(
        "Line 1, column 4: WhatsApp takes no promotion"
    )


@pytest.mark.parametrize(
    "source",
    [
        "{% for a in (1..1000000) %}x{% endfor %}",
        "{% for a in (1..400) %}{% for b in (1..400) %}x{% endfor %}{% endfor %}",
        '{% assign a = "xxxxxxxxxx" %}' + "{% assign a = a | append: a %}" * 60,
        '{{ "aaaaaaaaaaaaaaaaaaaa" | replace: "a", "aaaaaaaaaaaaaaaaaaaaaaaaaa"'
        + ' | replace: "a", "aaaaaaaaaaaaaaaaaaaaaaaaaa"' * 6 + " }}",
        "{% capture a %}{% for i in (1..400) %}xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
        "{% endfor %}{% endcapture %}{{ a }}{{ a }}",
    ],
)  # fmt: skip
def test_what_would_never_end_is_broken_at_once(source: str) -> None:
    before = time.process_time()
    with pytest.raises(Broken):
        fill(source, VALUES)
    assert time.process_time() - before < 1


def test_sums_that_cannot_be_done_break_the_template_alone() -> None:
    for source in ("{{ 1 | divided_by: 0 }}", "{% if shop < 3 %}x{% endif %}"):
        with pytest.raises(Broken):
            fill(source, VALUES)


def test_nothing_of_the_program_can_be_reached() -> None:
    for source in ("{{ shop.name.__class__ }}", "{{ items.__len__ }}", "{{ date.first.day }}"):
        assert fill(source, VALUES) == ""


def test_source_is_cleaned_of_what_marks_blocks() -> None:
    assert cleaned("  a\r\nb\x02c\x03  ") == "a\nbc"


def test_every_variable_of_the_table_passes_the_check() -> None:
    source = " ".join(one.insert for one in VARIABLES)
    assert said(source) == []


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Sara Al Mansoori", "Sara"), ("عبد الله الشمري", "عبد الله"), ("", ""), ("Li", "Li")],
)
def test_first_name_is_whole(name: str, expected: str) -> None:
    assert first_name(name) == expected
