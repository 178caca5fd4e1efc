"""How sentences end and follow one another."""

from __future__ import annotations

import pytest

from lib.sentences import ended, joined


@pytest.mark.parametrize(
    ("line", "language", "expected"),
    [
        ("On its way", "en", "On its way."),
        ("How was it?", "en", "How was it?"),
        ("في الطريق", "ar", "في الطريق."),
        ("د.إ.\u200f", "ar", "د.إ.\u200f"),
        ("배송 중입니다", "ko", "배송 중입니다."),
        ("包裹已送达", "zh-hans", "包裹已送达。"),
        ("包裹已送達", "zh-hant", "包裹已送達。"),
        ("満足ですか？", "ja", "満足ですか？"),
        ("お届け済みです。", "ja", "お届け済みです。"),
        ("", "ja", ""),
        ("पार्सल रास्ते में है", "hi", "पार्सल रास्ते में है।"),
        ("हमें खेद है।", "hi", "हमें खेद है।"),
        ("پارسل راستے میں ہے", "ur", "پارسل راستے میں ہے۔"),
        ("পার্সেল পথে আছে", "bn", "পার্সেল পথে আছে।"),
        ("พัสดุอยู่ระหว่างทาง", "th", "พัสดุอยู่ระหว่างทาง"),
        ("ڈیلیوری کیسی رہی؟", "ur", "ڈیلیوری کیسی رہی؟"),
    ],
)
def test_sentence_ends_as_its_language_does(line: str, language: str, expected: str) -> None:
    assert ended(line, language) == expected


def test_no_space_follows_a_wide_full_stop() -> None:
    assert joined("One.", "", "Two.") == "One. Two."
    assert joined("包裹已送达。", "谢谢。") == "包裹已送达。谢谢。"
    assert joined("", "") == ""


def test_no_space_follows_a_wide_mark_before_a_quotation_mark() -> None:
    assert joined("快递公司说：“好的。”", "请稍候。") == "快递公司说：“好的。”请稍候。"
