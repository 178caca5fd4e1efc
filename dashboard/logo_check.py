"""Whether an uploaded file is really the picture it says it is, and harmless."""

from __future__ import annotations

from typing import Final
from xml.etree.ElementTree import Element, ParseError

import defusedxml.ElementTree
from defusedxml import DefusedXmlException
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LARGEST: Final = 200_000
_LONGEST_SIDE: Final = 4000
_SVG: Final = "{http://www.w3.org/2000/svg}"
#: Elements that run, embed or fetch something.
_ACTIVE: Final = frozenset(
    {"script", "foreignObject", "iframe", "embed", "object", "audio", "video", "handler",
     "animate", "set", "animateMotion", "animateTransform", "a"}
)  # fmt: skip
#: What an address in the picture may be: a part of itself, or a picture inside it.
_INSIDE: Final = ("#", "data:image/png;", "data:image/webp;")
#: Each reason of NotALogo in words.
REFUSED: Final[dict[str, Promise]] = {
    "size": _("The logo is too large: up to 200 kB and 4000 pixels a side."),
    "kind": _("This is no PNG, SVG or WebP."),
    "broken": _("This picture cannot be read."),
    "active": _("This SVG runs or fetches something. Save it as a plain picture."),
}


class NotALogo(ValueError):
    """Why the file cannot be a logo: `reason` is one of size, kind, active, broken."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def logo_type(content: bytes) -> str:
    """The media type of a PNG, WebP or SVG, by its content and not by its name.

    Raises NotALogo for a file over 200 kB, another kind, broken headers, and SVG that could
    run or fetch anything.
    """
    if not content or len(content) > LARGEST:
        raise NotALogo("size")
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return _png(content)
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    if b"<svg" in content[:2000]:
        return _svg(content)
    raise NotALogo("kind")


def _png(content: bytes) -> str:
    if content[12:16] != b"IHDR" or len(content) < 33 or b"IEND" not in content[-16:]:
        raise NotALogo("broken")
    sides = (int.from_bytes(content[16:20], "big"), int.from_bytes(content[20:24], "big"))
    if not all(1 <= side <= _LONGEST_SIDE for side in sides):
        raise NotALogo("size")
    return "image/png"


def _svg(content: bytes) -> str:
    try:
        root: Element = defusedxml.ElementTree.fromstring(content, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise NotALogo("broken") from error
    if root.tag != f"{_SVG}svg":
        raise NotALogo("kind")
    for element in root.iter():
        _refuse_active(element)
    return "image/svg+xml"


def _refuse_active(element: Element) -> None:
    """No scripts, no handlers, no addresses but those inside the picture itself."""
    if not isinstance(element.tag, str) or element.tag.rpartition("}")[2] in _ACTIVE:
        raise NotALogo("active")
    texts = [element.text or ""] if element.tag == f"{_SVG}style" else []
    for name, value in element.attrib.items():
        plain = name.rpartition("}")[2].lower()
        if plain.startswith("on"):
            raise NotALogo("active")
        if plain in {"href", "src"} and not value.strip().startswith(_INSIDE):
            raise NotALogo("active")
        texts.append(value)
    for text in texts:
        folded = "".join(text.split()).lower()
        if "javascript:" in folded or "@import" in folded or "\\" in folded:
            raise NotALogo("active")
        if "url(" in folded.replace("url(#", "").replace("url('#", "").replace('url("#', ""):
            raise NotALogo("active")
