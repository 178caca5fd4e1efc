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


_TICK: Final = 0.5
_ERRANDS: Final[list[_Errand]] = []
_lock = threading.Lock()
_thread: threading.Thread | None = None


def every(seconds: float, errand: Callable[[], object]) -> None:
    """Do this again and again, so many seconds apart."""
    _ERRANDS.append(_Errand(errand, seconds, time.monotonic() + seconds))


def begin() -> None:
    """Start the thread, unless it runs."""
    global _thread
    if _thread is not None:
        return
    with _lock:
        if _thread is None:
            # Named before it starts: it runs for as long as it is the one named here.
            _thread = threading.Thread(target=_run, name="errands", daemon=True)
            _thread.start()
            atexit.register(_all)


def _run() -> None:
    while threading.current_thread() is _thread:
        time.sleep(_TICK)
        # A copy: a module that is imported later may name another errand meanwhile.
        for errand in tuple(_ERRANDS):
            if time.monotonic() >= errand.due:
                _do(errand.do)
                errand.due = time.monotonic() + errand.every


def _all() -> None:
    for errand in _ERRANDS:
        _do(errand.do)


def _do(errand: Callable[[], object]) -> None:
    try:
        errand()
    except Exception as error:  # noqa: BLE001 - the outermost loop: one errand must not end the rest
        log.error("an errand failed: %s", type(error).__name__)


def _forget() -> None:
    """A forked child has no thread, whatever its parent had."""
    global _thread
    _thread = None


os.register_at_fork(after_in_child=_forget)
