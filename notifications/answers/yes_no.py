"""Yes or no in words, to a question that our newest message put.

"Yes" to nothing is a riddle, so words count only as the direct answer to a message that asks for
one of the two; everything else is a person's to read.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from notifications.answers import topics
from notifications.answers.thanks import THANKS
from notifications.answers.words import key
from notifications.models import Answer, Message

#: Messages that ask for a yes or a no, and the prefix of their buttons (`quick`).
ASKS: Final = {"cod_confirm": "cod"}
#: How long after a message a bare word is taken to answer it.
LATELY: Final = timedelta(hours=48)
#: What we say by ourselves puts no question and ends none.
_PASSED_OVER: Final = (topics.RECEIVED, topics.UNDERSTOOD, topics.HELPED, topics.STARTED)

YES: Final[dict[str, tuple[str, ...]]] = {
    "en": ("yes", "y", "yes please", "yeah", "yep", "sure", "ok", "okay", "confirm", "confirmed",
           "i confirm", "please send it", "send it"),
    "ar": ("نعم", "اي", "ايوه", "ايوا", "أجل", "اكيد", "موافق", "موافقة", "أؤكد", "اؤكد الطلب",
           "تأكيد", "تمام", "اوكي"),
    "fr": ("oui", "ouais", "d accord", "je confirme", "confirmé", "bien sûr"),
    "de": ("ja", "ja bitte", "jawohl", "gerne", "bestätigt", "ich bestätige"),
    "es": ("sí", "si", "claro", "confirmo", "confirmado", "de acuerdo", "vale"),
    "pt": ("sim", "claro", "confirmo", "confirmado", "com certeza"),
    "it": ("sì", "si", "certo", "confermo", "confermato", "va bene"),
    "nl": ("ja", "ja graag", "jazeker", "ik bevestig", "bevestigd"),
    "tr": ("evet", "tabii", "onaylıyorum", "onay", "tamam"),
    "hi": ("हाँ", "हां", "जी", "जी हाँ", "जी हां", "हाँ जी", "हां जी", "ठीक है", "haan", "ji haan"),
    "ur": ("ہاں", "جی", "جی ہاں", "ہاں جی", "ٹھیک ہے"),
    "zh-Hans": ("是", "是的", "好", "好的", "确认", "可以", "对"),
    "zh-Hant": ("是", "是的", "好", "好的", "確認", "可以", "對"),
    "ko": ("네", "예", "넵", "확인", "확인했습니다", "좋아요"),
    "ja": ("はい", "お願いします", "はい お願いします", "確認しました", "ok です"),
}  # fmt: skip
NO: Final[dict[str, tuple[str, ...]]] = {
    "en": ("no", "n", "nope", "no thanks", "no thank you", "don't send it", "do not send it",
           "cancel", "cancel it", "cancel my order"),
    "ar": ("لا", "كلا", "لا شكرا", "غير موافق", "لا أريد", "لا اريده", "إلغاء", "الغاء الطلب",
           "ألغوا الطلب"),
    "fr": ("non", "non merci", "annulez", "annuler", "je n en veux plus"),
    "de": ("nein", "nein danke", "ne", "stornieren", "bitte stornieren", "nicht senden"),
    "es": ("no", "no gracias", "cancelar", "cancélalo", "cancelen"),
    "pt": ("não", "não obrigado", "não obrigada", "cancelar", "cancele"),
    "it": ("no", "no grazie", "annulla", "annullare"),
    "nl": ("nee", "nee bedankt", "nee dank je", "annuleren", "annuleer"),
    "tr": ("hayır", "hayır teşekkürler", "istemiyorum", "iptal", "iptal edin"),
    "hi": ("नहीं", "नही", "जी नहीं", "नहीं चाहिए", "रद्द करें", "nahi", "nahin"),
    "ur": ("نہیں", "جی نہیں", "نہیں چاہیے", "منسوخ کریں"),
    "zh-Hans": ("不", "不是", "不要", "不用", "不要了", "取消"),
    "zh-Hant": ("不", "不是", "不要", "不用", "不要了", "取消"),
    "ko": ("아니요", "아니오", "아뇨", "취소", "취소해주세요"),
    "ja": ("いいえ", "いらない", "不要です", "キャンセル", "キャンセルしてください"),
}  # fmt: skip


def _table() -> dict[str, bool | None]:
    found: dict[str, bool | None] = dict.fromkeys(
        (key(word) for some in THANKS.values() for word in some), None
    )
    found |= {key(word): True for some in YES.values() for word in some}
    return found | {key(word): False for some in NO.values() for word in some}


#: None: a word of politeness, which changes nothing.
_MEANS: Final = _table()
_LONGEST: Final = max(len(word.split()) for word in _MEANS)
#: Signs that say it, as words; tones of skin, and what joins emojis, are dropped.
_SIGNS: Final = str.maketrans(
    dict.fromkeys("👍✅👌", " yes ")
    | dict.fromkeys("👎❌🚫", " no ")
    | dict.fromkeys("\ufe0f\u200d🏻🏼🏽🏾🏿", "")
    | dict.fromkeys(",،、，", " ")
)


def meaning(text: str) -> bool | None:
    """True for a yes, False for a no; None for everything that is not clearly one of them."""
    if "?" in text or "؟" in text:
        return None
    words = key(text.translate(_SIGNS)).split()
    said: set[bool | None] = set()
    while words:
        for length in range(min(_LONGEST, len(words)), 0, -1):
            phrase = key(" ".join(words[:length]))
            if phrase in _MEANS:
                said.add(_MEANS[phrase])
                words = words[length:]
                break
        else:
            return None
    clear = said - {None}
    return clear.pop() if len(clear) == 1 else None


def payload_of(answer: Answer) -> str:
    """The button that these words stand for; "" where they answer no question of ours."""
    if answer.order_id is None or answer.media or answer.is_automatic:
        return ""
    question = _question(answer)
    said = meaning(answer.text) if question is not None else None
    if question is None or said is None:
        return ""
    return f"{ASKS[question.topic]}:{answer.order_id}:{'yes' if said else 'no'}"


def _question(answer: Answer) -> Message | None:
    """The message that this answers, where that asks: the one that it names; else the newest to
    this person, if it is not long ago."""
    message = answer.message
    if message is None:
        return None
    if answer.found_by != Answer.FoundBy.REPLY:
        rows = Message.objects.filter(
            merchant_id=answer.merchant_id, channel=answer.channel, to=message.to,
            created_at__lte=answer.received_at, sent_at__isnull=False,
        )  # fmt: skip
        message = rows.exclude(topic__in=_PASSED_OVER).order_by("-pk").first()
        if message is None or (message.sent_at or message.created_at) < answer.received_at - LATELY:
            return None
    is_same = message.order_id == answer.order_id
    return message if is_same and message.topic in ASKS else None
