"""How a look's colours read, before and after the correction that the sheet makes. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from merchants.models import Look
from storefront_pages.colours import contrast, ink_on, is_hex, readable_on
from storefront_pages.style import (
    DARK,
    DEFAULT_ACCENT,
    FOR_TEXT,
    LIGHT,
    PALEST_TEXT,
    surface_of,
)

Use = Literal["light", "dark", "button", "background"]


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
    """Words in the brand's colour by day and by night, words on it, words on the background."""
    accent = look.accent.lower() if is_hex(look.accent) else DEFAULT_ACCENT
    background = look.background.lower() if is_hex(look.background) else LIGHT
    surface = surface_of(background)
    return [
        _words("light", accent, surface),
        _words("dark", accent, DARK),
        _under("button", accent, accent, text=ink_on(accent)),
        _under("background", background, surface, text=PALEST_TEXT),
    ]


def _words(use: Use, accent: str, surface: str) -> Reading:
    after = readable_on(accent, surface, ratio=FOR_TEXT)
    return Reading(
        use, accent, contrast(accent, surface), after, contrast(after, surface), surface=surface
    )


def _under(use: Use, before: str, after: str, *, text: str) -> Reading:
    return Reading(use, before, contrast(text, before), after, contrast(text, after), text=text)
