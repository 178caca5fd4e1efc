"""Storing a verified request as it came. What it means is found out later."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import IntegrityError, transaction

from inbox.models import Delivery

#: Kept with every delivery. Never cookies or Authorization: what is not listed is not kept.
_ALWAYS: Final = ("content-type", "user-agent")
_LONGEST_VALUE: Final = 500


@dataclass(frozen=True, slots=True)
class Inbound:
    """One verified request, before it is stored. `headers` by lower-case name."""

    kind: str
    slug: str
    connection_id: int | None
    topic: str
    unique_key: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Received:
    """The stored row, and whether this request was the first with its key."""

    delivery_id: int
    is_new: bool


def receive(*, merchant_id: int | None, inbound: Inbound, now: datetime) -> Received:
    """Store the request, due at once; in the merchant's scope.

    A second request with the same key changes nothing, also when both come together.
    """
    identity = {
        "merchant_id": merchant_id,
        "kind": inbound.kind,
        "slug": inbound.slug,
        "connection_id": inbound.connection_id,
        "unique_key": inbound.unique_key,
    }
    try:
        with transaction.atomic():
            delivery = Delivery.objects.create(
                **identity,
                topic=inbound.topic,
                headers=dict(inbound.headers),
                body=inbound.body,
                received_at=now,
                next_attempt_at=now,
            )
    except IntegrityError:
        return Received(Delivery.objects.only("pk").get(**identity).pk, is_new=False)
    return Received(delivery.pk, is_new=True)


def keep_headers(headers: Mapping[str, str], *, prefixes: Iterable[str]) -> dict[str, str]:
    """The headers that matter later, by lower-case name; NUL cannot be stored."""
    wanted = (*_ALWAYS, *prefixes)
    return {
        name: value.replace("\x00", "")[:_LONGEST_VALUE]
        for name, value in headers.items()
        if name.startswith(wanted)
    }
