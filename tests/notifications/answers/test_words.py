"""STOP, START, HELP and thanks, as people type them."""

from __future__ import annotations

import pytest

from notifications.answers.said import Wish
from notifications.answers.thanks import THANKS, is_thanks
from notifications.answers.words import OURS, TWILIO, Found, wish_of

#: The languages that our messages are written in.
LANGUAGES = {
    "en", "ar", "fr", "de", "es", "pt", "it", "nl", "tr", "hi", "ur", "zh-Hans", "zh-Hant", "ko",
    "ja",
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("STOP", Wish.STOP),
        (" Stop. ", Wish.STOP),
        ("إيقاف", Wish.STOP),
        ("ايقاف!", Wish.STOP),
        ("ARRÊT", Wish.STOP),
        ("रोकें", Wish.STOP),
        ("बंद करें।", Wish.STOP),
        ("روکیں", Wish.STOP),
        ("退订", Wish.STOP),
        ("수신거부", Wish.STOP),
        ("配信停止", Wish.STOP),
        ("ابدأ", Wish.START),
        ("शुरू करें", Wish.START),
        ("Hilfe", Wish.HELP),
        ("مساعدة؟", Wish.HELP),
        ("मदद", Wish.HELP),
    ],
)
@pytest.mark.parametrize("channel", ["sms", "whatsapp", "email"])
def test_word_is_understood_in_its_language(text: str, wish: Wish, channel: str) -> None:
    assert wish_of(text, channel=channel).wish is wish


@pytest.mark.parametrize(
    "text", ["Please stop by the gate", "Do not stop", "रुकिए, मैं आ रहा हूँ", "إيقاف السيارة ممنوع", ""]
)
def test_longer_answer_asks_for_nothing(text: str) -> None:
    assert wish_of(text, channel="whatsapp") == Found(Wish.NONE)


def test_twilios_own_words_count_by_sms_where_it_blocks() -> None:
    by_sms = {word: wish_of(word, channel="sms").wish for word in TWILIO[Wish.STOP]}
    assert by_sms == dict.fromkeys(TWILIO[Wish.STOP], Wish.STOP)


@pytest.mark.parametrize("text", ["Cancel", "End", "Quit", "Yes", "Info"])
def test_ordinary_word_is_no_wish_by_whatsapp(text: str) -> None:
    assert wish_of(text, channel="whatsapp") == Found(Wish.NONE)


def test_cancel_by_sms_is_a_stop_that_a_person_reads_too() -> None:
    assert wish_of("cancel", channel="sms") == Found(Wish.STOP, twilio_knows=True, is_doubtful=True)


@pytest.mark.parametrize("wish", [Wish.STOP, Wish.START, Wish.HELP])
def test_every_language_has_its_words(wish: Wish) -> None:
    assert set(OURS[wish]) == LANGUAGES


def test_every_language_has_thanks() -> None:
    assert set(THANKS) == LANGUAGES


@pytest.mark.parametrize("text", [word for some in THANKS.values() for word in some])
def test_every_word_of_thanks_is_thanks(text: str) -> None:
    assert is_thanks(text)


@pytest.mark.parametrize(
    "text", ["👍", "👍🏽", "❤️", "Thank you! 🙏", "ok, thanks", "شكراً جزيلاً", "تمام، شكرا", "OK 👍"]
)
def test_nod_needs_no_answer(text: str) -> None:
    assert is_thanks(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "?",
        "😡",
        "ok?",
        "تم؟",
        "thanks but where is it",
        "thanks for nothing",
        "شكرا لكن أين الطلب",
    ],
)
def test_question_behind_thanks_is_read(text: str) -> None:
    assert not is_thanks(text)
