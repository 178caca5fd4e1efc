"""A merchant's accounts at the channels' providers, read from its settings."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Final

from lib.encryption import CannotDecrypt, unseal
from notifications.channels.base import Account
from notifications.channels.registry import CHANNELS, Kind, Reach
from notifications.models import ChannelSetting

__all__ = ["Account", "account_from", "account_of", "is_used", "pushes", "ready_for", "ready_with"]

EMAIL: Final = "email"

log = logging.getLogger("homeward.notifications")


def account_of(merchant_id: int, channel: str) -> Account | None:
    """The merchant's own account; None where it sends through the operator's. One query, in the
    merchant's scope. Never raises: secrets that no key opens are missing ones."""
    row = ChannelSetting.objects.filter(merchant_id=merchant_id, channel=channel).first()
    return account_from(row) if row is not None and is_used(row) else None


def is_used(row: ChannelSetting) -> bool:
    """Whether messages go through the merchant's own account. Mail does only while the records of
    its domain are right: else it goes from the operator's address, in the merchant's name."""
    if not row.provider:
        return False
    return row.channel != EMAIL or (row.checked_at is not None and not row.problem)


def account_from(row: ChannelSetting) -> Account | None:
    """The account of a row, used or not; None where there is none."""
    if not row.provider:
        return None
    try:
        secrets = unseal(row.secrets)
    except CannotDecrypt:
        log.error("the secrets of a channel's account open with none of ENCRYPTION_KEYS")
        secrets = {}
    return Account(
        merchant_id=row.merchant_id,
        channel=row.channel,
        provider=row.provider,
        sender=row.sender,
        config=row.config,
        secrets=secrets,
    )


def ready_for(merchant_id: int) -> list[Kind]:
    """The channels that the operator set up, or the merchant itself; in the merchant's scope."""
    rows = ChannelSetting.objects.filter(merchant_id=merchant_id).exclude(provider="")
    return ready_with(dict(rows.values_list("channel", "provider")))


def ready_with(providers: Mapping[str, str]) -> list[Kind]:
    """As `ready_for`, of the merchant's providers by channel."""
    return [
        kind
        for kind in CHANNELS.values()
        if kind.is_ready() or providers.get(kind.slug, "") in kind.providers
    ]


def pushes(merchant_id: int) -> bool:
    """Whether browsers are told by this merchant; no query where push is not set up at all."""
    kind = next(one for one in CHANNELS.values() if one.reach is Reach.BROWSER)
    if not kind.is_ready():
        return False
    rows = ChannelSetting.objects.filter(merchant_id=merchant_id, channel=kind.slug)
    chosen = rows.values_list("is_on", flat=True).first()
    return kind.is_on if chosen is None else chosen
