"""How a look's colours read, before and after the correction that the sheet makes. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from merchants.models import Look
from storefront_pages.colours import contrast, ink_on, is_hex, readable_on
from storefront_pages.style import (
    DARK,
    DEFAULT_ACCENT,
    FOR_LINES,
    FOR_TEXT,
    LIGHT,
    PALEST_TEXT,
    surface_of,
)

Use = Literal["light", "dark", "line_light", "line_dark", "button", "background"]


@dataclass(frozen=True, slots=True)
class Reading:
    """A colour on a surface: as chosen and as used, with WCAG ratios (1 to 21).

    Of a button, and of the background, the surface is what changes and the text stays:
    then `text` is that text's colour, and before and after are surfaces.
    """

    use: Use
    before: str
    before_ratio: float
    after: str
    after_ratio: float
    surface: str = ""
    text: str = ""

    @property
    def is_corrected(self) -> bool:
        return self.before != self.after


def readings(look: Look) -> list[Reading]:
    """Words in the brand's colour by day and by night, words on it, words on the background;
    lines in its colour where they were corrected. A scheme that is never shown is not spoken of.
    """
    accent = look.accent.lower() if is_hex(look.accent) else DEFAULT_ACCENT
    background = look.background.lower() if is_hex(look.background) else LIGHT
    surface = surface_of(background)
    found = []
    if look.scheme != "dark":
        found += _coloured("light", "line_light", accent, surface)
    if look.scheme != "light":
        found += _coloured("dark", "line_dark", accent, DARK)
    found.append(_under("button", accent, accent, text=ink_on(accent)))
    if look.scheme != "dark":
        found.append(_under("background", background, surface, text=PALEST_TEXT))
    return found


def _coloured(words: Use, lines: Use, accent: str, surface: str) -> list[Reading]:
    line = _over(lines, accent, surface, ratio=FOR_LINES)
    return [_over(words, accent, surface, ratio=FOR_TEXT), *([line] if line.is_corrected else [])]


def _over(use: Use, accent: str, surface: str, *, ratio: float) -> Reading:
    after = readable_on(accent, surface, ratio=ratio)
    return Reading(
        use, accent, contrast(accent, surface), after, contrast(after, surface), surface=surface
    )


def _under(use: Use, before: str, after: str, *, text: str) -> Reading:
    return Reading(use, before, contrast(text, before), after, contrast(text, after), text=text)
