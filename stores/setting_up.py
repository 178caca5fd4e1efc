"""The first dialogue with a shop: prove the access, learn who it is, make webhooks, fetch history.

Each step is safe to repeat, so that a killed worker or a silent shop costs only time.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Final

from inbox.doors import name_door
from lib.encryption import seal
from merchants.scope import every_merchant, merchant_scope
from stores.connect import KIND, hook_url_of
from stores.hook_upkeep import keep_hooks
from stores.line import Line
from stores.models import ApiState, Pull, StoreConnection
from stores.pulling import begin_backfill
from stores.registry import get
from stores.shop import Grant, Shop, ShopFacts
from stores.talk import ShopError, Talk

#: A step is in somebody's hands for so long.
_LEASE: Final = timedelta(minutes=3)
#: What of a shop's history is fetched by itself.
FIRST_BACKFILL: Final = timedelta(days=60)


def due(*, now: datetime, limit: int) -> list[int]:
    """Connections to be set up, claimed; call it in `every_merchant`."""
    rows = StoreConnection.objects.filter(is_active=True, setup_at__lte=now)
    found = list(
        rows.select_for_update(skip_locked=True)
        .order_by("setup_at")
        .values_list("pk", flat=True)[:limit]
    )
    StoreConnection.objects.filter(pk__in=found).update(setup_at=now + _LEASE)
    return found


def set_up(connection_id: int, *, now: datetime) -> None:
    """Take the connection as far as it goes; what stops it is written on it in words."""
    with every_merchant("a due row says whose it is"):
        connection = StoreConnection.objects.filter(pk=connection_id, is_active=True).first()
    if connection is None or connection.api_state != ApiState.SETTING_UP:
        return
    line = Line(connection, doing="setup")
    try:
        if "grant" in connection.credentials:
            _exchange(line, now)
        _know(line, line.hold(line.adapter.look, now=now))
        if line.adapter.makes_hooks:
            keep_hooks(line, hook_url_of(connection), now=now)
    except ShopError as error:
        _stopped(connection, error)
        return
    _begin(connection, now=now)


def grant_credentials(grant: Grant) -> dict[str, str]:
    """A grant as it waits, sealed, for the worker that exchanges it."""
    return {
        "grant": json.dumps(dict(grant.params)),
        "grant_back": grant.back,
        "grant_verifier": grant.verifier,
    }


def _exchange(line: Line, now: datetime) -> None:
    """A grant is good once: the credentials are saved before anything else is asked."""
    kept = line.connection.credentials
    grant = Grant(json.loads(kept["grant"]), kept["grant_back"], kept["grant_verifier"])
    rest = {name: value for name, value in kept.items() if not name.startswith("grant")}

    def exchange(shop: Shop) -> Talk[dict[str, str]]:
        return line.adapter.exchange(shop, grant)

    credentials = rest | line.hold(exchange, now=now)
    line.connection.secrets = seal(credentials)
    line.connection.is_installed = True
    with merchant_scope(line.connection.merchant_id):
        line.connection.save(update_fields=["secrets", "is_installed"])


def _know(line: Line, facts: ShopFacts) -> None:
    """Write down what the shop says of itself; a name that the merchant gave stays."""
    connection = line.connection
    shop = (facts.external_id or connection.external_id)[:255]
    # Its orders are here: the keys of another shop would mix the two.
    if connection.swept_until is not None and shop != connection.external_id:
        raise ShopError(f"These keys belong to another shop, {shop}", kind="refused")
    with merchant_scope(connection.merchant_id):
        others = StoreConnection.objects.filter(
            platform=connection.platform, external_id=shop, is_active=True
        ).exclude(pk=connection.pk)
        if shop and others.exists():
            raise ShopError(f"{shop} is connected already", kind="refused")
        connection.external_id = shop
        if facts.name and connection.name == line.adapter.name:
            connection.name = facts.name[:120]
        connection.country = facts.country[:2]
        connection.currency = facts.currency[:3]
        connection.time_zone = facts.time_zone[:60]
        connection.secrets = seal(connection.credentials | dict(facts.learned))
        connection.save(
            update_fields=["external_id", "name", "country", "currency", "time_zone", "secrets"]
        )
    name_door(kind=KIND, slug=connection.platform, connection_id=connection.pk, external_id=shop)


def _stopped(connection: StoreConnection, error: ShopError) -> None:
    """Wait where time helps; else say that somebody must do something."""
    if error.passes:
        again = connection.paused_until
        values: dict[str, object] = {"setup_at": again} if again else {}
    else:
        values = {
            "api_state": ApiState.REFUSED,
            "setup_at": None,
            "api_problem": str(error)[:300],
        }
    with merchant_scope(connection.merchant_id):
        StoreConnection.objects.filter(pk=connection.pk, is_active=True).update(**values)


def _begin(connection: StoreConnection, *, now: datetime) -> None:
    """Everything works: fetch the last weeks, and look for changes from now on."""
    has_api = get(connection.platform).has_api
    with merchant_scope(connection.merchant_id):
        mine = StoreConnection.objects.filter(pk=connection.pk, is_active=True)
        mine.update(
            api_state=ApiState.WORKING, setup_at=None, next_sweep_at=now if has_api else None
        )
        mine.filter(swept_until__isnull=True).update(swept_until=now)
        pulls = Pull.objects.filter(store=connection, kind=Pull.Kind.BACKFILL)
        if has_api and not pulls.exists():
            begin_backfill(connection, since=now - FIRST_BACKFILL, until=now, now=now)
