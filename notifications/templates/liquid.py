"""Liquid as our templates have it: a few tags, our filters and blocks, and limits.

https://shopify.github.io/liquid/ says what the language is. Nothing here reads a file or a row,
and whatever a template does ends soon.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, ClassVar, Final

from liquid import BoundTemplate, Environment
from liquid.exceptions import LiquidError

from notifications.templates.blocks import MARKS, tags
from notifications.templates.filters import FILTERS

#: The longest source that is kept.
LONGEST: Final = 8_000
#: What a template may do.
TAGS: Final = frozenset(
    {"if", "unless", "case", "for", "break", "continue", "assign", "capture", "comment", "echo",
     "#"}
)  # fmt: skip
#: What the library itself makes of text, of output, and of what it cannot read.
_OF_THE_READER: Final = frozenset({"content", "output", "illegal"})
#: What a program of somebody else's may raise beside its own errors: sums that cannot be done,
#: values that cannot be compared, numbers with too many digits.
_RAISES: Final = (
    LiquidError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError,
    RecursionError,
)  # fmt: skip


class Broken(Exception):
    """A template that cannot be read or filled; `error` says why and where."""

    def __init__(self, error: Exception) -> None:
        super().__init__(str(error))
        self.error = error


class _Liquid(Environment):
    block_nesting_limit: ClassVar[int] = 12
    context_depth_limit: ClassVar[int] = 12
    loop_iteration_limit: ClassVar[int | None] = 500
    local_namespace_limit: ClassVar[int | None] = 50_000
    output_stream_limit: ClassVar[int | None] = 20_000

    def setup_tags_and_filters(self, *, extra: bool = False) -> None:
        super().setup_tags_and_filters(extra=extra)
        for name in set(self.tags) - TAGS - _OF_THE_READER:
            del self.tags[name]
        for tag in tags():
            self.add_tag(tag)
        self.filters.clear()
        self.filters.update(FILTERS)


ENVIRONMENT: Final = _Liquid(strict_filters=True)


@lru_cache(maxsize=2048)
def read(source: str) -> BoundTemplate:
    """The template, read once a process. Raises Broken."""
    try:
        return ENVIRONMENT.from_string(source)
    except _RAISES as error:
        raise Broken(error) from error


def fill(source: str, values: Mapping[str, Any]) -> str:
    """The source with its values; what nobody knows is empty. Raises Broken."""
    if "{" not in source:
        return source
    template = read(source)
    try:
        return str(template.render(values))
    except _RAISES as error:
        raise Broken(error) from error


def cleaned(source: str) -> str:
    """A source as it is kept: one kind of line end, none of the characters that mark blocks."""
    return source.replace("\r\n", "\n").replace("\r", "\n").translate(MARKS).strip()
