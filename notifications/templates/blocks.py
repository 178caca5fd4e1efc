"""Our own tags: pieces of a message that each channel shows in its way.

A block leaves a mark in the text, and the message is cut at the marks: a letter makes a button
of what a text message writes as a line.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final, TextIO

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from liquid.ast import Node
from liquid.builtin.expressions import KeywordArgument, PositionalArgument, parse_arguments
from liquid.exceptions import LiquidSyntaxError
from liquid.stringify import to_liquid_string
from liquid.tag import Tag
from liquid.token import TOKEN_EXPRESSION, TOKEN_TAG

if TYPE_CHECKING:
    from collections.abc import Iterable

    from liquid import RenderContext, Token
    from liquid.expression import Expression
    from liquid.stream import TokenStream

#: Control characters that no text of a message holds.
_OPEN, _BETWEEN, _CLOSE = "\x02", "\x1f", "\x03"
MARKS: Final = str.maketrans("", "", _OPEN + _BETWEEN + _CLOSE)
_MARK: Final = re.compile(f"{_OPEN}([^{_CLOSE}]*){_CLOSE}")

WORDS: Final = "words"
PROMOTION: Final = "promotion"


@dataclass(frozen=True, slots=True)
class Block:
    """One block: its tag, what it is called in the picker, what the picker writes, what it
    takes."""

    tag: str
    label: Promise
    insert: str
    takes: Sequence[str] = ()


BLOCKS: Final[Mapping[str, Block]] = {
    one.tag: one
    for one in (
        Block("button", pgettext_lazy("in a message", "Button"), "{% button %}", ("words",)),
        Block("date", pgettext_lazy("in a message", "Expected date"), "{% date %}"),
        Block("items", pgettext_lazy("in a message", "What is in the parcel"), "{% items %}"),
        Block("pay", pgettext_lazy("in a message", "What is to be paid"), "{% pay %}"),
        Block("sorry", _("Apology for a delay"), "{% sorry %}"),
        Block(
            PROMOTION,
            pgettext_lazy("in a message", "Promotion"),
            '{% promotion "10 % off", code: "AGAIN10", link: "https://", until: "2030-12-31" %}',
            ("words", "code", "link", "until"),
        ),
    )
}


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a message: a paragraph (`kind` WORDS) or a block with what it was given."""

    kind: str
    words: str = ""
    code: str = ""
    link: str = ""
    until: date | None = None


def parts_of(text: str) -> tuple[Part, ...]:
    """A filled template as paragraphs and blocks, in their order."""
    found: list[Part] = []
    for nth, piece in enumerate(_MARK.split(text)):
        if nth % 2:
            found.append(_block(piece))
        else:
            found += [Part(WORDS, one.strip()) for one in re.split(r"\n\s*\n", piece)]
    return tuple(part for part in found if part.kind != WORDS or part.words)


def _block(mark: str) -> Part:
    tag, *values = mark.split(_BETWEEN)
    given = dict(zip(BLOCKS[tag].takes, values, strict=False))
    until = given.pop("until", "")
    return Part(tag, until=date.fromisoformat(until) if until else None, **given)


class _BlockNode(Node):
    """Writes the mark."""

    __slots__ = ("given", "tag")

    def __init__(self, token: Token, tag: str, given: Mapping[str, Expression]) -> None:
        super().__init__(token)
        self.tag, self.given = tag, given
        self.blank = False

    def __str__(self) -> str:
        return f"{{% {self.tag} %}}"

    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        values = [self._value(name, context) for name in BLOCKS[self.tag].takes]
        return buffer.write(_OPEN + _BETWEEN.join([self.tag, *values]) + _CLOSE)

    def _value(self, name: str, context: RenderContext) -> str:
        expression = self.given.get(name)
        if expression is None:
            return ""
        text = to_liquid_string(expression.evaluate(context), autoescape=False)
        value = text.translate(MARKS).strip()
        if value and name == "until" and not _is_day(value):
            raise LiquidSyntaxError("until is a day such as 2030-12-31", token=self.token)
        if value and name == "link" and not value.startswith("https://"):
            raise LiquidSyntaxError("link begins with https://", token=self.token)
        return value

    def expressions(self) -> Iterable[Expression]:
        return list(self.given.values())


class _BlockTag(Tag):
    block = False

    def parse(self, stream: TokenStream) -> Node:
        # The reader goes on behind the token that the stream is left at.
        token = stream.expect(TOKEN_TAG)
        given: dict[str, Expression] = {}
        if stream.peek.kind == TOKEN_EXPRESSION:
            stream.next()
            inner = stream.into_inner(tag=token, eat=False)
            given = self._given(parse_arguments(self.env, inner), token)
        if self.name == PROMOTION and WORDS not in given:
            raise LiquidSyntaxError("a promotion begins with its words", token=token)
        return _BlockNode(token, self.name, given)

    def _given(
        self, arguments: tuple[list[PositionalArgument], list[KeywordArgument]], token: Token
    ) -> dict[str, Expression]:
        places, names = arguments
        takes = BLOCKS[self.name].takes
        given = {one.name: one.value for one in names}
        if places:
            given[WORDS] = places[0].value
        for name in given:
            if name not in takes or len(places) > 1:
                raise LiquidSyntaxError(f"{self.name} takes no “{name}”", token=token)
        return given


def tags() -> list[type[Tag]]:
    """A tag class for each block."""
    return [
        type(f"{one.tag.title()}Tag", (_BlockTag,), {"name": one.tag}) for one in BLOCKS.values()
    ]


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
