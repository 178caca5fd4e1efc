"""One request, one effect: a program repeats a key and gets the first answer again."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime, timedelta
from typing import Any, Final

from merchants.models import Merchant
from stores.models import ApiReply
from tracking.writing import insert_many

#: How long a key is remembered.
KEPT: Final = timedelta(hours=48)


class KeyUsed(Exception):
    """The key belongs to a request with another body."""


def fingerprint_of(body: Any) -> str:
    """What recognises a JSON body, however its spaces and names are arranged."""
    text = json.dumps(body, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def begin(
    *, merchant: Merchant, errand: str, key: str, fingerprint: str, now: datetime
) -> tuple[ApiReply, bool]:
    """The key's row, locked, and whether the work is still to be done; in the merchant's scope.

    Of two requests at once the second waits for the first. Raises KeyUsed.
    """
    columns = ("merchant_id", "errand", "key", "fingerprint", "at")
    insert_many(ApiReply, columns, [(merchant.pk, errand, key, fingerprint, now)])
    reply = ApiReply.objects.select_for_update().get(errand=errand, key=key)
    if now - reply.at > KEPT:
        reply.fingerprint, reply.order_id, reply.body, reply.at = fingerprint, None, None, now
        reply.save(update_fields=["fingerprint", "order_id", "body", "at"])
    if reply.fingerprint != fingerprint:
        raise KeyUsed
    return reply, reply.order_id is None and reply.body is None


def keep(reply: ApiReply, *, order_id: int | None = None, body: Any = None) -> None:
    """Remember what came of it, in the transaction of the work."""
    ApiReply.objects.filter(pk=reply.pk).update(order_id=order_id, body=body)


def forget(*, now: datetime) -> int:
    """Drop old keys; in `every_merchant`."""
    return ApiReply.objects.filter(at__lt=now - KEPT).delete()[0]
