"""What a text message costs, in words: its alphabet, its parts, and what could be spared."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from lib import formats
from merchants.models import Merchant
from notifications.prices import prices_of
from notifications.segments import Encoding, Plan, folded, plan, savings

_SHOWN: Final = 6


def plan_facts(merchant: Merchant, text: str) -> dict[str, Any]:
    """For `_check.html`."""
    found = plan(text)
    most = found.encoding.alone if found.parts < 2 else found.encoding.of_several * found.parts
    # What we fold by ourselves is not to blame: it is folded as soon as nothing else is in the way.
    blamed = [char for char in found.culprits if folded(char) == char] or list(found.culprits)
    words = ngettext("%(n)s part", "%(n)s parts", found.parts) % {"n": found.parts}
    return {
        "sentence": _("%(encoding)s, %(units)s of %(most)s places, %(parts)s") % {
            "encoding": found.encoding.label, "units": found.units, "most": most, "parts": words,
        },
        "why": "" if found.encoding is Encoding.GSM7 else _culprits(blamed),
        "savings": _savings(text),
        "dear": _dear(found),
        "price": _price(merchant, found.parts),
    }  # fmt: skip


def _culprits(chars: Sequence[str]) -> str:
    words = _("It needs the wide alphabet, where a part holds 70, because of: %(chars)s")
    return words % {"chars": " ".join(chars[:_SHOWN])}


def _savings(text: str) -> list[str]:
    """One line: what could be written otherwise or left out, and what that spares."""
    found = [one for one in savings(text) if folded(one.char) == one.char] or savings(text)
    if not found:
        return []
    parts = ngettext("%(n)s part", "%(n)s parts", found[0].parts) % {"n": found[0].parts}
    chars = " ".join(f"“{one.char}”" for one in found[:_SHOWN])
    if len(found) == 1 and found[0].instead:
        values = {"chars": chars, "instead": found[0].instead, "parts": parts}
        return [_("Write “%(instead)s” instead of %(chars)s and save %(parts)s.") % values]
    return [_("Leave out %(chars)s and save %(parts)s.") % {"chars": chars, "parts": parts}]


def _dear(found: Plan) -> str:
    """What takes more than one place: emoji, mostly."""
    chars = [char for char in found.culprits if len(char.encode("utf-16-be")) > 2]
    if not chars:
        return ""
    return _("Two places each: %(chars)s") % {"chars": " ".join(chars[:_SHOWN])}


def _price(merchant: Merchant, parts: int) -> str:
    cost = prices_of(merchant).cost("sms", merchant.country, parts)
    if cost is None:
        return _("What it costs is not known: no price was entered for this country.")
    language = get_language() or "en"
    return _("About %(sum)s to %(country)s") % {
        "sum": f"{cost.currency} {formats.number(cost.amount.normalize(), language)}",
        "country": formats.locale_of(language).territories.get(merchant.country, merchant.country),
    }
