"""A merchant's accounts at providers: connected, changed, tried, left."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from inbox.doors import close_doors, hook_path, open_door
from lib.encryption import seal, unseal
from merchants.models import Merchant
from merchants.page_version import pages_changed
from notifications.channels.account_hooks import HOOKS
from notifications.channels.registry import CHANNELS, Kind, Reach
from notifications.models import ChannelSetting

KIND: Final = "channel"
#: What we keep in `config` beside the form: the path of the account's own address, when its
#: secrets were last typed in, what the domain check found.
OURS: Final = ("hook", "secrets_since", "dns")


def setting_of(merchant: Merchant, kind: Kind) -> ChannelSetting:
    """The merchant's row of this channel, or an unsaved one with the defaults."""
    row = ChannelSetting.objects.filter(merchant_id=merchant.pk, channel=kind.slug).first()
    return row or ChannelSetting(merchant=merchant, channel=kind.slug, is_on=kind.is_on)


def connect(
    *,
    merchant: Merchant,
    channel: str,
    provider: str,
    sender: str,
    config: Mapping[str, str],
    secrets: Mapping[str, str],
    now: datetime,
) -> ChannelSetting:
    """Send by this account from now on; in the merchant's scope.

    Secrets that are not given stay as they were while the provider is the same. What was found
    out about the account before counts no longer.
    """
    kind = CHANNELS[channel]
    row = setting_of(merchant, kind)
    is_same = row.provider == provider
    kept = unseal(row.secrets) if is_same else {}
    given = {name: value for name, value in secrets.items() if value}
    since = row.config.get("secrets_since", "") if is_same and not given else now.isoformat()
    if not is_same:
        _close(row)
    row.provider, row.sender, row.is_on = provider, sender, True
    row.config = {**config, "secrets_since": since}
    row.secrets = seal(kept | given)
    row.checked_at, row.problem = None, ""
    row.save()
    if provider in HOOKS:
        door = open_door(merchant=merchant, kind=KIND, slug=provider, connection_id=row.pk)
        row.config["hook"] = hook_path(door)
        row.save(update_fields=["config"])
    return row


def leave(*, row: ChannelSetting) -> None:
    """Send by the operator's account again, where there is one; the keys are forgotten."""
    _close(row)
    row.provider, row.sender, row.secrets, row.config = "", "", "", {}
    row.checked_at, row.problem = None, ""
    row.is_on = CHANNELS[row.channel].is_ready() and row.is_on
    row.save()


def switch(*, merchant: Merchant, kind: Kind, is_on: bool) -> None:
    """Use the channel at all, or not."""
    ChannelSetting.objects.update_or_create(
        merchant=merchant, channel=kind.slug, defaults={"is_on": is_on}
    )
    if kind.reach is Reach.BROWSER:
        pages_changed(merchant.pk)


def note_tried(*, row: ChannelSetting, problem: str, now: datetime) -> None:
    """What came of a try. Of e-mail, `checked_at` and `problem` are the domain's."""
    ChannelSetting.objects.filter(pk=row.pk).update(checked_at=now, problem=problem[:300])


def _close(row: ChannelSetting) -> None:
    if row.pk is not None and row.provider:
        close_doors(kind=KIND, slug=row.provider, connection_id=row.pk)
