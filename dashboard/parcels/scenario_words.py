"""The sandbox's scenarios in the reader's language.

The English is the catalogue's own (`carriers.sandbox.scenarios`, which knows no Django); a test
keeps the two equal.
"""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

#: Shown at once, in this order; the others are behind "More".
COMMON: Final = (
    "late", "customs", "attempt_open", "out_for_delivery", "happy", "ready_for_pickup",
)  # fmt: skip

#: Scenario to (title, story).
WORDS: Final[dict[str, tuple[Promise, Promise]]] = {
    "happy": (
        _("Delivered on the promised day"),
        _("Every scan where it belongs, out in the morning, delivered the same day."),
    ),
    "delivered": (
        _("Delivered the day before yesterday"),
        _("A parcel that arrived on time and has been quiet since."),
    ),
    "slow": (
        _("Slow, and late without a word"),
        _("Long gaps between scans; delivered three days after the promised day."),
    ),
    "late": (
        _("Delayed, with a new date"),
        _(
            "A day before the promised one the carrier reports a delay, and names a day three days "
            "after it."
        ),
    ),
    "customs": (
        _("Held at customs, then cleared"),
        _("Customs ask for information, the parcel waits two days, is cleared and delivered."),
    ),
    "attempt": (
        _("Nobody home, delivered next day"),
        _("The driver finds nobody, comes again the next morning and delivers."),
    ),
    "attempt_open": (
        _("Nobody home, waiting for the shopper"),
        _("The driver found nobody; the carrier waits to hear what the shopper wants."),
    ),
    "return": (
        _("Refused and sent back"),
        _("The parcel is refused at the door, travels back and is received by the shop."),
    ),
    "lost": (
        _("Lost on the way"),
        _("Scans stop at a hub, the carrier searches for five days and declares it lost."),
    ),
    "out_of_order": (
        _("Scans out of order"),
        _("The carrier lists its scans in no order, and shows two of them only later."),
    ),
    "duplicates": (
        _("The same scan told twice"),
        _("Several scans are repeated in the destination's language; nothing really happened."),
    ),
    "label_only": (
        _("Label made, not handed over"),
        _("The shop printed the label yesterday; the carrier has not seen the parcel."),
    ),
    "out_for_delivery": (
        _("Out for delivery today"),
        _("On the driver's vehicle since the morning, expected today."),
    ),
    "ready_for_pickup": (
        _("Waiting at a pickup point"),
        _("The parcel lies at a service point and waits to be collected."),
    ),
    "silent": (
        _("No scan for a week"),
        _("It left a hub seven days ago and nobody has said a word since."),
    ),
    "unknown_code": (
        _("A scan nobody can read"),
        _("The last scan has a code that the carrier never documented."),
    ),
}


def scenario_cards(chosen: str) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    """(those shown at once, the rest), for `dashboard/_scenarios.html`."""
    rest = [name for name in WORDS if name not in COMMON]
    first, more = ([_card(name, chosen) for name in names] for names in (COMMON, rest))
    return first, more


def _card(name: str, chosen: str) -> dict[str, object]:
    title, story = WORDS[name]
    return {"name": name, "title": title, "story": story, "checked": name == chosen}
