"""The template tag `{% lucide %}` that draws each icon once.

`lucide`'s own tag copies and writes the icon's XML at every use; a page has dozens. This one
stands in for it under the same name (TEMPLATES in the settings). An icon whose name and
attributes the template writes out is drawn when the template is read, and is text from then on;
of others the drawing is remembered.
"""

from __future__ import annotations

from functools import lru_cache

from django import template
from django.template.base import FilterExpression, Node, Parser, TextNode, Token, Variable
from django.template.context import Context
from django.template.library import SimpleNode
from django.utils.safestring import SafeString, mark_safe
from lucide.templatetags import lucide as drawing

register = template.Library()


@register.simple_tag(name="lucide")
def draw(name: str, *, size: int | None = 24, **attributes: object) -> SafeString:
    """The icon's inline SVG. Raises `lucide.IconDoesNotExist` for a name there is none of."""
    return _drawn(str(name), size, tuple((key, str(value)) for key, value in attributes.items()))


_each_time = register.tags["lucide"]


@register.tag
def lucide(parser: Parser, token: Token) -> Node:
    """`draw` as a tag, done at once where nothing in it can vary."""
    node: SimpleNode = _each_time(parser, token)
    given = (*node.args, *node.kwargs.values())
    if node.target_var is None and all(_is_written_out(one) for one in given):
        return TextNode(node.render(Context()))
    return node


def _is_written_out(value: FilterExpression) -> bool:
    constant = not isinstance(value.var, Variable) or value.var.lookups is None
    return constant and not value.filters


@lru_cache(maxsize=1024)
def _drawn(name: str, size: int | None, attributes: tuple[tuple[str, str], ...]) -> SafeString:
    return mark_safe(drawing.lucide(name, size=size, **dict(attributes)))  # noqa: S308 - of the tag
