"""Messages not sent, by reason, in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboard.clock import Clock
from lib import formats
from notifications.reasons import LABELS, Unsent
from notifications.unsent import unsent

_DAYS: Final = 30


def unsent_block(clock: Clock) -> dict[str, Any] | None:
    """What `dashboard/_unsent.html` takes, of the last thirty days; None where all was sent."""
    found = unsent(since=clock.now - timedelta(days=_DAYS))
    return _block(found, clock.language) if found else None


def _block(found: Sequence[tuple[Unsent, int]], language: str) -> dict[str, Any]:
    total = sum(n for _code, n in found)
    words = ngettext(
        "%(n)s message was not sent in the last %(days)s days, and why",
        "%(n)s messages were not sent in the last %(days)s days, and why",
        total,
    )
    return {
        "title": words % {"n": formats.number(total, language), "days": _DAYS},
        "rows": [
            {
                "label": str(LABELS[code]) if code in LABELS else _("Another reason"),
                "count": formats.number(n, language),
                "length": round(100 * n / found[0][1]),
            }
            for code, n in found
        ],
    }
