"""A merchant's plain text as HTML: escaped, with whole addresses of the web as links."""

from __future__ import annotations

import re
from typing import Final

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

_ADDRESS: Final = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)،؛؟]")


def linked(text: str) -> SafeString:
    """What `linebreaks` takes: nothing but links is markup."""
    pieces, end = [], 0
    for found in _ADDRESS.finditer(text):
        pieces += [escape(text[end : found.start()]), _link(found[0])]
        end = found.end()
    return mark_safe("".join([*pieces, escape(text[end:])]))  # noqa: S308 - each piece is escaped


def _link(address: str) -> SafeString:
    return format_html(
        '<a href="{0}" rel="noreferrer noopener"><bdi dir="ltr">{0}</bdi></a>', address
    )
