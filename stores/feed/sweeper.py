"""The seam to the sweep: how the watchdog asks a shop, and what it makes of the answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from stores.models import Gap
from stores.sweeping import Swept, sweep

#: How a pull names the watchdog's suspicion.
REASON: Final = "silence"

_CAUSES: Final = {"switched on": Gap.Cause.SWITCHED_OFF, "made": Gap.Cause.REMOVED}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a look at the shop came to.

    `recovered`: orders that we did not have, and that a webhook should have brought by now.
    `problem`: why the shop's API refused; then the look counts as in vain. `cause`: what had
    become of our webhook; `repaired`: it was registered or switched on again.
    """

    recovered: int = 0
    problem: str = ""
    repaired: bool = False
    cause: Gap.Cause = Gap.Cause.UNKNOWN


def ask(store_id: int, now: datetime) -> Answer:
    """Ask the shop for everything since the last sweep, and repair its webhooks."""
    return answer_of(sweep(store_id, now=now, repair=True, reason=REASON))


def answer_of(swept: Swept) -> Answer:
    causes = [_CAUSES[hook.mended] for hook in swept.mended if hook.mended in _CAUSES]
    return Answer(
        recovered=swept.recovered,
        problem=swept.problem,
        repaired=bool(swept.mended),
        cause=causes[0] if causes else Gap.Cause.UNKNOWN,
    )
