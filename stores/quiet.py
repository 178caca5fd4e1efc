"""Shops whose buyers may not be written to directly."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_noop

from stores.models import StoreConnection
from stores.registry import STORES

NOT_THERE: Final = gettext_noop("Buyers of this shop are not written to directly.")


def why_quiet(source: str) -> str:
    """Why the people of this shop's orders are not written to; "" where they are.

    A shop that was disconnected still forbids it.
    """
    platform, _, number = source.partition(":")
    if platform not in STORES or not number.isdecimal():
        return ""
    forbids = StoreConnection.objects.filter(pk=int(number), may_message=False).exists()
    return NOT_THERE if forbids else ""
