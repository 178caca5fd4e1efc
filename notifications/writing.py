"""A telling in the shape that a channel shows: a letter, a text, a chat, a note.

A text message carries no link: in the United Arab Emirates and Saudi Arabia links are filtered
unless they are registered, and a text with one never arrives.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from django.utils.translation import get_language, gettext, override, pgettext

from lib import formats
from lib.sentences import ended, joined
from notifications.rendering import (
    Rendered,
    Telling,
    follow_words,
    to_pay_line,
    why_you,
    window_line,
    words_for,
)
from notifications.segments import for_sms
from notifications.templates.blocks import PROMOTION, Part
from notifications.templates.mail import (
    item_lines,
    letter,
    order_word,
    promotion_until,
    sorry_words,
)
from notifications.templates.spoken import Spoken, spoken
from notifications.texts import ADDRESS, TEXTS

#: A left-to-right mark keeps "#1042" whole after Arabic letters.
_LEFT_TO_RIGHT: Final = "\u200e"


def text(telling: Telling) -> Rendered:
    """An SMS: who writes, about which order, the answer. Plain text without a link."""
    with override(telling.language):
        own = spoken(telling)
        if own.parts:
            said = joined(*_as_lines(own, telling, has_link=False), telling.answer)
            said = joined(" ".join(said.split()), _introduction(telling))
            return Rendered("", "", for_sms(said))
        line = pgettext("a text message", "%(shop)s, order %(number)s: %(said)s") % {
            "shop": telling.look.shop,
            "number": _number(telling),
            "said": _ended(telling.sentence),
        }
        parts = [
            line, *_further(telling), _ended(to_pay_line(telling)), _introduction(telling),
        ]  # fmt: skip
        return Rendered("", "", for_sms(joined(*parts)), own.trouble)


def chat(telling: Telling) -> Rendered:
    """A WhatsApp message: a short letter with the page's link at its end."""
    with override(telling.language):
        own = spoken(telling)
        values = words_for(telling)
        greeting = gettext("Hello %(name)s,") % values if telling.recipient_name else ""
        said = _ended(telling.sentence)
        about = f"{telling.look.shop} · {order_word()} {_number(telling)}"
        pay = "" if own.places("pay") else _ended(to_pay_line(telling))
        link = "" if own.places("button") else _follow(Part("button"), telling)
        if own.parts and not telling.answer:
            body = _as_lines(own, telling, has_link=True)
        else:
            body = [telling.answer or gettext(TEXTS[telling.topic].body) % values]
        asked = _introduction(telling)
        paragraphs = [greeting, asked, f"*{said}*", *body, pay, about, link]
        words = "\n\n".join(part for part in paragraphs if part)
        return Rendered("", "", words, own.trouble)


def note(telling: Telling) -> Rendered:
    """A note of the browser: the shop as its title, the answer below."""
    with override(telling.language):
        own = spoken(telling)
        title = f"{telling.look.shop} · {_number(telling)}"
        if own.parts:
            said = [*_as_lines(own, telling, has_link=False), telling.answer]
        else:
            said = [telling.sentence, *_further(telling)]
        pay = "" if own.places("pay") else to_pay_line(telling)
        lines = [line for line in (*said, pay) if line]
        return Rendered((own.subject or title)[:200], "", "\n".join(lines), own.trouble)


SHAPES: Final[Mapping[str, Callable[[Telling], Rendered]]] = {
    "letter": letter,
    "text": text,
    "chat": chat,
    "note": note,
}


def _as_lines(own: Spoken, telling: Telling, *, has_link: bool) -> list[str]:
    """The merchant's parts where a block is a line; those that say nothing here are left out."""
    lines = [_line(part, telling, has_link=has_link) for part in own.parts]
    return [line for line in lines if line]


def _line(part: Part, telling: Telling, *, has_link: bool) -> str:
    if part.kind == "button":
        return _follow(part, telling) if has_link else ""
    if part.kind == "items":
        return "\n".join(item_lines(telling.items))
    if part.kind == PROMOTION:
        until = promotion_until(part, telling.language)
        link = part.link if has_link else ""
        return "\n".join(one for one in (part.words, part.code, until, link) if one)
    if part.kind == "date":
        return _ended(window_line(telling))
    if part.kind == "pay":
        return _ended(to_pay_line(telling))
    return sorry_words(telling) if part.kind == "sorry" else part.words


def _follow(part: Part, telling: Telling) -> str:
    words = f"{part.words or follow_words(telling)}{formats.colon(telling.language)}"
    return f"{words}\n{telling.link}{telling.part}"


def _further(telling: Telling) -> list[str]:
    """What belongs to a message however short it is: the shop's answer in a case, what to do
    about an address."""
    if telling.topic == ADDRESS:
        return [gettext(TEXTS[ADDRESS].body)]
    return [telling.answer] if telling.answer else []


def _introduction(telling: Telling) -> str:
    """Who asked us to write, in the first message to somebody who did not ask for it."""
    return why_you(telling) if telling.introduces else ""


def _number(telling: Telling) -> str:
    mark = _LEFT_TO_RIGHT if formats.is_rtl(telling.language) else ""
    return f"{mark}{telling.order_number}"


def _ended(line: str) -> str:
    """A heading as a sentence among others, in the active language."""
    return ended(line, get_language())
