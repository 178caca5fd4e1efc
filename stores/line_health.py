"""How a shop's API is doing: its failures with their raw answers, and when it is left alone."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from merchants.scope import merchant_scope
from stores.models import ApiState, StoreConnection, StoreFailure
from stores.talk import ShopError
from stores.wire import KEPT_BYTES

#: After the first, second … failure in a row.
_PAUSES: Final = tuple(timedelta(minutes=minutes) for minutes in (0.5, 1, 2, 5, 10, 20, 30))
_LONGEST: Final = timedelta(hours=6)
#: So long failures are kept; their bodies may name people.
KEPT: Final = timedelta(days=30)


def note_failure(
    connection: StoreConnection, error: ShopError, *, doing: str, now: datetime
) -> None:
    """Write the failure down, and leave the shop alone for a while; in a scope of its own."""
    refused = error.kind == "credentials"
    failures = min(connection.api_failures + 1, 1_000)
    pause = _PAUSES[min(failures, len(_PAUSES)) - 1]
    if error.retry_after is not None:
        pause = min(timedelta(seconds=error.retry_after), _LONGEST)
    connection.api_failures = failures
    connection.api_problem = str(error)[:300]
    connection.api_problem_at = now
    fields = ["api_failures", "api_problem", "api_problem_at"]
    if refused:
        connection.api_state = ApiState.REFUSED
        fields.append("api_state")
    elif error.passes:
        connection.paused_until = now + pause
        fields.append("paused_until")
    with merchant_scope(connection.merchant_id):
        connection.save(update_fields=fields)
        StoreFailure.objects.create(
            merchant_id=connection.merchant_id,
            store=connection,
            at=now,
            kind=error.kind,
            message=str(error)[:300],
            doing=doing,
            http_status=error.http_status,
            retry_after=error.retry_after,
            raw=error.raw[:KEPT_BYTES],
        )


def note_success(connection: StoreConnection) -> None:
    """The shop answers: earlier trouble is over. Costs nothing where there was none."""
    if not (connection.api_failures or connection.api_problem or connection.paused_until):
        return
    connection.api_failures, connection.api_problem = 0, ""
    connection.paused_until = None
    with merchant_scope(connection.merchant_id):
        connection.save(update_fields=["api_failures", "api_problem", "paused_until"])


def forget_failures(*, now: datetime) -> int:
    """Delete old failures; in `every_merchant`."""
    return StoreFailure.objects.filter(at__lt=now - KEPT).delete()[0]
