"""What is wrong with a tracking number, and where."""

from __future__ import annotations

import pytest

from carriers.number_check import Problem, problem_of, tidy


@pytest.mark.parametrize(
    "number",
    [
        "1Z999AA10123456784", "1z 999 aa1 01 2345 6784", "47218830956", "٤٧٢١٨٨٣٠٩٥٦",
        "GM605112345678", "ABC-12345", "12345",
    ],
)  # fmt: skip
def test_number_that_may_be_one_has_no_problem(number: str) -> None:
    assert problem_of(number) is None


@pytest.mark.parametrize(
    ("number", "problem"),
    [
        ("", Problem("empty")),
        ("  ", Problem("empty")),
        ("1234#678", Problem("character", text="#", position=5)),
        ("12345ж", Problem("character", text="ж", position=6)),
        ("<script>1", Problem("character", text="<", position=1)),
        ("12-34", Problem("short", length=4)),
        ("1" * 41, Problem("long", length=41)),
        ("ABCDEFG", Problem("no_digit")),
        ("1Z999AA10123456785", Problem("check_digit", carrier="ups")),
        ("RR123456789AE", Problem("check_digit", carrier="s10")),
    ],
)
def test_problem_says_what_and_where(number: str, problem: Problem) -> None:
    assert problem_of(number) == problem


@pytest.mark.parametrize(
    ("typed", "asked"),
    [("4721 8830 956", "47218830956"), ("٤٧٢١", "4721"), (" AB-12.3\u200f ", "AB-12.3")],
)
def test_number_is_asked_for_without_blanks(typed: str, asked: str) -> None:
    assert tidy(typed) == asked
