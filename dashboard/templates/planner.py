"""What a text message costs, in words: its alphabet, its parts, and what could be spared."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from lib import formats
from merchants.models import Merchant
from notifications.prices import prices_of
from notifications.segments import Encoding, Saving, plan, savings


def plan_facts(merchant: Merchant, text: str) -> dict[str, Any]:
    """For `_check.html`."""
    found = plan(text)
    most = found.encoding.alone if found.parts < 2 else found.encoding.of_several * found.parts
    words = ngettext("%(n)s part", "%(n)s parts", found.parts) % {"n": found.parts}
    return {
        "sentence": _("%(encoding)s, %(units)s of %(most)s places, %(parts)s") % {
            "encoding": found.encoding.label, "units": found.units, "most": most, "parts": words,
        },
        "why": "" if found.encoding is Encoding.GSM7 else _culprits(found.culprits),
        "savings": [_saving(one) for one in savings(text)[:6]],
        "price": _price(merchant, found.parts),
    }  # fmt: skip


def _culprits(chars: Any) -> str:
    shown = " ".join(chars[:6])
    return _("It needs the wide alphabet, where a part holds 70, because of: %(chars)s") % {
        "chars": shown
    }


def _saving(one: Saving) -> str:
    parts = ngettext("%(n)s part", "%(n)s parts", one.parts) % {"n": one.parts}
    values = {"char": one.char, "instead": one.instead, "parts": parts}
    if one.instead:
        return _("Write “%(instead)s” instead of “%(char)s” and save %(parts)s.") % values
    return _("Leave out “%(char)s” and save %(parts)s.") % values


def _price(merchant: Merchant, parts: int) -> str:
    cost = prices_of(merchant).cost("sms", merchant.country, parts)
    if cost is None:
        return _("What it costs is not known: no price was entered for this country.")
    language = get_language() or "en"
    return _("About %(sum)s to %(country)s") % {
        "sum": f"{cost.currency} {formats.number(cost.amount.normalize(), language)}",
        "country": formats.locale_of(language).territories.get(merchant.country, merchant.country),
    }
