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
    render,
    to_pay_line,
    words_for,
)
from notifications.texts import ADDRESS, TEXTS, fill

#: A left-to-right mark keeps "#1042" whole after Arabic letters.
_LEFT_TO_RIGHT: Final = "\u200e"


def text(telling: Telling) -> Rendered:
    """An SMS: who writes, about which order, the answer. Plain text without a link."""
    with override(telling.language):
        own = fill(telling.own.body, words_for(telling))
        if own:
            return Rendered("", "", joined(own, telling.answer))
        line = pgettext("a text message", "%(shop)s, order %(number)s: %(said)s") % {
            "shop": telling.look.shop,
            "number": _number(telling),
            "said": _ended(telling.sentence),
        }
        pay = _ended(to_pay_line(telling))
        return Rendered("", "", joined(line, *_further(telling), pay))


def chat(telling: Telling) -> Rendered:
    """A WhatsApp message: a short letter with the page's link at its end."""
    with override(telling.language):
        values = words_for(telling)
        greeting = gettext("Hello %(name)s,") % values if telling.recipient_name else ""
        ours = TEXTS[telling.topic]
        body = telling.answer or fill(telling.own.body, values)
        body = body or gettext(ours.body) % values
        said = _ended(telling.sentence)
        about = f"{telling.look.shop} · {gettext('Order')} {_number(telling)}"
        pay = _ended(to_pay_line(telling))
        link = f"{follow_words(telling)}:\n{telling.link}{telling.part}"
        paragraphs = [greeting, f"*{said}*", body, pay, about, link]
        return Rendered("", "", "\n\n".join(part for part in paragraphs if part))


def note(telling: Telling) -> Rendered:
    """A note of the browser: the shop as its title, the answer below."""
    with override(telling.language):
        own = fill(telling.own.body, words_for(telling))
        title = f"{telling.look.shop} · {_number(telling)}"
        said = [own, telling.answer] if own else [telling.sentence, *_further(telling)]
        lines = [*said, to_pay_line(telling)]
        return Rendered(title[:200], "", "\n".join(line for line in lines if line))


SHAPES: Final[Mapping[str, Callable[[Telling], Rendered]]] = {
    "letter": render,
    "text": text,
    "chat": chat,
    "note": note,
}


def _further(telling: Telling) -> list[str]:
    """What belongs to a message however short it is: the shop's answer in a case, what to do
    about an address."""
    if telling.topic == ADDRESS:
        return [gettext(TEXTS[ADDRESS].body)]
    return [telling.answer] if telling.answer else []


def _number(telling: Telling) -> str:
    mark = _LEFT_TO_RIGHT if formats.is_rtl(telling.language) else ""
    return f"{mark}{telling.order_number}"


def _ended(line: str) -> str:
    """A heading as a sentence among others, in the active language."""
    return ended(line, get_language())
