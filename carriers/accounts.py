"""Which account asks for a parcel: the merchant's own with its carrier, or a hub's.

A hub (an aggregator) stands in for every carrier that the merchant has no account with.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Final

from carriers import registry
from carriers.base import Carrier, Limits
from carriers.calls import Account
from carriers.couriers import codes_of
from carriers.models import CarrierAccount

#: Whoever may call a hundred times a second needs as many calls open, and nobody more.
_MOST_CONCURRENT: Final = 100


@dataclass(frozen=True, slots=True)
class Route:
    """How one parcel is asked about: account, adapter, and the hub's word for who has it."""

    row: CarrierAccount
    carrier: Carrier
    courier_code: str = ""


@dataclass(slots=True)
class Routes:
    """The active accounts of some merchants, and whom their hubs serve."""

    own: dict[tuple[int, str], Route] = field(default_factory=dict)
    hubs: dict[int, list[Route]] = field(default_factory=dict)
    #: (hub, our slug) → the hub's code
    codes: dict[tuple[str, str], str] = field(default_factory=dict)

    def find(self, merchant_id: int, slug: str) -> Route | None:
        """Its own account first, then a hub that names the carrier, then one that finds out."""
        if (merchant_id, slug) in self.own:
            return self.own[merchant_id, slug]
        hubs = self.hubs.get(merchant_id, ())
        for hub in hubs:
            code = self.codes.get((hub.carrier.slug, slug))
            if code:
                return replace(hub, courier_code=code)
        return next((hub for hub in hubs if not hub.carrier.needs_courier), None)


def routes(merchant_ids: Iterable[int], slugs: Iterable[str]) -> Routes:
    """The routes of these merchants for parcels of these carriers; in a scope that sees them."""
    found = Routes()
    rows = CarrierAccount.objects.filter(merchant_id__in=list(merchant_ids), is_active=True)
    for row in rows.select_related("platform").order_by("pk"):
        carrier = registry.CARRIERS.get(row.carrier)
        if carrier is None or (row.platform is not None and not row.platform.is_active):
            continue
        if carrier.is_hub:
            found.hubs.setdefault(row.merchant_id, []).append(Route(row, carrier))
        found.own[row.merchant_id, row.carrier] = Route(row, carrier)
    hubs = {hub.carrier.slug for accounts in found.hubs.values() for hub in accounts}
    if hubs:
        found.codes = codes_of(hubs, slugs)
    return found


def limits_of(row: CarrierAccount, carrier: Carrier) -> Limits:
    """The carrier's limits, with what it granted this account."""
    granted = row.platform or row
    usual = carrier.limits
    return replace(
        usual,
        per_second=granted.calls_per_second or usual.per_second,
        per_day=granted.calls_per_day or usual.per_day,
    )


def pace_key(row: CarrierAccount) -> str:
    """Under which name its calls are counted: one name for all who share an account."""
    return f"platform-{row.platform_id}" if row.platform_id else str(row.pk)


def account_of(row: CarrierAccount) -> Account:
    """The account as plain values.

    New credentials, or another address, are a new key: no token outlives them.
    """
    # The operator's credentials go to the operator's address only, whatever the row says.
    source = row.platform or row
    credentials = source.credentials
    said = json.dumps([source.base_url, credentials], sort_keys=True)
    digest = hashlib.blake2b(said.encode(), digest_size=8).hexdigest()
    concurrent = min(int(source.calls_per_second or 0), _MOST_CONCURRENT)
    return Account(f"{pace_key(row)}:{digest}", source.base_url, credentials, concurrent)
