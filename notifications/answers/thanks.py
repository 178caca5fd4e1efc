"""Answers that need no answer: "thanks", "ok", a thumb. A few words for each language we write."""

from __future__ import annotations

from typing import Final

from notifications.answers.words import key

#: Whole answers, or several of them in a row ("ok, thanks").
THANKS: Final[dict[str, tuple[str, ...]]] = {
    "en": (
        "thanks", "thank you", "thank you so much", "thank you very much", "thanks a lot",
        "many thanks", "thx", "ty", "ok", "okay", "k", "great", "perfect", "super", "got it",
        "received", "noted",
    ),
    "ar": (
        "شكرا", "شكرا لك", "شكرا لكم", "شكرا جزيلا", "الف شكر", "مشكور", "مشكورين", "يعطيك العافية",
        "يعطيكم العافية", "تمام", "اوكي", "طيب", "ممتاز", "تم", "وصل", "جزاك الله خير",
    ),
    "fr": ("merci", "merci beaucoup", "d accord", "ça marche", "parfait", "bien reçu"),
    "de": ("danke", "danke schön", "vielen dank", "alles klar", "prima", "perfekt"),
    "es": ("gracias", "muchas gracias", "vale", "de acuerdo", "perfecto", "recibido"),
    "pt": ("obrigado", "obrigada", "muito obrigado", "muito obrigada", "perfeito", "recebido"),
    "it": ("grazie", "grazie mille", "va bene", "perfetto", "ricevuto"),
    "nl": ("dank je", "dank u", "bedankt", "dankjewel", "prima", "oké"),
    "tr": ("teşekkürler", "teşekkür ederim", "sağol", "sağolun", "tamam", "mersi"),
    "hi": ("धन्यवाद", "शुक्रिया", "ठीक है", "बहुत धन्यवाद", "ओके"),
    "ur": ("شکریہ", "بہت شکریہ", "ٹھیک ہے", "اوکے"),
    "zh-Hans": ("谢谢", "多谢", "好的", "收到", "谢谢你", "好的谢谢"),
    "zh-Hant": ("謝謝", "多謝", "好的謝謝", "謝謝你"),
    "ko": ("감사합니다", "고마워요", "고맙습니다", "네 감사합니다", "네", "알겠습니다"),
    "ja": ("ありがとう", "ありがとうございます", "了解です", "了解", "わかりました"),
}  # fmt: skip
#: What people send instead of words; skin tones and the emoji selector are passed over.
_SIGNS: Final = frozenset("👍👌🙏❤🧡💛💚💙💜😊🙂😀😃😄😍🥰👏💯✅🌹🎉✔☺")
_PASSED_OVER: Final = frozenset("\ufe0f\u200d🏻🏼🏽🏾🏿 \n\t.!")
_WORDS: Final = frozenset(key(word) for some in THANKS.values() for word in some)
_LONGEST: Final = max(len(word.split()) for word in _WORDS)


def is_thanks(text: str) -> bool:
    """Whether nothing but thanks, or a nod, was said."""
    signs = {char for char in text if not char.isalnum()} - _PASSED_OVER
    words = key("".join(char for char in text if char not in _SIGNS | {"\ufe0f", "\u200d"}))
    if not words:
        return bool(signs) and signs <= _SIGNS
    return "?" not in text and "؟" not in text and _is_all_known(words.split())


def _is_all_known(words: list[str]) -> bool:
    while words:
        for length in range(min(_LONGEST, len(words)), 0, -1):
            if " ".join(words[:length]) in _WORDS:
                words = words[length:]
                break
        else:
            return False
    return True
