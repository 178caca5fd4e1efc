"""How many merchants filled a node, without saying which.

A lane that one merchant alone uses would tell its neighbours how that merchant's parcels do.
So each pooled node keeps a mark for every merchant that gave it parcels, and the day of the
last: an HMAC of merchant and node under the installation's key. Without the key a mark says nothing
about its merchant, and one merchant's marks at two nodes have nothing in common.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Final

from django.utils.crypto import salted_hmac

#: Mark to the ISO date on which its merchant last gave something.
Givers = Mapping[str, str]

#: What was counted so long ago weighs next to nothing.
_FORGOTTEN_AFTER: Final = timedelta(days=200)
#: More marks say nothing more; the newest are kept.
_MOST: Final = 12


def mark_of(merchant: str, name: str) -> str:
    """The merchant's mark at the node of this name."""
    found: str = salted_hmac("edd.givers", f"{merchant}\n{name}", algorithm="sha256").hexdigest()
    return found[:16]


def joined(givers: Givers, merchants: Iterable[str], name: str, *, on: date) -> dict[str, str]:
    """The givers with these merchants, who gave on `on`; the long gone are left out."""
    found = counted(givers, on=on) | {mark_of(one, name): on.isoformat() for one in merchants}
    newest = sorted(found.items(), key=lambda item: (item[1], item[0]), reverse=True)
    return dict(newest[:_MOST])


def counted(givers: Givers, *, on: date) -> dict[str, str]:
    """Those who still count on this day."""
    oldest = (on - _FORGOTTEN_AFTER).isoformat()
    return {mark: last for mark, last in givers.items() if last >= oldest}
