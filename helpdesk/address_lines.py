"""An order's address check as desk and dashboard show it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol

from django.utils.translation import gettext as _

from lib.addresses import words
from lib.addresses.check import Check, Missing
from lib.addresses.parts import Level, Need, Problem
from stores.models import StoreWrite
from tracking.models import AddressCheck, Order


class Speaks(Protocol):
    """Whoever puts a moment into words for its reader."""

    def spoken(self, moment: datetime) -> str: ...


def address_lines(row: AddressCheck | None, order: Order, reader: Speaks) -> dict[str, Any] | None:
    """What `desk/_address.html` takes; None where the address was not checked."""
    if row is None:
        return None
    missing = tuple(
        Missing(Need(one["need"]), Level(one["level"]), Problem(one["problem"]), one["costs"])
        for one in row.missing
    )
    return score_lines(Check(row.score, missing), order.country) | {
        "asked": _("Customer asked on %(when)s") % {"when": reader.spoken(row.asked_at)}
        if row.asked_at
        else "",
        "answered": _answered(row, reader),
        "told": _told(order, reader) if row.answered_at else "",
        "point": _point(order),
    }


def score_lines(found: Check, country: str) -> dict[str, Any]:
    """The score and what costs it, in words: `desk/_address.html` without what was asked."""
    tone = "act" if found.lacks_must else "wait" if found.missing else "good"
    return {
        "tone": tone,
        "icon": {"act": "map-pin-off", "wait": "map-pin", "good": "map-pin-check"}[tone],
        "score": _("%(n)s of 100") % {"n": found.score},
        "verdict": _verdict(found),
        "missing": [
            {
                "said": words.problem(one.need, one.problem, country),
                "why": words.reason(one.need, country),
                "level": str(words.LEVELS[one.level]),
                "is_must": one.level is Level.MUST,
            }
            for one in found.missing
        ],
    }


def address_codes(order: Order) -> str:
    """National Address, Makani, three words: what stands below the lines."""
    three = f"///{order.what3words.lstrip('/')}" if order.what3words else ""
    return " · ".join(part for part in (order.national_address, order.makani, three) if part)


def _verdict(found: Check) -> str:
    if found.lacks_must:
        return _("A courier cannot deliver to it yet.")
    if found.missing:
        return _("A courier can deliver; a little more would help.")
    return _("A courier has all that is needed.")


def _answered(row: AddressCheck, reader: Speaks) -> str:
    if row.answered_at is None:
        return ""
    when = {"when": reader.spoken(row.answered_at)}
    if row.answered_by is None:
        return _("Answered on %(when)s") % when
    name = row.answered_by.name or row.answered_by.email
    return _("Corrected on %(when)s by %(name)s") % (when | {"name": name})


def _told(order: Order, reader: Speaks) -> str:
    """What the shop said to the address that was written back to it; "" where it has no place."""
    row = StoreWrite.objects.filter(order=order, kind="address").order_by("-pk").first()
    if row is None:
        return ""
    when = {"when": reader.spoken(row.done_at or row.created_at), "words": row.problem}
    if row.state == StoreWrite.State.DONE:
        return _("The shop took it on %(when)s") % when
    if row.state == StoreWrite.State.FAILED:
        return _("The shop did not take it: %(words)s") % when
    return _("Being written back to the shop")


def _point(order: Order) -> str:
    if order.latitude is None or order.longitude is None:
        return ""
    return f"{order.latitude:.6f}, {order.longitude:.6f}"
