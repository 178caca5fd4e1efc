"""What is wrong with a template, in words and with its place, before it is saved."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final

from django.utils.translation import gettext as _
from liquid import BoundTemplate
from liquid.exceptions import (
    FilterArgumentError,
    LiquidError,
    ResourceLimitError,
    UnknownFilterError,
)
from liquid.static_analysis import Variable as Named

from notifications.templates.blocks import BLOCKS, PROMOTION
from notifications.templates.filters import FILTERS
from notifications.templates.liquid import ENVIRONMENT, LONGEST, TAGS, Broken, fill, read
from notifications.templates.variables import NAMES, OF_ITEM, OF_LOOP, nearest

_MARKUP: Final = re.compile(r"\{\{.*?\}\}|\{%-?\s*(#|\w+).*?%\}", re.DOTALL)
_CLOSED: Final = frozenset({"if", "unless", "case", "for", "capture", "comment"})
_AMONG: Final = {"elsif": "{% if true %}", "when": "{% case 1 %}"}
_TAG: Final = re.compile(r"unexpected tag '(\S+)'")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong; `line` and `column` count from 1, 0 where it is everywhere."""

    words: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        if not self.line:
            return self.words
        place = {"line": self.line, "column": self.column, "words": self.words}
        return _("Line %(line)s, column %(column)s: %(words)s") % place


def check(source: str, *, values: dict[str, Any], promotes: bool = True) -> list[Problem]:
    """What is wrong; empty when it can be saved. `values` are an example's, `promotes` is whether
    this message may carry a promotion."""
    if len(source) > LONGEST:
        return [Problem(_("It is longer than %(n)s characters.") % {"n": LONGEST})]
    try:
        template = read(source)
    except Broken as broken:
        return [problem_of(broken, source)]
    problems = [*_unknown(template, source)]
    if not promotes:
        problems += _promotions(template, source)
    if not problems:
        try:
            fill(source, values)
        except Broken as broken:
            problems.append(problem_of(broken, source))
    return sorted(problems, key=lambda one: (one.line, one.column))


def problem_of(broken: Broken, source: str) -> Problem:
    """What stopped it, where."""
    error = broken.error
    if not isinstance(error, LiquidError):
        return Problem(_("something here cannot be worked out"))
    unclosed = _unclosed(source) if "found end of" in str(error.message) else None
    if unclosed is not None:
        return unclosed
    index = error.token.start_index if error.token and error.token.source else -1
    if index < 0:
        index = _first_that_fails(source)
    return Problem(_words(error), *_place(source, index))


def _words(error: LiquidError) -> str:
    said = str(error.message)
    tag = _TAG.search(said)
    if tag is not None:
        return _no_tag(tag[1])
    if isinstance(error, UnknownFilterError):
        return _no_filter(said.partition("'")[2].rstrip("'"))
    if isinstance(error, ResourceLimitError):
        return _("this makes the message far too long, or nests too deep")
    if isinstance(error, FilterArgumentError):
        return _("this filter cannot do that: %(said)s") % {"said": said}
    return _("this cannot be read: %(said)s") % {"said": said}


def _no_tag(name: str) -> str:
    if name.startswith("end") or name in {"else", *_AMONG}:
        return _("“%(tag)s” closes nothing here") % {"tag": name}
    meant = nearest(name, sorted(TAGS | set(BLOCKS)))
    return _meant(_("there is no tag “%(name)s”") % {"name": name}, meant)


def _no_filter(name: str) -> str:
    return _meant(_("there is no filter “%(name)s”") % {"name": name}, nearest(name, [*FILTERS]))


def _meant(words: str, name: str) -> str:
    return words + (_("; did you mean “%(name)s”?") % {"name": name} if name else "")


def _unknown(template: BoundTemplate, source: str) -> Iterator[Problem]:
    found = template.analyze(include_partials=False)
    for name, spans in found.filters.items():
        for span in spans if name not in FILTERS else ():
            yield Problem(_no_filter(name), *_place(source, span.index))
    outside = {id(one) for one in chain.from_iterable(found.globals.values())}
    for one in chain.from_iterable(found.variables.values()):
        is_known = _is_known(one) if id(one) in outside else _is_of_loop(one, found.locals)
        if not is_known:
            name = ".".join(str(part) for part in one.segments)
            known = sorted(NAMES) if id(one) in outside else _of_loop(one)
            words = _meant(_("there is no “%(name)s”") % {"name": name}, nearest(name, known))
            yield Problem(words, *_place(source, one.span.index))


def _is_known(named: Named) -> bool:
    parts = named.segments
    name = ".".join(str(part) for part in parts)
    if name in NAMES:
        return True
    if parts[0] != "items":
        return False
    # items[0].title, items.size
    last = parts[-1]
    return isinstance(last, int) or last in {*OF_ITEM, "size", "first", "last"}


def _is_of_loop(named: Named, assigned: dict[str, list[Named]]) -> bool:
    parts = named.segments
    if parts[0] in assigned or len(parts) == 1:
        return True
    return parts[1] in (OF_LOOP if parts[0] == "forloop" else OF_ITEM)


def _of_loop(named: Named) -> Sequence[str]:
    known: Iterable[str] = OF_LOOP if named.segments[0] == "forloop" else OF_ITEM
    return [f"{named.segments[0]}.{one}" for one in known]


def _promotions(template: BoundTemplate, source: str) -> Iterator[Problem]:
    found = template.analyze(include_partials=False)
    for span in found.tags.get(PROMOTION, ()):
        words = _(
            "WhatsApp takes no promotion in a message about an order: its template would be moved "
            "to marketing, or refused"
        )
        yield Problem(words, *_place(source, span.index))


def _unclosed(source: str) -> Problem | None:
    """The last tag that was opened and never closed."""
    open_tags: list[tuple[str, int]] = []
    for found in _MARKUP.finditer(source):
        name = found[1] or ""
        if name in _CLOSED:
            open_tags.append((name, found.start()))
        elif open_tags and name == f"end{open_tags[-1][0]}":
            open_tags.pop()
    if not open_tags:
        return None
    name, index = open_tags[-1]
    end = "{% end" + name + " %}"
    words = _("“%(tag)s” is not closed: %(end)s is missing") % {"tag": name, "end": end}
    return Problem(words, *_place(source, index))


def _first_that_fails(source: str) -> int:
    """Where the first piece of markup stands that cannot be read by itself; the end, where each
    can."""
    for found in _MARKUP.finditer(source):
        name = found[1] or ""
        text = _AMONG.get(name, "") + found[0]
        closes = {"elsif": "if", "when": "case"}.get(name, name)
        if closes in _CLOSED:
            text += "{% end" + closes + " %}"
        try:
            ENVIRONMENT.parse(text)
        except LiquidError as error:
            if "unexpected tag 'e" not in str(error.message):
                return found.start()
    return max(len(source) - 1, 0)


def _place(source: str, index: int) -> tuple[int, int]:
    before = source[: max(index, 0)]
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
