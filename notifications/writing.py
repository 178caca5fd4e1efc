"""A telling in the shape that a channel shows: a letter, a text, a chat, a note.

A text message carries no link: in the United Arab Emirates and Saudi Arabia links are filtered
unless they are registered, and a text with one never arrives.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from django.utils.translation import gettext, override, pgettext

from lib import formats
from lib.vocabulary import ORDER_MILESTONES
from notifications.rendering import Rendered, Telling, render, to_pay_line, words_for
from notifications.texts import TEXTS, fill

#: A left-to-right mark keeps "#1042" whole after Arabic letters.
_LEFT_TO_RIGHT: Final = "\u200e"


def text(telling: Telling) -> Rendered:
    """An SMS: who writes, about which order, the answer. Plain text without a link."""
    with override(telling.language):
        own = fill(telling.own.body, words_for(telling))
        if own:
            return Rendered("", "", " ".join([own, *_body_of_a_case(telling)]))
        line = pgettext("a text message", "%(shop)s, order %(number)s: %(said)s") % {
            "shop": telling.look.shop,
            "number": _number(telling),
            "said": _ended(telling.sentence),
        }
        parts = [line, *_body_of_a_case(telling), _ended(to_pay_line(telling))]
        return Rendered("", "", " ".join(part for part in parts if part))


def chat(telling: Telling) -> Rendered:
    """A WhatsApp message: a short letter with the page's link at its end."""
    with override(telling.language):
        values = words_for(telling)
        greeting = gettext("Hello %(name)s,") % values if telling.recipient_name else ""
        body = telling.answer or fill(telling.own.body, values)
        body = body or gettext(TEXTS[telling.topic].body) % values
        said = _ended(telling.sentence)
        about = f"{telling.look.shop} · {gettext('Order')} {_number(telling)}"
        pay = _ended(to_pay_line(telling))
        link = f"{_follow(telling)}\n{telling.link}"
        paragraphs = [greeting, f"*{said}*", body, pay, about, link]
        return Rendered("", "", "\n\n".join(part for part in paragraphs if part))


def note(telling: Telling) -> Rendered:
    """A note of the browser: the shop as its title, the answer below."""
    with override(telling.language):
        own = fill(telling.own.body, words_for(telling))
        title = f"{telling.look.shop} · {_number(telling)}"
        lines = [own or telling.sentence, *_body_of_a_case(telling), to_pay_line(telling)]
        return Rendered(title[:200], "", "\n".join(line for line in lines if line))


SHAPES: Final[Mapping[str, Callable[[Telling], Rendered]]] = {
    "letter": render,
    "text": text,
    "chat": chat,
    "note": note,
}


def _follow(telling: Telling) -> str:
    if telling.topic in ORDER_MILESTONES or not telling.tracking_number:
        return gettext("Follow your order") + ":"
    return gettext("Follow your parcel") + ":"


def _body_of_a_case(telling: Telling) -> list[str]:
    """What the shop answered belongs to a case's message however short it is."""
    return [telling.answer] if telling.answer else []


def _number(telling: Telling) -> str:
    mark = _LEFT_TO_RIGHT if formats.is_rtl(telling.language) else ""
    return f"{mark}{telling.order_number}"


def _ended(line: str) -> str:
    """A heading has no full stop; a sentence among others does. Amounts may end in a mark that
    only sets the direction."""
    if not line or line.rstrip("\u200e\u200f").endswith((".", "؟", "?", "!")):
        return line
    return f"{line}."
