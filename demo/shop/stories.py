"""What may happen to a parcel once the courier has it: the sandbox's scenarios, in our words."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

#: The sandbox's own titles by its names for them; the tests hold both lists together.
TITLES: Final[dict[str, Promise]] = {
    "attempt_open": _("Nobody home, waiting for the shopper"),
    "happy": _("Delivered on the promised day"),
    "late": _("Delayed, with a new date"),
    "customs": _("Held at customs, then cleared"),
    "attempt": _("Nobody home, delivered next day"),
    "slow": _("Slow, and late without a word"),
    "return": _("Refused and sent back"),
    "lost": _("Lost on the way"),
    "ready_for_pickup": _("Waiting at a pickup point"),
    "out_for_delivery": _("Out for delivery today"),
    "out_of_order": _("Scans out of order"),
    "duplicates": _("The same scan told twice"),
    "label_only": _("Label made, not handed over"),
    "silent": _("No scan for a week"),
    "unknown_code": _("A scan nobody can read"),
    "delivered": _("Delivered the day before yesterday"),
}

#: Shown at once; the others are one click away.
QUICK: Final = ("attempt_open", "happy", "late", "customs")
USUAL: Final = QUICK[0]
