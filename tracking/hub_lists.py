"""Which carriers hubs serve: their lists, asked for when an account is connected and weekly."""

from __future__ import annotations

import logging
from datetime import datetime

from carriers import registry
from carriers.accounts import account_of
from carriers.base import CarrierError
from carriers.calls import Listing
from carriers.couriers import is_stale, keep_couriers
from carriers.fetch import Fetcher
from carriers.models import CarrierAccount
from merchants.scope import every_merchant

log = logging.getLogger("homeward.tracking")


def list_couriers(account_id: int, fetcher: Fetcher, *, now: datetime) -> int:
    """Ask this account's hub for its list and keep it; returns how many carriers it serves.

    0 where the account is gone, is no hub's, or the hub did not answer: the weekly round
    tries again.
    """
    with every_merchant("a task knows the account only, and the list is nobody's in particular"):
        row = CarrierAccount.objects.filter(pk=account_id, is_active=True)
        account = row.select_related("platform").first()
    carrier = registry.CARRIERS.get(account.carrier) if account else None
    if account is None or carrier is None or not carrier.is_hub:
        return 0
    try:
        found = fetcher.couriers(Listing(carrier, account_of(account)))
    except CarrierError as error:
        log.warning("the list of %s's carriers did not come: %s", carrier.slug, error.kind)
        return 0
    return keep_couriers(carrier.slug, found, now=now)


def list_stale(fetcher: Fetcher, *, now: datetime) -> int:
    """Ask again for lists that are missing or a week old, one account a hub."""
    with every_merchant("any account of a hub will do to ask for its list"):
        rows = list(
            CarrierAccount.objects.filter(is_active=True, failures=0)
            .order_by("-last_ok_at", "pk")
            .values_list("carrier", "pk")
        )
    hubs = {slug: pk for slug, pk in reversed(rows) if _is_hub(slug) and is_stale(slug, now=now)}
    return sum(list_couriers(pk, fetcher, now=now) for pk in hubs.values())


def _is_hub(slug: str) -> bool:
    return slug in registry.CARRIERS and registry.get(slug).is_hub
