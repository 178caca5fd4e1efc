"""All of tenancy: who is in scope, for how long.

A scope is `SET LOCAL` inside a transaction, so it ends with the transaction whatever
happens (and PgBouncer may run in transaction mode). It is entered only at doors:
middleware, API authentication, the task base, hooks, and the named sweeps that run
across merchants. One door sets the scope in its own statement, to save a round trip: the
shopper's page (`storefront_pages.stamps`), where the link itself names the merchant.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

from django.db import connection, transaction
from django_rls_tenants.tenants.state import (
    reset_current_tenant_id,
    reset_rls_context_active,
    set_current_tenant_id,
    set_rls_context_active,
)

_EVERY: Final = -1
_NOBODY: Final = 0
_current: ContextVar[int] = ContextVar("merchant_scope", default=_NOBODY)


class CrossMerchantScope(RuntimeError):
    """A scope was opened for one merchant inside another's."""


@contextmanager
def merchant_scope(merchant_id: int) -> Iterator[None]:
    """See and write one merchant's rows, in one transaction.

    Nesting the same merchant costs nothing. Raises CrossMerchantScope inside another
    merchant's scope: a request that needs two merchants is a mistake.
    """
    current = _current.get()
    if current == merchant_id:
        with transaction.atomic():
            yield
        return
    if current not in {_NOBODY, _EVERY}:
        raise CrossMerchantScope(f"scope of merchant {current} is open")
    with _enter(merchant_id):
        yield


@contextmanager
def every_merchant(reason: str) -> Iterator[None]:
    """See every merchant's rows. For the doors' look-ups and the due queues only.

    `reason` is for the reader: it says on the line why one merchant's scope will not do.
    """
    if not reason:
        raise ValueError("say why every merchant is needed")
    with _enter(_EVERY):
        yield


def current_merchant_id() -> int | None:
    """The merchant in scope, or None."""
    current = _current.get()
    return current if current > 0 else None


@contextmanager
def _enter(who: int) -> Iterator[None]:
    before = _current.get()
    with transaction.atomic():
        _tell_database(who)
        here = _current.set(who)
        active = set_rls_context_active(True)
        tenant = set_current_tenant_id(who if who > 0 else None)
        try:
            yield
        finally:
            reset_current_tenant_id(tenant)
            reset_rls_context_active(active)
            _current.reset(here)
        # The settings end with the transaction; inside an outer one they are put back here.
        # After an error the rollback to the savepoint puts them back, and nothing may be asked.
        if connection.savepoint_ids and not connection.needs_rollback:
            _tell_database(before)


def _tell_database(who: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('rls.current_tenant', %s, true),"
            " set_config('rls.is_admin', %s, true)",
            [str(who) if who > 0 else "", "true" if who == _EVERY else "false"],
        )
