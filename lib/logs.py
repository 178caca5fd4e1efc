"""What is written about a failed request: route, status, kind of error and place. Never the path.

A path may hold a link's token, a message may hold what a person typed.
"""

from __future__ import annotations

import logging
import traceback
from typing import Any


class WithoutPath(logging.Filter):
    """Rewrites a request's record so that only its route's name and the error's place remain."""

    def filter(self, record: logging.LogRecord) -> bool:
        request: Any = getattr(record, "request", None)
        match = getattr(request, "resolver_match", None)
        route = (match.route if match else "") or "an unknown address"
        words = f"{getattr(record, 'status_code', '-')} at {route}"
        if record.exc_info and record.exc_info[0] is not None:
            words += f": {where(record.exc_info[1])}"
        record.msg, record.args, record.exc_info, record.exc_text = words, (), None, None
        return True


def where(error: BaseException | None) -> str:
    """An error as its kind and the lines it came through; its text may be private."""
    if error is None:
        return "no error"
    frames = traceback.extract_tb(error.__traceback__)[-4:]
    places = " < ".join(f"{frame.filename}:{frame.lineno}" for frame in reversed(frames))
    return f"{type(error).__name__} at {places}"
