"""One message as a letter: HTML and plain text from the same pieces, in the same order."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape
from typing import Final

from django.utils.translation import gettext, override, pgettext

from lib import formats
from notifications.rendering import (
    LOGO_CID,
    Line,
    Rendered,
    Telling,
    follow_words,
    readable_on,
    to_pay_line,
    why_you,
    window_label,
    window_line,
    words_for,
)
from notifications.templates.blocks import PROMOTION, WORDS, Part
from notifications.templates.layout import Layout, Pattern, layout_of
from notifications.templates.spoken import Spoken, spoken
from notifications.texts import TEXTS

Piece = tuple[str, Mapping[str, str]]
"""A part of the layout (`templates/mail/message.mjml`) with its words, which are plain text."""

_ADDRESS: Final = re.compile(r"https://[^\s<>\"]+[^\s<>\".,;:!?)]")
_BOLD: Final = re.compile(r"(?<![\w*])\*(\S(?:[^*\n]*\S)?)\*(?![\w*])")


def letter(telling: Telling) -> Rendered:
    """The message as an e-mail, in its language."""
    with override(telling.language):
        own = spoken(telling)
        subject = own.subject or gettext(TEXTS[telling.topic].subject) % words_for(telling)
        # A header cannot hold a line break; whoever writes one into a name adds no header.
        subject = " ".join(subject.split())[:200]
        pieces = list(_pieces(telling, own))
        return Rendered(
            subject=subject,
            html=_html(telling, pieces, subject),
            text=_text(telling, pieces),
            trouble=own.trouble,
        )


def our_body(telling: Telling) -> list[str]:
    """The paragraphs that we say ourselves: the shop's answer, else what pushed a date back and
    our sentence."""
    if telling.answer:
        return _paragraphs(telling.answer)
    return _paragraphs(
        f"{telling.why}\n\n{gettext(TEXTS[telling.topic].body) % words_for(telling)}"
    )


def order_word() -> str:
    """What stands before an order's number; the language must be active."""
    return gettext("Order")


def choose_words() -> str:
    """What the link to the preferences is called."""
    return gettext("Choose how we write to you")


def sorry_words(telling: Telling) -> str:
    """The apology, where there is something to be sorry for; else ""."""
    if not telling.state.is_late:
        return ""
    return gettext("We are sorry that it takes longer than we said.")


def promotion_until(part: Part, language: str) -> str:
    """ "Until Thu 31 Dec", or ""."""
    if part.until is None:
        return ""
    day = formats.weekday_date(part.until, language)
    return pgettext("a promotion ends", "Until %(day)s") % {"day": day}


def _pieces(telling: Telling, own: Spoken) -> Sequence[Piece]:
    """What the letter says, from top to bottom. Blocks that the merchant placed come where they
    were placed, the others where we have them."""
    found: list[Piece] = []
    if telling.recipient_name:
        found.append(("greeting", {"words": gettext("Hello %(name)s,") % words_for(telling)}))
    found.append(("heading", {"words": telling.sentence}))
    if own.parts and not telling.answer:
        for part in own.parts:
            found += _block(part, telling)
    else:
        found += [("words", {"words": one}) for one in our_body(telling)]
    if telling.banner:
        found.append(("banner", {"words": telling.banner}))
    for kind in ("date", "pay", "button", "items"):
        if telling.answer or not own.places(kind):
            found += _block(Part(kind), telling)
    about = f"{order_word()} {telling.order_number}"
    if telling.tracking_number:
        about += " · " + " ".join(filter(None, (telling.carrier, telling.tracking_number)))
    found.append(("about", {"words": about}))
    return found


def _block(part: Part, telling: Telling) -> list[Piece]:
    if part.kind == WORDS:
        return [(WORDS, {"words": part.words})]
    if part.kind == "items":
        return [("items", {"label": _items_label(telling)})] if telling.items else []
    if part.kind == "button":
        return [("button", {"words": part.words or follow_words(telling)})]
    if part.kind == PROMOTION:
        until = promotion_until(part, telling.language)
        values = {"words": part.words, "code": part.code, "link": part.link, "until": until}
        return [(PROMOTION, values)]
    words = {
        "date": window_line(telling),
        "pay": to_pay_line(telling),
        "sorry": sorry_words(telling),
    }[part.kind]
    label = window_label(telling) if part.kind == "date" else ""
    return [(part.kind, {"words": words, "label": label})] if words else []


def _items_label(telling: Telling) -> str:
    return gettext("In this parcel") if telling.tracking_number else gettext("Your order")


# --- HTML ------------------------------------------------------------------------------------


def _html(telling: Telling, pieces: Sequence[Piece], subject: str) -> str:
    layout = layout_of("rtl" if formats.is_rtl(telling.language) else "ltr")
    accent = escape(telling.look.accent)
    frame = {
        "language": escape(telling.language),
        "subject": escape(subject),
        "preheader": escape(_preheader(telling)),
        "brand": _brand(telling),
        "accent": accent,
    }
    on_accent = readable_on(telling.look.accent)
    button = {
        "accent": accent,
        "on_accent": on_accent,
        "link": escape(telling.link + telling.part),
    }
    body = [_filled(layout, kind, values, telling, button) for kind, values in pieces]
    return layout.head.fill(frame) + "".join(body) + layout.tail.fill({"footer": _footer(telling)})


