"""Asking for a back-test, and who works on it: a claim in the row, as of an import."""

from __future__ import annotations

import gzip
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import IntegrityError, transaction

from merchants.models import Merchant, User
from merchants.scope import merchant_scope
from tracking.models import BackTest

#: Months of orders that can be scored.
MONTHS: Final = (3, 6, 12)
#: What is older than this is not looked at: it would not even teach.
HISTORY: Final = timedelta(days=730)
A_DAY: Final = 20
#: Bytes of a file: about 100,000 orders with every column.
MOST_BYTES: Final = 20_000_000

#: Longer than a worker is silent. One that is killed leaves the run waiting so long.
LEASE: Final = timedelta(minutes=4)
#: Claims after which the run has failed: each began anew.
CLAIMS: Final = 3
_KEPT: Final = timedelta(days=90)
_State = BackTest.State
AT_WORK: Final = (_State.WAITING, _State.RUNNING)


class AtWork(RuntimeError):
    """The merchant has a run already that has not ended."""


class TooMany(RuntimeError):
    """The merchant asked for so many within a day."""


class TooLarge(ValueError):
    """More bytes than we take."""


class Lost(RuntimeError):
    """Somebody else works on the run now."""


def ask(
    *,
    merchant: Merchant,
    user: User | None,
    months: int,
    now: datetime,
    file_name: str = "",
    upload: bytes | None = None,
) -> BackTest:
    """Queue a run; in the merchant's scope. `upload` is what `packed` made of a file.

    Raises AtWork, TooMany.
    """
    if BackTest.objects.filter(created_at__gt=now - timedelta(days=1)).count() >= A_DAY:
        raise TooMany
    try:
        with transaction.atomic():
            return BackTest.objects.create(
                merchant=merchant, asked_by=user, months=months, created_at=now, due_at=now,
                file_name=_shown(file_name), upload=upload,
            )  # fmt: skip
    except IntegrityError:
        raise AtWork from None


def packed(chunks: Iterable[bytes]) -> bytes:
    """A file's bytes as they are kept until its run has ended. Raises TooLarge."""
    body = bytearray()
    for chunk in chunks:
        body += chunk
        if len(body) > MOST_BYTES:
            raise TooLarge
    return gzip.compress(bytes(body), compresslevel=3, mtime=0)


def _shown(file_name: str) -> str:
    plain = "".join(char for char in file_name if char.isprintable())
    return plain.replace("\\", "/").rpartition("/")[2][-200:]


@dataclass(slots=True)
class Hold:
    """A worker's claim on one run."""

    test_id: int
    merchant_id: int
    claim: int
    began: datetime
    _since: float = field(default_factory=time.monotonic)
    _told: float = float("-inf")

    @property
    def now(self) -> datetime:
        return self.began + timedelta(seconds=time.monotonic() - self._since)

    def tell(self, doing: BackTest.Doing, share: float) -> None:
        """Note how far it is (0–1), once a second at most. Raises Lost."""
        if time.monotonic() - self._told < 1.0:
            return
        self._told = time.monotonic()
        self._write(due_at=self.now + LEASE, doing=doing, progress=int(share * 100))

    def end(self, state: BackTest.State, **last: Any) -> None:
        """It is over; the file is not needed again. Raises Lost."""
        self._write(state=state, due_at=None, upload=None, finished_at=self.now, **last)

    def _write(self, **values: Any) -> None:
        with merchant_scope(self.merchant_id):
            mine = BackTest.objects.filter(pk=self.test_id, claim=self.claim, state=_State.RUNNING)
            if mine.update(**values) != 1:
                raise Lost


def claim(test_id: int, *, now: datetime) -> tuple[BackTest, Hold] | None:
    """Take a due run; None when it has ended or is in somebody's hands. In `every_merchant`."""
    test = (
        BackTest.objects.select_for_update(skip_locked=True)
        .filter(pk=test_id, due_at__lte=now, state__in=AT_WORK)
        .first()
    )
    if test is None:
        return None
    test.claim += 1
    mine = BackTest.objects.filter(pk=test.pk)
    if test.claim > CLAIMS:
        mine.update(
            state=_State.FAILED, problem="gave_up", due_at=None, finished_at=now, upload=None
        )
        return None
    mine.update(
        claim=test.claim, state=_State.RUNNING, started_at=now, due_at=now + LEASE,
        doing=BackTest.Doing.READING, progress=0,
    )  # fmt: skip
    return test, Hold(test.pk, test.merchant_id, test.claim, now)


def due(*, now: datetime, limit: int) -> list[int]:
    """Ids of runs that wait for a worker; in `every_merchant`."""
    waiting = BackTest.objects.filter(due_at__lte=now).order_by("due_at", "pk")
    return list(waiting.values_list("pk", flat=True)[:limit])


def forget(*, now: datetime) -> int:
    """Delete old results; in `every_merchant`."""
    deleted, _ = BackTest.objects.filter(finished_at__lt=now - _KEPT).delete()
    return deleted
