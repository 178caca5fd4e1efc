"""Rules as sentences, in both languages of the dashboard."""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from typing import Any

import pytest
from django.utils.html import strip_tags
from django.utils.translation import override

from dashboard.flows.sentence import Names, sentence
from notifications.calm import Peace
from notifications.channels.registry import CHANNELS
from notifications.rules import Ruling, default_of
from notifications.triggers import TRIGGERS

NAMES = {
    "en": Names(
        "en", {"shopify:1": "Noor"}, {"aramex": "Aramex"},
        {"SA": "Saudi Arabia", "AE": "the Emirates"}, {"ar": "Arabic"},
    ),
    "ar": Names(
        "ar", {"shopify:1": "نور"}, {"aramex": "أرامكس"},
        {"SA": "السعودية", "AE": "الإمارات"}, {"ar": "العربية"},
    ),
}  # fmt: skip


def ruled(topic: str, **values: Any) -> Ruling:
    return replace(default_of(TRIGGERS[topic], shop_writes=False), **values)


def read(rule: Ruling, language: str = "en", *, peace: Peace | None = None, on: str = "") -> str:
    kinds = {slug: CHANNELS[slug] for slug in (on.split() or CHANNELS)}
    with override(language):
        said = sentence(rule, kinds=kinds, peace=peace or Peace(), names=NAMES[language])
    return strip_tags(said).replace("&#x27;", "'")


def test_default_names_whom_and_every_way() -> None:
    assert read(ruled("out_for_delivery"), on="email whatsapp sms") == (
        "When a parcel is out for delivery, tell the buyer, the receiver, and the front desk by"
        " e-mail and WhatsApp (else SMS). Between 9:00 pm and 8:00 am there, WhatsApp and SMS can"
        " wait until morning."
    )


def test_channels_that_are_off_are_not_spoken_of() -> None:
    assert read(ruled("packed"), on="email") == "When an order is packed, tell the buyer by e-mail."


def test_rule_without_any_way_tells_nobody() -> None:
    assert read(ruled("packed", ways=(("sms",),)), on="email") == (
        "When an order is packed, nobody is told: no way that is switched on is chosen."
    )


def test_wait_and_what_must_still_be_so() -> None:
    rule = ruled("attempt_failed", delay_minutes=120, still=True, roles=("buyer",), at_night=True)
    assert read(rule, on="email") == (
        "When the carrier could not deliver a parcel, wait 2 hours and, if it is still so, tell"
        " the buyer by e-mail."
    )


def test_conditions_are_read_as_clauses() -> None:
    rule = ruled(
        "packed",
        conditions={"countries": ["SA", "AE"], "carriers": ["aramex"], "least_value": "500",
                    "cash": True, "tags": ["VIP"], "languages": ["ar"], "stores": ["shopify:1"]},
    )  # fmt: skip
    assert read(rule, on="email") == (
        "When an order is packed, tell the buyer by e-mail. Only if it goes to Saudi Arabia or the"
        " Emirates, the carrier is Aramex, the order comes to 500 or more, it is paid at the door,"
        " the order has the tag “VIP”, the reader’s language is Arabic, and the order is from Noor."
    )


def test_dates_and_offers_say_their_own_limits() -> None:
    moved = ruled("date_later", least_days=2, ways=(("email",),))
    assert read(moved, on="email").endswith("Only if the date moves by 2 days or more.")
    offer = ruled("replenishment")
    assert read(offer, on="email").endswith("Only those who agreed to offers.")


@pytest.mark.parametrize("hours", [time(0), time(8)])
def test_equal_hours_are_no_night(hours: time) -> None:
    peace = Peace(quiet_from=hours, quiet_to=hours)
    rule = ruled("packed", ways=(("sms",),))
    assert read(rule, peace=peace, on="sms") == "When an order is packed, tell the buyer by SMS."


def test_names_of_the_shop_are_escaped() -> None:
    rule = ruled("packed", conditions={"tags": ["<script>"]})
    kinds = {"email": CHANNELS["email"]}
    said = sentence(rule, kinds=kinds, peace=Peace(), names=NAMES["en"])
    assert "&lt;script&gt;" in said
    assert "<script>" not in said


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (
            ruled("out_for_delivery"),
            "حين تخرج الشحنة للتوصيل، يصل الخبر إلى المشتري والمستلم ومكتب الاستقبال عبر البريد"
            " الإلكتروني وواتساب (وإلا فعبر رسالة نصية). وبين 9:00 م و8:00 ص بتوقيت المتلقي يؤجَّل"
            " إلى الصباح ما يُرسَل عبر واتساب ورسالة نصية.",
        ),
        (
            ruled("attempt_failed", delay_minutes=120, still=True, roles=("buyer",),
                  ways=(("email",),)),
            "حين لا تتمكن شركة الشحن من تسليم الشحنة، يصل الخبر إلى المشتري بعد ساعتين عبر البريد"
            " الإلكتروني إذا بقي الأمر كذلك.",
        ),
        (
            ruled("date_later", least_days=2, ways=(("email",),), roles=("buyer",),
                  conditions={"countries": ["SA", "AE"], "cash": True}),
            "حين يتأخر موعد الشحنة عما قلناه، يصل الخبر إلى المشتري عبر البريد"
            " الإلكتروني. فقط إذا كان متجهًا إلى السعودية أو الإمارات وكان الدفع عند الاستلام. فقط"
            " إذا تغير الموعد يومين أو أكثر.",
        ),
        (
            ruled("packed", ways=(("webpush",),)),
            "حين يُجهَّز الطلب، لا يصل الخبر إلى أحد: لم تُختَر أي طريقة مفعّلة.",
        ),
    ],
)  # fmt: skip
def test_rule_in_arabic_is_one_grammatical_sentence(rule: Ruling, said: str) -> None:
    assert read(rule, "ar", on="email whatsapp sms") == said
