"""What an answer may name, filled in so that it cannot fail. Pure.

The names and their spelling are those of messages (`notifications.templates.variables`), a few of
them: `{{ date.window }}`, `{{ date.window | default: "soon" }}`. There is no more to the language.
A sentence that names something nobody knows, or that is written wrongly, is left out; the others
stand.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Name:
    """Something an answer may name; `of_parcel` where a page without an order cannot know it."""

    name: str
    label: Promise
    of_parcel: bool = True

    @property
    def insert(self) -> str:
        return "{{ " + self.name + " }}"


NAMES: Final = (
    Name("shop.name", _("The shop’s name"), of_parcel=False),
    Name("shop.email", _("Where questions go"), of_parcel=False),
    Name("shop.phone", _("The phone for questions"), of_parcel=False),
    Name("order.number", _("The order’s number")),
    Name("order.city", _("The city it goes to")),
    Name("parcel.carrier", _("The carrier")),
    Name("parcel.status", _("Where the parcel is on its way")),
    Name("date.window", _("When it is expected")),
    Name("scan.last", _("When it was scanned last")),
    Name("to_pay", _("What is to be paid at the door")),
)
KNOWN: Final = frozenset(one.name for one in NAMES)

_VARIABLE: Final = re.compile(
    r"""\{\{\s*([a-z_]+(?:\.[a-z_]+)?)\s*(?:\|\s*default:\s*["“”]([^"“”{}]*)["“”]\s*)?\}\}"""
)
_STRAY: Final = re.compile(r"\{\{|\}\}|\{%|%\}")
#: A sentence with what parts it from the next; what stands in braces does not end one.
_SENTENCE: Final = re.compile(
    r"""(?:\{\{.*?\}\}|.)+?(?:[.!?؟…]+[)"”»']*(?=\s|$)|[。！？।۔]+|$)\s*"""
)


@dataclass(frozen=True, slots=True)
class Mistakes:
    """What is wrong with a text: names that there are not, and whether braces do not match."""

    unknown: tuple[str, ...] = ()
    is_broken: bool = False

    def __bool__(self) -> bool:
        return bool(self.unknown) or self.is_broken


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with its values (by name; empty where nobody knows), paragraphs kept."""
    if not _STRAY.search(text):
        return text.strip()
    lines = [_line(line, values) for line in text.splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def mistakes(text: str) -> Mistakes:
    """What the merchant should be told about this text."""
    found = (match[1] for match in _VARIABLE.finditer(text))
    unknown = tuple(dict.fromkeys(name for name in found if name not in KNOWN))
    return Mistakes(unknown, is_broken=_STRAY.search(_VARIABLE.sub("", text)) is not None)


def _line(line: str, values: Mapping[str, str]) -> str:
    if not _STRAY.search(line):
        return line
    return "".join(_sentence(one[0], values) for one in _SENTENCE.finditer(line)).rstrip()


def _sentence(sentence: str, values: Mapping[str, str]) -> str:
    if mistakes(sentence):
        return ""
    found = [values.get(match[1]) or match[2] or "" for match in _VARIABLE.finditer(sentence)]
    if not all(found):
        return ""
    each = iter(found)
    return _VARIABLE.sub(lambda _match: next(each), sentence)
