"""What an answer names is filled in; a sentence that nobody can finish is left out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from help_texts.filling import NAMES, Mistakes, filled, mistakes

VALUES = {"date.window": "Thu 12 – Sat 14 Nov", "shop.name": "Noor Home", "to_pay": ""}


@pytest.mark.parametrize(
    ("text", "reads"),
    [
        ("Ask {{ shop.name }}.", "Ask Noor Home."),
        ("Ask {{shop.name}}.", "Ask Noor Home."),
        ("No names at all.", "No names at all."),
        ("We send it soon. You pay {{ to_pay }}. Thank you.", "We send it soon. Thank you."),
        ('It comes {{ to_pay | default: "soon" }}.', "It comes soon."),
        ('It comes {{ date.window | default: "soon" }}.', "It comes Thu 12 – Sat 14 Nov."),
        ("First.\n\nYou pay {{ to_pay }}.\n\nLast.", "First.\n\nLast."),
        ("You pay {{ to_pay }}؟ نعم.", "نعم."),
        ("払う {{ to_pay }}。はい。", "はい。"),
        ("Version 1.5 of {{ shop.name }} is here. Yes", "Version 1.5 of Noor Home is here. Yes"),
        ("We are {{ shop.nme }}. Good day.", "Good day."),
        ("Open {{ shop.name. Good day.", "Good day."),
        ("{% if x %}Hello. Good day.", "Good day."),
        ("You pay {{ to_pay }}.", ""),
    ],
)
def test_sentence_stands_only_where_all_it_names_is_known(text: str, reads: str) -> None:
    assert filled(text, VALUES) == reads


def test_value_is_never_read_as_a_name() -> None:
    assert filled("Ask {{ shop.name }}.", {"shop.name": "{{ to_pay }}"}) == "Ask {{ to_pay }}."


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Ask {{ shop.name }}", Mistakes()),
        ("Ask {{ shop.nme }} or {{ me }}", Mistakes(("shop.nme", "me"))),
        ("Ask {{ shop.name }", Mistakes(is_broken=True)),
        ("{% if a %}", Mistakes(is_broken=True)),
        ("{{ shop.name | upcase }}", Mistakes(is_broken=True)),
    ],
)
def test_editor_is_told_what_is_wrong(text: str, found: Mistakes) -> None:
    assert mistakes(text) == found


@given(st.text(alphabet='ab. {}|%"\n', max_size=60))
def test_filling_cannot_fail_and_shows_no_braces(text: str) -> None:
    reads = filled(text, VALUES)
    assert [mark for mark in ("{{", "}}", "{%", "%}") if mark in reads] == []


def test_every_name_can_be_written_as_the_picker_writes_it() -> None:
    every = {one.name: "x" for one in NAMES}
    assert [filled(one.insert, every) for one in NAMES] == ["x"] * len(NAMES)
