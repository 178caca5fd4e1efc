"""`manage.py sms_rules`: what a text may be where, and the operator's word about it."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from notifications.sms_rules import has_link, rule_for, table
from notifications.text_limits import operators_rules

pytestmark = pytest.mark.django_db


def said(*words: str) -> str:
    out = StringIO()
    call_command("sms_rules", *words, stdout=out)
    return out.getvalue()


def test_row_of_the_country_counts_before_everybodys() -> None:
    assert (rule_for("SA", "twilio", "service").stop, rule_for("DE", "", "service").stop) == (
        "none", "reply",
    )  # fmt: skip


def test_every_row_has_hours_whole_or_not_at_all() -> None:
    assert all((row.first is None) == (row.last is None) for row in table().values())


def test_operator_corrects_a_row_and_takes_it_back() -> None:
    said("set", "SA", "--kind", "promotion", "--hours", "10:00-19:00", "--link", "yes")
    rule = rule_for("SA", "x", "promotion", own=operators_rules())
    assert (f"{rule.first:%H:%M}", f"{rule.last:%H:%M}", rule.may_link, rule.stop) == (
        "10:00", "19:00", True, "none",
    )  # fmt: skip
    assert "10:00–19:00" in said("SA")
    said("remove", "SA", "--kind", "promotion")
    assert operators_rules() == {}


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (("set", "XX"), "XX is no country; write two letters, such as AE."),
        (("set", "AE", "--hours", "nine"), 'nine are no hours; write "09:00-20:00" or "any".'),
        (("remove", "AE"), "There is no such row of yours."),
    ],
)
def test_wrong_words_are_answered_in_a_sentence(words: tuple[str, ...], problem: str) -> None:
    with pytest.raises(CommandError) as error:
        said(*words)
    assert str(error.value) == problem


@pytest.mark.parametrize(
    ("text", "found"),
    [("see noor.shop", True), ("https://x.example/a", True), ("a.m. or p.m.", False),
     ("Out for delivery.Thanks", False), ("wa.me/9715", True)],
)  # fmt: skip
def test_what_a_filter_takes_for_an_address(text: str, found: bool) -> None:
    assert has_link(text) is found
