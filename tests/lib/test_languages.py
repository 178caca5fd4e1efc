"""Which language a wish means."""

from __future__ import annotations

import pytest

from lib.languages import spoken


@pytest.mark.parametrize(
    ("wish", "expected"),
    [
        ("ar-SA", "ar"),
        ("pt_BR", "pt-br"),
        ("pt-PT", "pt"),
        ("zh", "zh-hans"),
        ("zh-TW", "zh-hant"),
        ("zh-Hant-HK", "zh-hant"),
        ("no", "nb"),
        ("iw", "he"),
        ("tl-PH", "fil"),
        ("sw", ""),
        ("", ""),
        ("-", ""),
    ],
)
def test_wish_is_one_of_ours_or_nothing(wish: str, expected: str) -> None:
    assert spoken(wish) == expected


def test_region_that_is_not_offered_is_its_language() -> None:
    assert spoken("pt-BR", known=("en", "pt")) == "pt"
