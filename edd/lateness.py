"""When a risk of being late is worth a word, and when it no longer is. Pure."""

from __future__ import annotations

from typing import Final

#: From this chance (0–1) on a promise is no longer believed: more likely broken than kept.
DOUBTED_FROM: Final = 0.5
#: A doubted promise is believed again from this chance down, so that nothing flickers.
BELIEVED_FROM: Final = 0.35


def is_doubtful(risk: float, *, was: bool) -> bool:
    """Whether a promise with this risk of being broken is doubted; `was`: it was before."""
    return risk > BELIEVED_FROM if was else risk >= DOUBTED_FROM
