"""What is read from the database beside the request, and kept in the process.

A value is read on a thread of its own, so that a database that is slow, locked or gone holds up
an answer for a few milliseconds and no longer: what was read last goes on being served. Under
steady traffic nobody waits at all, because a value is read anew while the old one still serves.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Generic, TypeVar

from django.db import Error, close_old_connections, connection, transaction

log = logging.getLogger("homeward.at_hand")

#: Threads, and so connections, that a process may use for this.
_THREADS: Final = 2
#: A reading that takes longer is given up, so that hung ones do not take all threads.
_STATEMENT_TIMEOUT: Final = "2s"
#: After a failed reading nobody tries again for so many seconds.
_PAUSE: Final = 1.0

Name = TypeVar("Name", bound=Hashable)
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Kept(Generic[Value]):
    """A value, when it was read, and whether it should have been read again since.

    `number` differs for each reading.
    """

    value: Value
    read_at: datetime
    number: int
    stale: bool = False


@dataclass(slots=True)
class _Reading:
    future: Future[None]
    since: float


class AtHand(Generic[Name, Value]):
    """Values by name, each at most `seconds` old, or twice that where many ask.

    `read` is called in a transaction of its own. `budget` is how long, in seconds, one reading
    is waited for. Of more than `most` values those go first that nobody asked for.
    """

    def __init__(
        self,
        read: Callable[[Name], Value],
        *,
        seconds: float = 30.0,
        budget: float = 0.025,
        most: int = 1_000,
    ) -> None:
        self._read, self._seconds, self._budget, self._most = read, seconds, budget, most
        self._lock = threading.Lock()
        self._kept: OrderedDict[Name, tuple[Kept[Value], float]] = OrderedDict()
        self._readings: dict[Name, _Reading] = {}
        self._paused: dict[Name, float] = {}
        self._number = 0

    def get(self, name: Name) -> Kept[Value] | None:
        """The value; None where none was ever read, and none can be within the budget."""
        found = self._look(name)
        if found is not None and found[1] < self._seconds:
            return found[0]
        reading = self._begin(name)
        if reading is not None and (found is None or found[1] >= 2 * self._seconds):
            left = self._budget - (time.monotonic() - reading.since)
            wait([reading.future], timeout=max(left, 0.0))
        found = self._look(name)
        if found is None:
            return None
        kept, age = found
        is_stale = age >= 2 * self._seconds
        return Kept(kept.value, kept.read_at, kept.number, stale=True) if is_stale else kept

    def forget(self) -> None:
        """Read everything anew."""
        with self._lock:
            self._kept.clear()
            self._readings.clear()
            self._paused.clear()

    def _look(self, name: Name) -> tuple[Kept[Value], float] | None:
        """What is kept, and its age in seconds."""
        with self._lock:
            found = self._kept.get(name)
            if found is None:
                return None
            self._kept.move_to_end(name)
        return found[0], time.monotonic() - found[1]

    def _begin(self, name: Name) -> _Reading | None:
        """The reading on its way, or a new one; None shortly after one that failed."""
        with self._lock:
            reading = self._readings.get(name)
            if reading is not None:
                return reading
            if time.monotonic() < self._paused.get(name, 0.0):
                return None
            reading = self._readings[name] = _Reading(Future(), time.monotonic())
        _submit(lambda: self._finish(name, reading))
        return reading

    def _finish(self, name: Name, reading: _Reading) -> None:
        try:
            value = _in_transaction(lambda: self._read(name))
        except (Error, OSError) as error:
            log.warning("what is at hand is not read anew: %s", type(error).__name__)
            with self._lock:
                if len(self._paused) > self._most:
                    self._paused.clear()
                self._paused[name] = time.monotonic() + _PAUSE
        else:
            self._keep(name, value)
        finally:
            with self._lock:
                self._readings.pop(name, None)
            reading.future.set_result(None)

    def _keep(self, name: Name, value: Value) -> None:
        with self._lock:
            self._number += 1
            self._kept[name] = (
                Kept(value, datetime.now(UTC), self._number),
                time.monotonic(),
            )
            self._paused.pop(name, None)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)


def warm() -> None:
    """Connect, for whoever asks first: that alone would take longer than most budgets."""
    together = threading.Barrier(_THREADS)

    def connect() -> None:
        try:
            together.wait(5)  # so that each thread does it
            connection.ensure_connection()
        except (Error, OSError, threading.BrokenBarrierError) as error:
            log.warning("nothing is at hand yet: %s", type(error).__name__)

    for _ in range(_THREADS):
        _submit(connect)


def _in_transaction(read: Callable[[], Value]) -> Value:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL statement_timeout = '{_STATEMENT_TIMEOUT}'")
        return read()


_pool: ThreadPoolExecutor | None = None
_pool_lock = threading.Lock()


def _submit(work: Callable[[], None]) -> None:
    global _pool
    with _pool_lock:
        if _pool is None:
            _pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="at-hand")
        _pool.submit(_on_own_connection, work)


def _on_own_connection(work: Callable[[], None]) -> None:
    """As around a request: a connection that broke or grew old is replaced."""
    close_old_connections()
    try:
        work()
    finally:
        close_old_connections()


def _forget_pool() -> None:
    """A forked child has no threads, whatever its parent had."""
    global _pool
    _pool = None


os.register_at_fork(after_in_child=_forget_pool)
