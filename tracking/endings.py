"""What of a parcel's new state the ledger must know: that the waiting ended, and carriers' dates.

Written with the state, in the same transaction; `tracking.judging` takes it from there.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from django.db import connection
from psycopg2.extras import execute_values

from tracking.derive import Derived
from tracking.models import CarrierDate, Change, Judgement
from tracking.verdicts import Ending, ending_of
from tracking.writing import insert_many

_COLLECTED: Final = "delivered.collected"
#: What an ending may take the place of: a collection is later than the day it lay ready, and
#: what was sent back after it came has come all the same.
_ANY: Final = ("", *(one.value for one in Ending))
_INSTEAD_OF: Final = {
    Ending.RETURNED: ("", Ending.VOID.value),
    _COLLECTED: tuple(one for one in _ANY if one != Ending.ARRIVED),
}

_UPSERT: Final = """
INSERT INTO tracking_judgement AS j (merchant_id, shipment_id, ending, ended_at, due_at)
VALUES %s
ON CONFLICT (shipment_id) DO UPDATE
SET ending = EXCLUDED.ending, ended_at = EXCLUDED.ended_at, due_at = EXCLUDED.due_at
WHERE (j.ending, j.ended_at) IS DISTINCT FROM (EXCLUDED.ending, EXCLUDED.ended_at)
"""


def note_endings(derived: Sequence[Derived], *, now: datetime) -> None:
    """Give parcels whose waiting ended, or goes on after all, a turn to be judged."""
    ended, open_again = [], []
    for one in derived:
        shipment = one.shipment
        found = ending_of(
            one.state, disputed=shipment.disputed, denied_attempt=shipment.disputed_attempt
        )
        if found is not None:
            ended.append((one, *found))
        elif any(change.kind == Change.Kind.STATUS for change in one.changes):
            open_again.append(shipment.pk)
    _write(ended, now=now)
    if open_again:
        Judgement.objects.filter(shipment_id__in=open_again).exclude(ending="").update(
            ending="", ended_at=None, due_at=now
        )


def _write(ended: Sequence[tuple[Derived, Ending, datetime]], *, now: datetime) -> None:
    if not ended:
        return
    known = dict(
        Judgement.objects.filter(
            shipment_id__in=[one.shipment.pk for one, *_ in ended]
        ).values_list("shipment_id", "ending")
    )
    rows: list[tuple[Any, ...]] = []
    for one, ending, at in ended:
        key = _COLLECTED if one.state.sub_status == _COLLECTED else ending
        if known.get(one.shipment.pk, "") in _INSTEAD_OF.get(key, _ANY):
            rows.append((one.shipment.merchant_id, one.shipment.pk, ending.value, at, now))
    if rows:
        with connection.cursor() as cursor:
            execute_values(cursor.cursor, _UPSERT, rows, page_size=1000)


def keep_carrier_dates(derived: Sequence[Derived], *, now: datetime) -> None:
    """The windows that carriers name for parcels on the way; known ones write nothing."""
    insert_many(
        CarrierDate,
        ("merchant_id", "shipment_id", "first", "last", "was_held", "said_at"),
        [
            (
                one.shipment.merchant_id,
                one.shipment.pk,
                one.shipment.carrier_first,
                one.shipment.carrier_last,
                one.state.picked_up_at is not None,
                now,
            )
            for one in derived
            if one.shipment.carrier_first
            and one.shipment.carrier_last
            and not one.state.is_terminal
        ],
    )
