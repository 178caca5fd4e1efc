"""Alphabets, parts and what makes a text message dear."""

from __future__ import annotations

import pytest

from notifications.segments import Encoding, Plan, Saving, folded, for_sms, plan, savings


def parts(text: str) -> tuple[str, int, int]:
    found = plan(text)
    return found.encoding.label, found.units, found.parts


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ("GSM-7", 0, 0)),
        ("a" * 160, ("GSM-7", 160, 1)),
        ("a" * 161, ("GSM-7", 161, 2)),
        ("a" * 306, ("GSM-7", 306, 2)),
        ("a" * 307, ("GSM-7", 307, 3)),
        ("م" * 70, ("UCS-2", 70, 1)),
        ("م" * 71, ("UCS-2", 71, 2)),
        ("م" * 134, ("UCS-2", 134, 2)),
        ("م" * 135, ("UCS-2", 135, 3)),
        ("àèéìòùÄÖÑÜäöñüÇØøÅå£$¥§¿¡", ("GSM-7", 25, 1)),
        ("ç", ("UCS-2", 1, 1)),
        ("é" * 161, ("GSM-7", 161, 2)),
    ],
)
def test_text_is_cut_where_its_alphabet_says(text: str, expected: tuple[str, int, int]) -> None:
    assert parts(text) == expected


def test_character_of_the_extension_takes_two_places() -> None:
    assert parts("€" * 80) == ("GSM-7", 160, 1)
    assert parts("€" * 80 + "a") == ("GSM-7", 161, 2)


def test_escape_is_not_torn_from_its_character() -> None:
    # 152 letters leave one place in the first part: the euro and its escape need two.
    assert parts("a" * 152 + "€" + "a" * 152) == ("GSM-7", 306, 3)
    assert parts("a" * 151 + "€" + "a" * 153) == ("GSM-7", 306, 2)


def test_surrogate_pair_is_not_torn() -> None:
    assert parts("م" * 66 + "🎉" + "م" * 66) == ("UCS-2", 134, 3)
    assert parts("م" * 65 + "🎉" + "م" * 67) == ("UCS-2", 134, 2)


def test_emoji_is_as_many_places_as_it_has_code_units() -> None:
    assert plan("🎉") == Plan(Encoding.UCS2, 2, 1, 68, ["🎉"])
    family = "👩\u200d👩\u200d👧"
    assert plan(family).units == 8
    assert plan("👍🏽").units == 4


def test_print_is_folded_where_that_saves_the_alphabet() -> None:
    assert for_sms("It’s “late” – sorry…") == 'It\'s "late" - sorry...'
    assert parts(for_sms("AED\N{NO-BREAK SPACE}149.00 → you")) == ("GSM-7", 17, 1)


def test_arabic_keeps_its_marks() -> None:
    text = "الطلب \u200e#1042: «متأخر»…"
    assert for_sms(text) == text


def test_what_makes_it_dear_is_named_with_what_to_write_instead() -> None:
    text = "a" * 80 + "’"
    assert plan(text).parts == 2
    assert savings(text) == [Saving("’", "'", 1)]
    assert savings("a" * 150 + "🎉") == [Saving("🎉", "", 2)]


def test_nothing_is_saved_where_letters_need_it() -> None:
    assert savings("م" * 80 + "’") == []
    assert savings("’") == []


def test_folding_leaves_what_has_no_other_mark() -> None:
    assert folded("🎉 ç ’") == "🎉 ç '"
