"""The template tag `{% lucide %}` that draws each icon once.

`lucide`'s own tag copies and writes the icon's XML at every use; a page has dozens. This one
stands in for it under the same name (TEMPLATES in the settings) and remembers the text.
"""

from __future__ import annotations

from functools import lru_cache

from django import template
from django.utils.safestring import SafeString
from lucide.templatetags import lucide as drawing

register = template.Library()


@register.simple_tag
def lucide(name: str, *, size: int | None = 24, **attributes: object) -> SafeString:
    """The icon's inline SVG. Raises `lucide.IconDoesNotExist` for a name there is none of."""
    return _drawn(str(name), size, tuple((key, str(value)) for key, value in attributes.items()))


@lru_cache(maxsize=1024)
def _drawn(name: str, size: int | None, attributes: tuple[tuple[str, str], ...]) -> SafeString:
    svg: SafeString = drawing.lucide(name, size=size, **dict(attributes))
    return svg
