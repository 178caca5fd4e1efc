"""Which pages are a merchant's own: those may frame its orders and read them by script."""

from __future__ import annotations

from contextlib import suppress

from merchants.models import Domain, Merchant, PublishableKey
from merchants.publishable import NotAnOrigin, origin_of


def origins_of(merchant: Merchant) -> frozenset[str]:
    """The shop's address, the origins of its live publishable keys, and its verified domains.

    Two queries; door tables, so no scope is needed.
    """
    keys = PublishableKey.objects.filter(merchant=merchant, revoked_at__isnull=True, is_on=True)
    found = {origin for listed in keys.values_list("origins", flat=True) for origin in listed}
    hosts = Domain.objects.filter(merchant=merchant, verified_at__isnull=False, removed_at=None)
    found |= {f"https://{host}" for host in hosts.values_list("host", flat=True)}
    with suppress(NotAnOrigin):  # a shop without an address of its own
        found.add(origin_of(merchant.store_url))
    return frozenset(found)
