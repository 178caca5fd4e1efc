"""What the demonstration's shops write to help: two questions each, and a banner that runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from help_texts.models import Banner, Question
from help_texts.writing import BannerValues, save_banner, save_question
from merchants.models import Membership, Merchant, Role

_DAYS: Final = timedelta(days=21)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its answer, by language, and when it is shown."""

    texts: Mapping[str, Mapping[str, str]]
    stage: str = Question.Stage.ALWAYS


def _pair(question: str, answer: str) -> dict[str, str]:
    return {"question": question, "answer": answer}


_QUESTIONS: Final[Mapping[str, tuple[Asked, ...]]] = {
    "noor": (
        Asked(
            {
                "en": _pair(
                    "Do you assemble furniture?",
                    "Our tables come with all screws and a key; it takes about ten minutes.\n\n"
                    "For help write to {{ shop.email }} with order {{ order.number }}.",
                ),
                "ar": _pair(
                    "هل تركّبون الأثاث؟",
                    "تصل الطاولات مع جميع البراغي والمفتاح، ويستغرق التركيب نحو عشر دقائق.\n\n"
                    "للمساعدة يمكنك مراسلتنا على {{ shop.email }} وذكر رقم الطلب "
                    "{{ order.number }}.",
                ),
            }
        ),
        Asked(
            {
                "en": _pair(
                    "Can I pay by card at the door?",
                    "Yes, couriers of {{ parcel.carrier }} take cards. You pay {{ to_pay }}.",
                ),
                "ar": _pair(
                    "هل يمكنني الدفع بالبطاقة عند الاستلام؟",
                    "نعم، يقبل مندوبو {{ parcel.carrier }} البطاقات. المبلغ المطلوب {{ to_pay }}.",
                ),
            },
            Question.Stage.MOVING,
        ),
    ),
    "kestrel": (
        Asked(
            {
                "en": _pair(
                    "Can I swap a size?",
                    "Within 30 days, unworn. See https://kestrel.example/sizes first: our boots "
                    "run half a size large.",
                )
            },
            Question.Stage.DELIVERED,
        ),
        Asked(
            {
                "en": _pair(
                    "Will it fit through the letterbox?",
                    'Socks and balm do. For the rest {{ parcel.carrier | default: "the courier" }} '
                    "rings.",
                )
            }
        ),
    ),
}
_BANNERS: Final[Mapping[str, Mapping[str, str]]] = {
    "noor": {
        "en": "Our sale brings more parcels than usual. Some take a day or two longer.",
        "ar": "زادت الشحنات عن المعتاد بسبب التخفيضات، وقد يتأخر بعضها يومًا أو يومين.",
    },
    "kestrel": {"en": "Orders placed by noon leave our workshop the same day, also on Saturdays."},
}


def write_help_texts(merchant: Merchant, *, now: datetime) -> None:
    """Write them once; what a visitor changed or removed stays as it was left. In scope."""
    if Question.objects.exists() or Banner.objects.exists():
        return
    by = Membership.objects.select_related("user").get(merchant=merchant, role=Role.OWNER).user
    for one in _QUESTIONS.get(merchant.slug, ()):
        save_question(
            merchant=merchant, by=by, question=None, texts=one.texts, stage=one.stage, is_on=True
        )
    today = now.astimezone(ZoneInfo(merchant.zone)).date()
    if texts := _BANNERS.get(merchant.slug):
        values = BannerValues(
            texts=texts,
            tone=Banner.Tone.WAIT if merchant.slug == "noor" else Banner.Tone.GOOD,
            first=today,
            last=today + _DAYS,
            places=[place.value for place in Banner.Place],
        )
        save_banner(merchant=merchant, by=by, banner=None, values=values)
