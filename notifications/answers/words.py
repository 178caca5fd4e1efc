"""STOP, START and HELP as people type them.

Twilio's own words, which it obeys by itself on SMS (a number that sent one of them is blocked
until START, whatever we think), are those of
https://help.twilio.com/articles/223134027 and https://www.twilio.com/docs/proxy/opt-out-keywords
(the French of Canada). In other languages Twilio knows no words of its own: with Advanced Opt-Out
an account lists them, and Twilio then names what it matched (`OptOutType`,
https://www.twilio.com/docs/messaging/tutorials/advanced-opt-out). The words of the languages below
are ours, for accounts without it and for WhatsApp, where Twilio obeys nothing.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Final

from lib.folding import fold
from notifications.answers.said import Wish

#: Twilio's own, SMS only.
TWILIO: Final[dict[Wish, tuple[str, ...]]] = {
    Wish.STOP: (
        "stop", "stopall", "unsubscribe", "end", "quit", "revoke", "optout", "cancel",
        "arret", "arrett", "arrete",
    ),
    Wish.START: ("start", "unstop", "yes"),
    Wish.HELP: ("help", "info"),
}  # fmt: skip

#: Of Twilio's words those that mean something else in a talk about an order. By SMS they count,
#: because Twilio has blocked the number; "cancel" may still be meant for the order, so a person
#: reads it too. By WhatsApp nobody is blocked, so there they are ordinary words. "Yes" lifts a STOP
#: and is an answer to a question everywhere else.
DOUBTFUL: Final = frozenset({"cancel", "end", "quit", "revoke", "yes", "info"})

#: Whole answers by language (BCP 47), on every channel.
OURS: Final[dict[Wish, dict[str, tuple[str, ...]]]] = {
    Wish.STOP: {
        "en": ("stop", "stopall", "stop all", "unsubscribe", "opt out", "optout", "opt-out"),
        "ar": ("إيقاف", "توقف", "قف", "أوقف", "إلغاء الاشتراك", "ستوب"),
        "fr": ("arrêt", "arrêter", "arrête", "arrêtez", "désabonner", "désinscription"),
        "de": ("stopp", "abmelden", "abbestellen"),
        "es": ("alto", "parar", "pare", "baja", "darme de baja"),
        "pt": ("parar", "pare", "sair", "descadastrar"),
        "it": ("ferma", "fermati", "disiscrivimi", "disiscrizione"),
        "nl": ("stoppen", "afmelden", "uitschrijven"),
        "tr": ("dur", "durdur", "ret", "abonelikten çık"),
        "hi": ("रोकें", "रोको", "बंद करें", "बंद करो", "स्टॉप"),
        "ur": ("روکیں", "بند کریں", "اسٹاپ", "سٹاپ"),
        "zh-Hans": ("停止", "退订", "取消订阅", "td"),
        "zh-Hant": ("退訂", "取消訂閱"),
        "ko": ("중지", "정지", "수신거부", "구독취소"),
        "ja": ("停止", "配信停止", "ストップ", "登録解除"),
    },
    Wish.START: {
        "en": ("start", "unstop", "subscribe"),
        "ar": ("ابدأ", "بدء", "اشتراك", "اشترك"),
        "fr": ("démarrer", "commencer", "réabonner"),
        "de": ("starten", "anmelden"),
        "es": ("iniciar", "comenzar", "alta"),
        "pt": ("iniciar", "começar"),
        "it": ("inizia", "iscrivimi"),
        "nl": ("starten", "aanmelden"),
        "tr": ("başlat", "başla"),
        "hi": ("शुरू", "शुरू करें", "स्टार्ट"),
        "ur": ("شروع", "شروع کریں", "اسٹارٹ"),
        "zh-Hans": ("开始", "订阅"),
        "zh-Hant": ("開始", "訂閱"),
        "ko": ("시작", "수신동의"),
        "ja": ("再開", "スタート"),
    },
    Wish.HELP: {
        "en": ("help",),
        "ar": ("مساعدة", "المساعدة"),
        "fr": ("aide",),
        "de": ("hilfe",),
        "es": ("ayuda",),
        "pt": ("ajuda",),
        "it": ("aiuto",),
        "nl": ("hulp",),
        "tr": ("yardım",),
        "hi": ("मदद", "सहायता", "हेल्प"),
        "ur": ("مدد", "ہیلپ"),
        "zh-Hans": ("帮助",),
        "zh-Hant": ("幫助",),
        "ko": ("도움", "도움말"),
        "ja": ("ヘルプ",),
    },
}


@dataclass(frozen=True, slots=True)
class Found:
    """What a whole answer asks for; `twilio_knows`: Twilio obeys and answers this word by SMS.

    `language` is the word's, where it is a word of one language only.
    """

    wish: Wish
    twilio_knows: bool = False
    is_doubtful: bool = False
    language: str = ""


_NOTHING: Final = Found(Wish.NONE)
_AROUND: Final = " .+-_!?,;:"


def key(text: str) -> str:
    """A short answer for comparing. Folding drops the vowel signs of Indic scripts, without which
    their words are not told apart, so those are only trimmed."""
    if any(unicodedata.category(char) in {"Mc", "Mn"} for char in text if "ऀ" <= char <= "෿"):
        plain = unicodedata.normalize("NFC", text).casefold()
        return " ".join(plain.replace("।", " ").split()).strip(_AROUND)
    return fold(text).strip(_AROUND)


def _ours() -> dict[str, Found]:
    found: dict[str, Found] = {}
    for wish, by_language in OURS.items():
        for language, some in by_language.items():
            for word in map(key, some):
                found[word] = Found(wish, language="" if word in found else language)
    return found


_TWILIO: Final = {key(word): wish for wish, some in TWILIO.items() for word in some}
_OURS: Final = _ours()


def wish_of(text: str, *, channel: str) -> Found:
    """What this whole answer asks for on this channel. Longer ones ask for nothing."""
    word = key(text)
    if channel == "sms" and word in _TWILIO:
        return Found(_TWILIO[word], twilio_knows=True, is_doubtful=word in DOUBTFUL)
    return _OURS.get(word, _NOTHING)
