"""The new words of a mail, as mail programs quote the old ones."""

from __future__ import annotations

import pytest

from notifications.answers.quoted import new_words

OURS = {"updates@homeward.example", "@reply.homeward.example"}

GMAIL = """Please leave it with the guard.

On Thu, Nov 12, 2026 at 12:04 PM Noor Home <
reply+1a.abcdefghijklmnop@reply.homeward.example> wrote:

> Your parcel is out for delivery.
> Follow it here.
"""
GMAIL_ARABIC = """أرجو تركها عند الحارس

في الخميس، 12 نوفمبر 2026 في 12:04 م تمت كتابة ما يلي بواسطة \u202aNoor Home\u202c\u200f
<\u202aupdates@homeward.example\u202c\u200f>:

> شحنتك خرجت للتوصيل
"""
OUTLOOK = """After six please.

________________________________
From: Noor Home <updates@homeward.example>
Sent: Thursday, November 12, 2026 12:04
To: Sara <sara@shopper.example>
Subject: Your parcel

Your parcel is out for delivery.
"""
OUTLOOK_GERMAN = """Bitte nach 18 Uhr.

-----Ursprüngliche Nachricht-----
Von: Noor Home
Gesendet: Donnerstag
Ihr Paket ist unterwegs.
"""
APPLE = """Yes, tomorrow is fine.

Sent from my iPhone

> On 12 Nov 2026, at 12:04, Noor Home <updates@homeward.example> wrote:
>
> Your parcel
"""
BELOW = """On Thu, Nov 12, 2026 Noor Home <updates@homeward.example> wrote:
> Where shall we leave it?

At the gate.
"""
SIGNED = """Call me.

--
Sara Al Mansoori
+971 50 123 4567
"""
NUMBER = """Call me on 0501234567

> Your parcel
"""
COLON = """Two things:
1. the gate code is 12
2. call me first
"""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(GMAIL, "Please leave it with the guard.", id="gmail"),
        pytest.param(GMAIL_ARABIC, "أرجو تركها عند الحارس", id="gmail in arabic"),
        pytest.param(OUTLOOK, "After six please.", id="outlook"),
        pytest.param(OUTLOOK_GERMAN, "Bitte nach 18 Uhr.", id="a ruler in german"),
        pytest.param(APPLE, "Yes, tomorrow is fine.", id="apple"),
        pytest.param(BELOW, "At the gate.", id="answered below"),
        pytest.param(SIGNED, "Call me.", id="signature"),
        pytest.param(NUMBER, "Call me on 0501234567", id="digits are no heading"),
        pytest.param(COLON, COLON.strip(), id="a colon is no quotation"),
        pytest.param("> only a quotation", "> only a quotation", id="nothing else"),
        pytest.param("", "", id="empty"),
    ],
)
def test_only_the_new_words_stay(text: str, said: str) -> None:
    assert new_words(text, ours=OURS) == said


def test_line_ends_of_any_kind_are_read() -> None:
    assert new_words(GMAIL.replace("\n", "\r\n"), ours=OURS) == "Please leave it with the guard."
