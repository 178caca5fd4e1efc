"""Looking at merchants' sender domains: when one asks, and once a day."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Q
from django.utils.translation import gettext_noop

from lib.dns_lookup import Lookup, NoAnswer
from merchants.scope import every_merchant, merchant_scope
from notifications.channels.accounts import EMAIL, account_from
from notifications.channels.sender_domain import Check, Dns, Finding, check_domain
from notifications.models import ChannelSetting

log = logging.getLogger("homeward.notifications")

_A_DAY: Final = timedelta(hours=20)
NOT_RIGHT: Final = gettext_noop("The DNS records of the sender’s domain are not right yet.")


def look_at(row: ChannelSetting, *, now: datetime, dns: Dns | None = None) -> bool:
    """Ask the DNS and keep what it says; in the merchant's scope. False where nobody answered:
    then everything stays as it was."""
    account = account_from(row)
    domain = row.sender.rpartition("@")[2].lower()
    if account is None or not domain:
        return False
    try:
        checks = check_domain(account, domain, dns=dns or Lookup())
    except NoAnswer:
        log.warning("no resolver answered about a sender's domain")
        return False
    problem = "" if all(check.is_good for check in checks) else NOT_RIGHT
    config = {**row.config, "dns": [_kept(check) for check in checks]}
    ChannelSetting.objects.filter(pk=row.pk, sender=row.sender, provider=row.provider).update(
        config=config, checked_at=now, problem=problem
    )
    return True


def found_of(row: ChannelSetting) -> list[Check]:
    """What was found at the last look; nothing before the first."""
    return [
        Check(
            name=one["name"],
            finding=Finding(one["finding"]),
            host=one["host"],
            record=one["record"],
            seen=one["seen"],
        )
        for one in row.config.get("dns", [])
    ]


def look_at_due(*, now: datetime, limit: int = 200) -> int:
    """Those that were not looked at for a day, of all merchants, one after the other; returns how
    many were looked at."""
    due = Q(checked_at=None) | Q(checked_at__lt=now - _A_DAY)
    with every_merchant("a sweep over the sender domains of all merchants"):
        rows = list(
            ChannelSetting.objects.filter(due, channel=EMAIL)
            .exclude(provider="")
            .exclude(sender="")
            .order_by("checked_at", "pk")[:limit]
        )
    done = 0
    for row in rows:
        with merchant_scope(row.merchant_id):
            done += look_at(row, now=now)
    return done


def _kept(check: Check) -> dict[str, Any]:
    return {
        "name": check.name, "finding": check.finding.value, "host": check.host,
        "record": check.record, "seen": check.seen[:500],
    }  # fmt: skip
