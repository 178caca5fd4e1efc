"""A merchant's style sheet: the house's sheets and the brand's variables, as one text.

`docs/design.md` lists the sheets a shopper loads and the variables a brand may set.
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from pathlib import Path
from typing import Final

from django.contrib.staticfiles import finders

from merchants.models import Look
from storefront_pages.colours import contrast, ink_on, is_hex, readable_on

SHEETS: Final = ("tokens", "base", "components", "parcel", "storefront", "route", "promotion")

#: What `--surface`, and the palest text on it, come to in tokens.css, as sRGB.
LIGHT: Final = "#ffffff"
DARK: Final = "#1b1816"
PALEST_TEXT: Final = "#6b665f"
#: WCAG 2.2 AA: text, and what must be seen to be understood.
FOR_TEXT: Final = 4.5
FOR_LINES: Final = 3.0

DEFAULT_ACCENT: Final = "#2f5bd7"

#: Stacks of fonts that machines have; nothing is downloaded. Arabic letters come last in
#: each, because most of these faces have none.
_ARABIC: Final = '"Noto Sans Arabic","Geeza Pro",Tahoma'
STACKS: Final = {
    "humanist": f'Seravek,"Gill Sans Nova",Ubuntu,Calibri,"DejaVu Sans",{_ARABIC},sans-serif',
    "geometric": f'Avenir,Montserrat,Corbel,"URW Gothic",source-sans-pro,{_ARABIC},sans-serif',
    "serif": 'Charter,"Bitstream Charter","Sitka Text",Cambria,"Noto Naskh Arabic",serif',
    "rounded": f'ui-rounded,"Hiragino Maru Gothic ProN",Quicksand,Comfortaa,{_ARABIC},sans-serif',
    "mono": f'ui-monospace,"Cascadia Code","Source Code Pro",Menlo,Consolas,{_ARABIC},monospace',
}
#: The choice of a font that the merchant uploaded, and what pages call it.
OWN: Final = "own"
_OWN_FAMILY: Final = "shop"
#: What stands where the own font lacks a letter, and until it has come.
_BEHIND_OWN: Final = f"system-ui,{_ARABIC},sans-serif"
_SCHEME: Final = re.compile(r"\(prefers-color-scheme: ?(light|dark)\)")
_COMMENT: Final = re.compile(r"/\*.*?\*/", re.DOTALL)
_SPACE: Final = re.compile(r"\s+")
_AROUND: Final = re.compile(r" ?([{};,]) ?")


def style_sheet(brand: Look, *, font_url: str = "") -> str:
    """The whole sheet of a merchant's pages. `font_url` replaces the own font's address."""
    return in_scheme(house_sheet() + brand_block(brand, font_url=font_url), brand.scheme)


def in_scheme(sheet: str, scheme: str) -> str:
    """The sheet by day ("light") or by night ("dark") alone; as the machine has it for ""."""
    if not scheme:
        return sheet
    fixed = _SCHEME.sub(lambda found: "all" if found[1] == scheme else "not all", sheet)
    return f"{fixed}:root{{color-scheme:{scheme}}}"


def style_version(brand_version: int) -> str:
    """What names a sheet in its address: it changes with the brand and with our own sheets."""
    return f"{brand_version}-{_house_digest()}"


def brand_block(brand: Look, *, font_url: str = "") -> str:
    """The brand's variables, contrast corrected: text on the brand and text in its colour at
    least 4.5 : 1, lines in its colour at least 3 : 1, on the light and on the dark surface."""
    accent = brand.accent if is_hex(brand.accent) else DEFAULT_ACCENT
    surface = surface_of(brand.background)
    rules = [
        f"--brand:{accent.lower()}",
        f"--brand-ink:{ink_on(accent)}",
        f"--brand-line:{readable_on(accent, surface, ratio=FOR_LINES)}",
        f"--brand-text:{readable_on(accent, surface, ratio=FOR_TEXT)}",
        f"--brand-radius:{min(brand.radius, 24)}px",
    ]
    if family := _family(brand):
        rules.append(f"--brand-font:{family}")
    text = f"{_face(brand, font_url)}:root{{{';'.join(rules)}}}"
    if surface != LIGHT:
        text += f"@media (prefers-color-scheme:light){{:root{{--surface:{surface}}}}}"
    line, words = (readable_on(accent, DARK, ratio=ratio) for ratio in (FOR_LINES, FOR_TEXT))
    dark = f"--brand-line:{line};--brand-text:{words}"
    return f"{text}@media (prefers-color-scheme:dark){{:root{{{dark}}}}}"


def _family(brand: Look) -> str:
    if brand.font == OWN and brand.own_font_digest:
        return f"{_OWN_FAMILY},{_BEHIND_OWN}"
    return STACKS.get(brand.font, "")


def _face(brand: Look, url: str) -> str:
    """The own font, beside the sheet's own address, so that it is right under any root."""
    if brand.font != OWN or not brand.own_font_digest:
        return ""
    source = url or f"../font/{brand.own_font_digest}.woff2"
    return (
        f"@font-face{{font-family:{_OWN_FAMILY};font-weight:100 900;font-display:swap;"
        f"src:url({source}) format('woff2')}}"
    )


def surface_of(background: str) -> str:
    """The merchant's background, lightened until our palest text reads on it."""
    if not is_hex(background) or background.lower() == LIGHT:
        return LIGHT
    if contrast(background, PALEST_TEXT) >= FOR_TEXT and contrast(background, "#000000") > 10:
        return background.lower()
    # Lighten against the text: the text is the fixed side here.
    return readable_on(background, PALEST_TEXT, ratio=FOR_TEXT)


@lru_cache(maxsize=1)
def house_sheet() -> str:
    """Our own sheets in one, without comments and needless space."""
    return "".join(_shrink(_read(name)) for name in SHEETS)


@lru_cache(maxsize=1)
def _house_digest() -> str:
    return hashlib.blake2b(house_sheet().encode(), digest_size=5).hexdigest()


def _read(name: str) -> str:
    found = finders.find(f"css/{name}.css")
    if not isinstance(found, str):
        raise FileNotFoundError(f"css/{name}.css is not among the static files")
    return Path(found).read_text(encoding="utf-8")


def _shrink(css: str) -> str:
    # Spaces before a colon or around + and - mean something in CSS; these do not.
    return _AROUND.sub(r"\1", _SPACE.sub(" ", _COMMENT.sub("", css))).strip()
