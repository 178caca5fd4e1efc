"""Small work beside requests: one thread of the process does it, so that no answer waits for it.

Modules name their errands when they are imported. The thread begins with the first request
that needs it, which is after gunicorn has forked, and each errand runs once more at the end.
"""

from __future__ import annotations

import atexit
import logging
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

log = logging.getLogger("homeward.errands")


@dataclass(slots=True)
class _Errand:
    do: Callable[[], object]
    every: float  # seconds
    due: float  # by time.monotonic


class Errands:
    """What one thread does again and again."""

    def __init__(self, *, tick: float = 0.5) -> None:
        """How often to look whether something is due, in seconds."""
        self._tick = tick
        self._errands: list[_Errand] = []
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def every(self, seconds: float, errand: Callable[[], object]) -> None:
        """Do this again and again, so many seconds apart."""
        self._errands.append(_Errand(errand, seconds, time.monotonic() + seconds))

    def begin(self) -> None:
        """Start the thread, unless it runs."""
        if self._thread is not None:
            return
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="errands", daemon=True)
                self._thread.start()
                atexit.register(self._last)

    def forget(self) -> None:
        """A forked child has no thread, whatever its parent had."""
        self._thread = None

    def _run(self) -> None:
        while True:
            time.sleep(self._tick)
            # A copy: a module that is imported later may name another errand meanwhile.
            for errand in tuple(self._errands):
                if time.monotonic() >= errand.due:
                    _do(errand.do)
                    errand.due = time.monotonic() + errand.every

    def _last(self) -> None:
        for errand in self._errands:
            _do(errand.do)


def _do(errand: Callable[[], object]) -> None:
    try:
        errand()
    except Exception as error:  # noqa: BLE001 - the outermost loop: one errand must not end the rest
        log.error("an errand failed: %s", type(error).__name__)


_ours: Final = Errands()
every: Final = _ours.every
begin: Final = _ours.begin
os.register_at_fork(after_in_child=_ours.forget)
