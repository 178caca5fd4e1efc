"""Somebody else receives it: the form on the buyer's page, and that they are told."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext as _

from lib.languages import OWN_NAMES
from lib.vocabulary import TERMINAL
from storefront_pages import languages
from storefront_pages.story import Story
from tracking.models import Order, Recipient

#: The form's name, and where it is on the page.
FORM: Final = "share"
PART: Final = "#share"


def may_share(order: Order, *, role: str) -> bool:
    """Only the buyer's own link may: whoever found the page by a number has proved less."""
    return role == Recipient.Role.BUYER and order.cancelled_at is None


def share_form(story: Story) -> dict[str, Any] | None:
    """`share` of the template; None where it is not the buyer's page, or too late."""
    if not may_share(story.order, role=story.role):
        return None
    seen = story.receiver
    action = f"{story.page}share/{PART}"
    if seen is not None:
        if not seen.by_buyer:
            return None
        return {"action": action, "done": _said(story, is_surprise=seen.is_surprise)}
    if story.status in TERMINAL:
        return None
    typed = story.typed if story.typed.form == FORM else None
    return {
        "action": action,
        "open": typed is not None,
        "values": typed.values if typed else {},
        "errors": typed.errors if typed else {},
        "problem": typed.errors.get("", "") if typed else "",
        "languages": [
            {"value": code, "label": OWN_NAMES[code]} for code in languages.offered(story.merchant)
        ],
        "language": typed.values.get("language", "") if typed else story.language,
    }


def _said(story: Story, *, is_surprise: bool) -> str:
    shop = {"shop": story.merchant.name}
    if is_surprise:
        return _("%(shop)s tells the receiver on the day it comes, and not what is in it.") % shop
    return _("%(shop)s tells the receiver too, and not what is in it or what it cost.") % shop
