"""Whose messages are taken next: every shop that has some gets its share, so that one shop's burst
does not hold up another's single message; no account gets more than it may send."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.db import connection

from notifications import pace
from notifications.channels.accounts import account_from
from notifications.channels.base import Account
from notifications.models import ChannelSetting, Message

_TABLE: Final = Message._meta.db_table
_OPEN: Final = "state IN ('waiting', 'sending', 'uncertain') AND due_at IS NOT NULL"
#: Steps from shop to shop along the index, however long their queues are.
_SHOPS: Final = f"""
WITH RECURSIVE shop(id, due_at) AS (
  (SELECT merchant_id, due_at FROM {_TABLE} WHERE channel = %(channel)s AND {_OPEN}
   ORDER BY merchant_id, due_at LIMIT 1)
  UNION ALL
  SELECT next.merchant_id, next.due_at FROM shop CROSS JOIN LATERAL (
    SELECT m.merchant_id, m.due_at FROM {_TABLE} AS m
    WHERE m.channel = %(channel)s AND m.{_OPEN} AND m.merchant_id > shop.id
    ORDER BY m.merchant_id, m.due_at LIMIT 1) AS next
)
SELECT id FROM shop WHERE due_at <= %(now)s
"""  # noqa: S608 - names are ours
_LOCK: Final = f"""
SELECT picked.id FROM unnest(%(shops)s::bigint[], %(most)s::int[]) AS turn(shop, most)
CROSS JOIN LATERAL (
  SELECT id FROM {_TABLE}
  WHERE channel = %(channel)s AND {_OPEN} AND merchant_id = turn.shop AND due_at <= %(now)s
  ORDER BY due_at, id LIMIT turn.most FOR UPDATE SKIP LOCKED) AS picked
"""  # noqa: S608 - names are ours


@dataclass(frozen=True, slots=True)
class Turns:
    """How many messages each shop may have sent now, and its own account and sender.

    `wait`: in how many seconds an account that was held back may go on; None where none was.
    """

    shares: Mapping[int, int]
    settings: Mapping[int, ChannelSetting]
    accounts: Mapping[int, Account | None]
    wait: float | None = None
    #: What was reserved of accounts that have a limit, by key: how many, and that limit.
    reserved: Mapping[str, tuple[int, float]] = field(default_factory=dict)


def shops_waiting(channel: str, *, now: datetime) -> list[int]:
    """Those with due messages on this channel, in no order; call it in `every_merchant`."""
    with connection.cursor() as cursor:
        cursor.execute(_SHOPS, {"channel": channel, "now": now})
        found = [row[0] for row in cursor.fetchall()]
    random.shuffle(found)
    return found


def lock_due(channel: str, shares: Mapping[int, int], *, now: datetime) -> list[int]:
    """Ids of the oldest due messages of each shop, locked; what others hold is passed over."""
    if not shares:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            _LOCK,
            {
                "channel": channel,
                "now": now,
                "shops": list(shares),
                "most": list(shares.values()),
            },
        )
        return [row[0] for row in cursor.fetchall()]


def share_out(
    channel: str,
    shops: Sequence[int],
    *,
    limit: int,
    room: Callable[[Account | None], int],
) -> Turns:
    """Who may send how many, at most `limit` together; `room` is what an account's line takes, 0
    where it has none. Call it in `every_merchant`."""
    rows = ChannelSetting.objects.filter(channel=channel, merchant_id__in=shops)
    settings = {row.merchant_id: row for row in rows}
    accounts = {shop: account_from(settings[shop]) if shop in settings else None for shop in shops}
    groups: dict[Account | None, list[int]] = defaultdict(list)
    for shop in shops:
        groups[accounts[shop]].append(shop)
    at_rest = pace.resting({pace.key_of(channel, account) for account in groups})
    shares: dict[int, int] = {}
    reserved: dict[str, tuple[int, float]] = {}
    waits: list[float] = []
    for account, members in groups.items():
        key, rate = pace.key_of(channel, account), pace.per_second(channel, account)
        if key in at_rest:
            continue
        wanted = min(room(account), limit - sum(shares.values()))
        grant = pace.take(key, wanted, limit=rate) if wanted > 0 else pace.Grant(0)
        if rate:
            reserved[key] = (grant.count, rate)
        if grant.count < wanted:
            waits.append(grant.wait)
        shares |= _split(grant.count, members)
    return Turns(shares, settings, accounts, min(waits, default=None), reserved)


def _split(count: int, shops: Sequence[int]) -> dict[int, int]:
    """Equal parts for as many shops as there are messages to give; the first get the rest."""
    chosen = shops[:count]
    if not chosen:
        return {}
    part, more = divmod(count, len(chosen))
    return {shop: part + (nth < more) for nth, shop in enumerate(chosen)}


def give_back(turns: Turns, taken: Iterable[int], *, channel: str) -> None:
    """Return what was reserved of an account's pace for more messages than there were. `taken` has
    the shop of each message that goes out."""
    used: dict[str, int] = defaultdict(int)
    for shop in taken:
        used[pace.key_of(channel, turns.accounts[shop])] += 1
    for key, (count, rate) in turns.reserved.items():
        pace.give_back(key, count - used[key], limit=rate)
