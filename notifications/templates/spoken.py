"""A merchant's own words in one message: filled in and cut into its parts.

Whatever goes wrong, a message goes out: `Spoken.trouble` then says why ours is used.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import override

from notifications.templates.blocks import MARKS, PROMOTION, WORDS, Part, parts_of
from notifications.templates.checking import problem_of
from notifications.templates.liquid import Broken, fill
from notifications.templates.variables import values_of

if TYPE_CHECKING:
    from notifications.rendering import Telling


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a merchant's words could not be used in one message."""

    broken: Broken
    source: str

    def words(self, language: str) -> str:
        """For the merchant, whose language need not be the shopper's."""
        with override(language):
            return str(problem_of(self.broken, self.source))


@dataclass(frozen=True, slots=True)
class Spoken:
    """The merchant's subject and parts, both empty where ours are used."""

    subject: str = ""
    parts: Sequence[Part] = ()
    trouble: Trouble | None = None

    @property
    def paragraphs(self) -> list[str]:
        return [part.words for part in self.parts if part.kind == WORDS]

    def places(self, kind: str) -> bool:
        """Whether the merchant put this block somewhere: it is not shown a second time."""
        return any(part.kind == kind for part in self.parts)


OURS = Spoken()


def spoken(telling: Telling) -> Spoken:
    """What the merchant wrote for this message; its language must be active."""
    own = telling.own
    if not own.body and not own.subject:
        return OURS
    values = plain(values_of(telling))
    filled = []
    for source in (own.subject, own.body):
        try:
            filled.append(fill(source, values))
        except Broken as broken:
            return Spoken(trouble=Trouble(broken, source))
    today = telling.state.today
    parts = [
        part
        for part in parts_of(filled[1])
        if not (part.kind == PROMOTION and part.until and part.until < today)
    ]
    return Spoken(" ".join(filled[0].translate(MARKS).split()), parts)


def plain(value: Any) -> Any:
    """The values as templates see them: what is not known is nil, so that `if` and `default` take
    it for nothing; no character marks a block, wherever a shop or a shopper put it."""
    if type(value) is str:
        return value.translate(MARKS) or None
    if isinstance(value, dict):
        return {name: plain(one) for name, one in value.items()}
    if isinstance(value, list):
        return [plain(one) for one in value]
    return value
