"""Chains of channels as a merchant chooses them: each channel not, always, or at a place in one
order of "else". Pure.

A rule may hold more than one chain with an "else"; the form has one. The longest stands for it, and
the channels of the others are told always.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from notifications.channels.registry import CHANNELS
from notifications.rules import Ways

NOT: Final = "not"
ALWAYS: Final = "always"
#: Places in the order of "else".
STEPS: Final = ("1", "2", "3")


def steps_of(ways: Ways) -> dict[str, str]:
    """The place of every channel that exists."""
    known = [[slug for slug in chain if slug in CHANNELS] for chain in ways]
    longest = max(known, key=len, default=[])
    found = dict.fromkeys(CHANNELS, NOT)
    for chain in known:
        for place, slug in enumerate(chain):
            in_order = chain is longest and len(chain) > 1 and place < len(STEPS)
            found[slug] = STEPS[place] if in_order else ALWAYS
    return found


def ways_from(steps: Mapping[str, str], *, others: Ways = ()) -> Sequence[Sequence[str]]:
    """The chains that these places mean; channels of `others` that do not exist here are kept."""
    always = [(slug,) for slug in CHANNELS if steps.get(slug) == ALWAYS]
    order = sorted((place, slug) for slug, place in steps.items() if place in STEPS)
    chain = tuple(slug for _place, slug in order)
    kept = [one for one in others if one and not any(slug in CHANNELS for slug in one)]
    return [*always, *([chain] if chain else []), *(tuple(one) for one in kept)]
