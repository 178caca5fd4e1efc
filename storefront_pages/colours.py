"""Brand colours made readable: contrast corrected by moving lightness in OKLCH, hue kept.

Sources: Björn Ottosson, "A perceptual color space for image processing" (the OKLab
matrices); WCAG 2.2, "relative luminance" and "contrast ratio". Pure.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from typing import Final

Rgb = tuple[float, float, float]
"""Linear-light sRGB, each channel 0 to 1."""

_HEX: Final = re.compile(r"#[0-9a-f]{6}", re.IGNORECASE)
_STEPS: Final = 24


@dataclass(frozen=True, slots=True)
class Oklch:
    """Lightness 0 to 1, chroma from 0, hue in radians."""

    lightness: float
    chroma: float
    hue: float


def is_hex(text: str) -> bool:
    """Whether this is a colour as `#rrggbb`."""
    return _HEX.fullmatch(text) is not None


def contrast(one: str, other: str) -> float:
    """WCAG contrast ratio of two `#rrggbb` colours, 1 to 21."""
    high, low = sorted((_luminance(_from_hex(one)), _luminance(_from_hex(other))), reverse=True)
    return (high + 0.05) / (low + 0.05)


def readable_on(colour: str, surface: str, *, ratio: float) -> str:
    """The nearest `#rrggbb` of the same hue with at least this contrast to the surface.

    A colour that has the contrast already is returned unchanged. Lightness moves away from
    the surface: darker on light ones, lighter on dark ones.
    """
    if contrast(colour, surface) >= ratio:
        return colour.lower()
    start = to_oklch(colour)
    end = 0.0 if contrast("#000000", surface) >= contrast("#ffffff", surface) else 1.0
    near, far = start.lightness, end
    for _ in range(_STEPS):
        middle = (near + far) / 2
        if contrast(to_hex(replace(start, lightness=middle)), surface) >= ratio:
            far = middle
        else:
            near = middle
    return to_hex(replace(start, lightness=far))


def ink_on(colour: str) -> str:
    """Black or white, whichever reads better on this colour; always at least 4.5 : 1."""
    return max(("#ffffff", "#000000"), key=lambda ink: contrast(ink, colour))


def to_oklch(colour: str) -> Oklch:
    """A `#rrggbb` colour as lightness, chroma and hue."""
    r, g, b = _from_hex(colour)
    long = math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
    medium = math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
    short = math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
    lightness = 0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
    bb = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
    return Oklch(lightness, math.hypot(a, bb), math.atan2(bb, a))


def to_hex(colour: Oklch) -> str:
    """The colour as `#rrggbb`; chroma is reduced until a screen can show it."""
    low, high = 0.0, colour.chroma
    found = _to_linear(colour)
    if not _is_shown(found):
        for _ in range(_STEPS):
            middle = (low + high) / 2
            if _is_shown(_to_linear(replace(colour, chroma=middle))):
                low = middle
            else:
                high = middle
        found = _to_linear(replace(colour, chroma=low))
    return "#" + "".join(f"{round(_encode(channel) * 255):02x}" for channel in found)


def _to_linear(colour: Oklch) -> Rgb:
    a, b = colour.chroma * math.cos(colour.hue), colour.chroma * math.sin(colour.hue)
    long = (colour.lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (colour.lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (colour.lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def _is_shown(rgb: Rgb) -> bool:
    return all(-0.0005 <= channel <= 1.0005 for channel in rgb)


def _from_hex(colour: str) -> Rgb:
    if not is_hex(colour):
        raise ValueError(f"not a colour: {colour!r}")
    r, g, b = (_decode(int(colour[start : start + 2], 16) / 255) for start in (1, 3, 5))
    return (r, g, b)


def _luminance(rgb: Rgb) -> float:
    return 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2]


def _decode(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def _encode(channel: float) -> float:
    channel = min(max(channel, 0.0), 1.0)
    if channel <= 0.0031308:
        return channel * 12.92
    return float(1.055 * channel ** (1 / 2.4) - 0.055)