def _filled(
    layout: Layout,
    kind: str,
    values: Mapping[str, str],
    telling: Telling,
    button: Mapping[str, str],
) -> str:
    pattern = layout.parts[kind]
    if kind == "items":
        rows = _rows(layout, telling.items)
        return pattern.fill({"label": escape(values["label"]), "rows": rows})
    if kind == PROMOTION:
        return _promotion(pattern, values)
    if kind == "about":
        return pattern.fill({"words": _about(telling)})
    tied = kind in {"heading", "date"}
    words = values["words"]
    shown = {"words": escape(formats.unbroken(words)) if tied else rich(words)}
    return pattern.fill(shown | {"label": escape(values.get("label", ""))} | dict(button))


def _rows(layout: Layout, items: Sequence[Line]) -> str:
    pictured = any(line.image_url for line in items)
    return "".join(
        layout.row.fill(
            {
                "picture": _picture(layout, line) if pictured else "",
                "title": escape(line.title),
                "quantity": f"× {line.quantity}" if line.quantity > 1 else "",
            }
        )
        for line in items
    )


def _picture(layout: Layout, line: Line) -> str:
    if not line.image_url:
        return "<td></td>"
    return layout.picture.fill({"image": escape(line.image_url)})


def _promotion(pattern: Pattern, values: Mapping[str, str]) -> str:
    line = '<span style="display:block;padding-top:4px">{}</span>'
    code = f'<bdi dir="ltr" style="font-weight:700">{escape(values["code"])}</bdi>'
    link, offer = escape(values["link"]), gettext("See the offer")
    return pattern.fill(
        {
            "words": escape(values["words"]),
            "code": line.format(code) if values["code"] else "",
            "until": line.format(escape(values["until"])) if values["until"] else "",
            "more": line.format(f'<a href="{link}">{escape(offer)}</a>') if link else "",
        }
    )


def _brand(telling: Telling) -> str:
    shop = escape(telling.look.shop)
    if not telling.look.has_logo:
        return shop
    # On a ground of its own in the dark: a logo is drawn for paper.
    return (
        '<span class="logo" style="display:inline-block">'
        f'<img src="cid:{LOGO_CID}" alt="{shop}" height="36" '
        'style="display:block;border:0;height:36px;width:auto;max-width:220px"></span>'
    )


def _about(telling: Telling) -> str:
    order = f'{escape(order_word())} <bdi dir="ltr">{escape(telling.order_number)}</bdi>'
    if not telling.tracking_number:
        return order
    number = f'<bdi dir="ltr">{escape(telling.tracking_number)}</bdi>'
    carrier = f"<bdi>{escape(telling.carrier)}</bdi> " if telling.carrier else ""
    return f"{order} · {carrier}{number}"


def _footer(telling: Telling) -> str:
    look = telling.look
    lines = [escape(why_you(telling))]
    if telling.has_preferences:
        choose = escape(choose_words())
        lines[0] += f' <a href="{escape(telling.link)}preferences/">{choose}</a>'
    reached = []
    if look.support_email:
        email = escape(look.support_email)
        reached.append(f'<a href="mailto:{email}"><bdi dir="ltr">{email}</bdi></a>')
    if look.support_phone:
        reached.append(f'<bdi dir="ltr">{escape(look.support_phone)}</bdi>')
    if reached:
        lines.append(" ".join([escape(gettext("Questions?")), *reached]))
    tagline = _tagline(telling)
    if tagline:
        lines.append(escape(tagline))
    return "".join(f'<p style="margin:0 0 8px">{line}</p>' for line in lines)


def _preheader(telling: Telling) -> str:
    """What a mailbox shows beside the subject."""
    parts = (telling.sentence, to_pay_line(telling), window_line(telling))
    return " · ".join(part for part in parts if part)


def rich(words: str) -> str:
    """HTML of a text: escaped, with line breaks, *bold* and addresses as links."""
    text = _BOLD.sub(r"<strong>\1</strong>", escape(words))
    return _ADDRESS.sub(_as_link, text).replace("\n", "<br>")


def _as_link(found: re.Match[str]) -> str:
    return f'<a href="{found[0]}">{found[0]}</a>'


# --- plain text ------------------------------------------------------------------------------


def _text(telling: Telling, pieces: Sequence[Piece]) -> str:
    blocks = [_lines(kind, values, telling) for kind, values in pieces]
    return "\n\n".join([*blocks, _signature(telling)]) + "\n"


def _lines(kind: str, values: Mapping[str, str], telling: Telling) -> str:
    mark = formats.colon(telling.language)
    if kind == "items":
        return "\n".join([values["label"], *item_lines(telling.items)])
    if kind == "button":
        return f"{values['words']}{mark}\n{telling.link}{telling.part}"
    if kind == "date":
        return f"{values['label']}{mark} {values['words']}"
    if kind == PROMOTION:
        return "\n".join(one for one in (values[n] for n in _PROMOTION_LINES) if one)
    return values["words"]


_PROMOTION_LINES: Final = ("words", "code", "until", "link")


def item_lines(items: Sequence[Line]) -> list[str]:
    """ "- Linen cushion cover × 2"."""
    return [
        f"- {line.title} × {line.quantity}" if line.quantity > 1 else f"- {line.title}"
        for line in items
    ]


def _signature(telling: Telling) -> str:
    look = telling.look
    lines = ["-- ", look.shop, why_you(telling)]
    if telling.has_preferences:
        mark = formats.colon(telling.language)
        lines.append(f"{choose_words()}{mark} {telling.link}preferences/")
    if look.support_email or look.support_phone:
        reached = (gettext("Questions?"), look.support_email, look.support_phone)
        lines.append(" ".join(one for one in reached if one))
    tagline = _tagline(telling)
    return "\n".join([*lines, tagline] if tagline else lines)


def _tagline(telling: Telling) -> str:
    return telling.look.taglines.get(telling.language) or telling.look.tagline


def _paragraphs(text: str) -> list[str]:
    return [part.strip() for part in text.split("\n\n") if part.strip()]
