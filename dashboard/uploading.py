"""A file that is too large: noticed by what is announced, before it is read into one."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest

#: What the browser adds to the file: boundaries, names, the token.
_AROUND: Final = 20_000
#: So many times the most of a body that is too large is read and thrown away: a browser that still
#: sends does not listen, and would show a broken connection instead of our sentence.
_DRAINED: Final = 4


def sends_too_much(request: HttpRequest, *, most: int) -> bool:
    """Whether the body announces a file of more than `most` bytes; then it is drained."""
    text = request.META.get("CONTENT_LENGTH") or "0"
    length = int(text) if text.isascii() and text.isdigit() else 0
    if length <= most + _AROUND:
        return False
    left = _DRAINED * most
    while left > 0 and (taken := len(request.read(1_000_000))):
        left -= taken
    return True
