"""Our MJML skeleton as HTML: compiled once a direction, then only filled in.

MJML writes the tables, the conditional comments for Outlook and the inline styles that mail
programs need (https://documentation.mjml.io/). Compiling a mail costs more than filling it, and a
burst is thousands of mails: so the compiled skeleton is cut into patterns that are joined.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from django.template.loader import render_to_string
from mjml import mjml2html

_SLOT: Final = re.compile(r"\[\[(\w+)\]\]")
_PART: Final = re.compile(r"<!--part:(\w+)-->")


@dataclass(frozen=True, slots=True)
class Pattern:
    """HTML with slots: text and names of slots by turns."""

    pieces: tuple[str, ...]

    def fill(self, values: Mapping[str, str]) -> str:
        """The HTML with these values, which are HTML themselves."""
        pieces = list(self.pieces)
        pieces[1::2] = [values[name] for name in pieces[1::2]]
        return "".join(pieces)


@dataclass(frozen=True, slots=True)
class Layout:
    """A compiled skeleton. `parts` by name; an item's row and its picture are patterns inside
    `items`, whose slot they take is `rows`."""

    head: Pattern
    parts: Mapping[str, Pattern]
    row: Pattern
    picture: Pattern
    tail: Pattern


@lru_cache(maxsize=4)
def layout_of(direction: str) -> Layout:
    """The layout of messages, "ltr" or "rtl"."""
    is_rtl = direction == "rtl"
    start, end = ("right", "left") if is_rtl else ("left", "right")
    source = render_to_string(
        "mail/message.mjml",
        {
            "direction": direction, "start": start, "end": end,
            "size": 17 if is_rtl else 16, "line": 30 if is_rtl else 25,
            "small_line": 26 if is_rtl else 22,
        },
    )  # fmt: skip
    # No fonts from elsewhere: a mail asks nobody for anything but pictures of what was bought.
    return _cut(_tidied(mjml2html(source, fonts={}), start))


def _tidied(html: str, start: str) -> str:
    """What MJML writes for readers from the left whatever it is told: a column's direction."""
    if start == "left":
        return html
    return html.replace("text-align:left;direction:ltr", "text-align:right;direction:rtl")


def _cut(html: str) -> Layout:
    head, *rest = _PART.split(html)
    bodies = dict(zip(rest[::2], rest[1::2], strict=True))
    tail = bodies.pop("end")
    before, row, after = _between(bodies["items"], "rows")
    bodies["items"] = f"{before}[[rows]]{after}"
    left, picture, right = _between(row, "picture")
    return Layout(
        head=_pattern(head),
        parts={name: _pattern(body) for name, body in bodies.items()},
        row=_pattern(f"{left}[[picture]]{right}"),
        picture=_pattern(picture),
        tail=_pattern(tail),
    )


def _between(html: str, mark: str) -> tuple[str, str, str]:
    before, _, rest = html.partition(f"<!--{mark}-->")
    inside, _, after = rest.partition(f"<!--/{mark}-->")
    return before, inside, after


def _pattern(html: str) -> Pattern:
    return Pattern(tuple(_SLOT.split(html)))
