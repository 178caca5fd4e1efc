"""What a shopper typed into one of the page's forms, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Typed:
    """`form` is "wish", "away", "place", "cash", "feedback", "share" or a case's kind; "" where
    nothing was posted. `errors` by field, and under "" what is wrong with all of it. `wait` are
    seconds where there were too many.
    """

    form: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    wait: int = 0


NOTHING = Typed()
