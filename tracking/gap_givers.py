"""How many merchants filled a node of history, without saying which.

A lane or service that one merchant alone uses would tell its neighbours how that merchant's
parcels do. So each node keeps a mark for every merchant that gave it gaps, and the day of the
last: an HMAC of merchant and node under the installation's key. A mark says nothing about its
merchant without the key, and one merchant's marks at two nodes have nothing in common. Marks
made under another key count for nobody, and still say that somebody else was there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from django.conf import settings
from django.utils.crypto import salted_hmac

from tracking.gap_tables import Node

#: Mark to the ISO date on which its merchant last gave something.
Givers = Mapping[str, str]

#: What was counted before weighs less than 5 % by now (half in 45 days): its giver is forgotten.
FORGOTTEN_AFTER: Final = timedelta(days=200)
#: More marks than this say nothing more; the newest are kept.
MOST_GIVERS: Final = 40
#: Of givers that nobody knows: it is no mark of the present key.
NOBODY: Final = "?"
_SALT: Final = "tracking.gap_givers"


def mark_of(merchant: int, node: Node) -> str:
    """The merchant's mark at this node; the part before the colon names the key."""
    text = "\n".join((str(merchant), node.carrier, node.lane, node.stage, node.service))
    digest = salted_hmac(_SALT, text, algorithm="sha256").hexdigest()
    return f"{_key_name(settings.SECRET_KEY)}:{digest[:16]}"


def joined(givers: Givers, merchants: Iterable[int], node: Node, *, on: date) -> dict[str, str]:
    """The givers with these merchants, who gave until `on`; the long gone are left out."""
    oldest = (on - FORGOTTEN_AFTER).isoformat()
    found = {mark: last for mark, last in givers.items() if last >= oldest}
    found |= {mark_of(merchant, node): on.isoformat() for merchant in merchants}
    newest = sorted(found.items(), key=lambda item: (item[1], item[0]), reverse=True)
    return dict(newest[:MOST_GIVERS])


def is_shared(givers: Givers, node: Node, merchant: int | None, *, fewest: int) -> bool:
    """Whether so many merchants filled the node, or this one alone."""
    own_key = _key_name(settings.SECRET_KEY) + ":"
    if sum(mark.startswith(own_key) for mark in givers) >= fewest:
        return True
    return merchant is not None and set(givers) == {mark_of(merchant, node)}


@lru_cache(maxsize=4)
def _key_name(key: str) -> str:
    return salted_hmac(_SALT, "key", secret=key, algorithm="sha256").hexdigest()[:4]
