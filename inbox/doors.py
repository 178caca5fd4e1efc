"""Webhook addresses: made, found, closed. The token in the address names the merchant."""

from __future__ import annotations

from typing import Final

from django.conf import settings

from inbox.models import Door
from lib.signing import new_token
from merchants.models import Merchant

#: Vendors refuse addresses with their own name or its short form in them (Shiprocket does).
_REFUSED: Final = ("sr", "kr")


def open_door(
    *, merchant: Merchant, kind: str, slug: str, connection_id: int, external_id: str = ""
) -> Door:
    """The address of one connection, made when there is none.

    `kind` is store, carrier or channel; `slug` is the word in the address (of a carrier
    `carriers.registry.push_word`); `external_id` is the platform's own name for the merchant,
    by which app-wide hooks find it.
    """
    door = find_own_door(kind=kind, slug=slug, connection_id=connection_id)
    if door is not None:
        return door
    token = new_token()
    while any(word in token.lower() for word in _REFUSED):
        token = new_token()
    return Door.objects.create(
        token=token,
        merchant=merchant,
        kind=kind,
        slug=slug,
        connection_id=connection_id,
        external_id=external_id,
    )


def name_door(*, kind: str, slug: str, connection_id: int, external_id: str) -> None:
    """The platform's own name for this merchant, once it is known."""
    doors = Door.objects.filter(kind=kind, slug=slug, connection_id=connection_id)
    doors.update(external_id=external_id)


def hook_path(door: Door) -> str:
    """The path on our own host that the vendor is given."""
    return f"/hooks/{door.kind}/{door.slug}/{door.token}/"


def hook_url(kind: str, slug: str, connection_id: int) -> str:
    """The whole address of a connection, or "" when none was opened."""
    door = find_own_door(kind=kind, slug=slug, connection_id=connection_id)
    return settings.BASE_URL + hook_path(door) if door is not None else ""


def find_own_door(*, kind: str, slug: str, connection_id: int) -> Door | None:
    """The address of a connection of this kind; ids are unique across merchants."""
    return Door.objects.filter(kind=kind, slug=slug, connection_id=connection_id).first()


def find_by_token(*, kind: str, slug: str, token: str) -> Door | None:
    """Whose address this is."""
    return Door.objects.filter(token=token, kind=kind, slug=slug).first()


def find_by_external_id(*, kind: str, slug: str, external_id: str) -> list[Door]:
    """The connections to which a platform's own name belongs: two merchants may share a shop."""
    if not external_id:
        return []
    return list(Door.objects.filter(kind=kind, slug=slug, external_id=external_id).order_by("pk"))


def close_doors(*, kind: str, slug: str, connection_id: int) -> None:
    """The address stops working at once."""
    Door.objects.filter(kind=kind, slug=slug, connection_id=connection_id).delete()
