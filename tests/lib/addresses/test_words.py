"""Placeholders, and every need in words."""

from __future__ import annotations

import pytest

from lib.addresses import words
from lib.addresses.parts import Need, Problem
from lib.addresses.placeholders import is_no_phone, is_placeholder
from lib.addresses.postcodes import EXAMPLES, is_possible


@pytest.mark.parametrize(
    "text", ["test", "N/A", "-", "xxx", "0000", " . ", "لا يوجد", "TEST TEST", "٠٠٠٠", "none"]
)
def test_placeholder_is_recognised(text: str) -> None:
    assert is_placeholder(text)


@pytest.mark.parametrize("text", ["", "Å", "Y", "دبي", "Testour Street 4", "11", "No 5"])
def test_what_may_be_a_place_is_no_placeholder(text: str) -> None:
    assert not is_placeholder(text)


def test_one_digit_over_and_over_is_no_phone() -> None:
    assert (is_no_phone("0500000000"), is_no_phone("050 123 4567")) == (True, False)


def test_examples_are_possible() -> None:
    wrong = [code for code, example in EXAMPLES.items() if not is_possible(example, country=code)]
    assert wrong == []


@pytest.mark.parametrize("need", list(Need))
def test_every_need_has_words(need: Need) -> None:
    assert words.reason(need).endswith(".")
    assert words.problem(need, Problem.ABSENT) == f"{words.label(need)}: missing"


def test_country_has_its_own_name_for_a_need() -> None:
    assert (words.label(Need.POSTCODE, "IN"), words.label(Need.POSTCODE, "DE")) == (
        "PIN code", "Postcode",
    )  # fmt: skip
