"""A gateway's receipts, read as the merchant's form says: JSON, a form, or the address' query."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from notifications.answers.said import Said
from notifications.channels.base import Account
from notifications.channels.calls import at_path
from notifications.channels.placeholders import codes, values
from notifications.incoming import Fate, Receipt

#: One post may hold receipts of many messages.
_MOST: Final = 1000


def read(account: Account, url: str, body: bytes) -> list[Receipt | Said]:
    """What it says of each message. A status that the form does not name says nothing."""
    found = (_receipt(account, one) for one in _entries(url, body)[:_MOST])
    return [one for one in found if one is not None]


def _entries(url: str, body: bytes) -> list[Mapping[str, Any]]:
    query = dict(parse_qsl(urlsplit(url).query))
    try:
        content = json.loads(body)
    except ValueError:
        content = dict(parse_qsl(body.decode("utf-8", "replace")))
    rows = content if isinstance(content, list) else [content]
    return [query | row for row in rows if isinstance(row, dict)]


def _receipt(account: Account, entry: Mapping[str, Any]) -> Receipt | None:
    config = account.config
    theirs = at_path(entry, config.get("receipt_id") or "-")
    reference = at_path(entry, config.get("receipt_reference") or "-")
    status = at_path(entry, config.get("receipt_status") or "-")
    failed = {
        code.lower(): words for code, words in codes(config.get("receipt_failed", "")).items()
    }
    if not (theirs or reference) or not status:
        return None
    if status.lower() in values(config.get("receipt_delivered", "")):
        return Receipt(account.id_of(theirs), reference, Fate.DELIVERED)
    if status.lower() in failed:
        words = failed[status.lower()] or status
        return Receipt(
            account.id_of(theirs), reference, Fate.FAILED, f"It was not delivered: {words}."
        )
    return None
