"""What a line of the log may hold: words of ours, and the few named facts below. Never a path.

A path may hold a link's token, an error's text what a person typed. So an error is written as
its kind and place, a request as its route, and nothing is added to a line that is not listed.
"""

from __future__ import annotations

import logging
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, Final

from pythonjsonlogger.json import JsonFormatter

#: The request or task that the line belongs to; "" outside of both.
current_id: ContextVar[str] = ContextVar("log_id", default="")
#: What a line may carry beside its message (`extra=`); everything else is dropped, such as the
#: whole request that Django adds.
FACTS: Final = ("method", "route", "status", "milliseconds", "task", "queue", "outcome")


def facts_of(record: logging.LogRecord) -> dict[str, object]:
    """The named facts of a record, and the request or task that it belongs to."""
    found: dict[str, object] = {}
    found |= {name: vars(record)[name] for name in FACTS if name in vars(record)}
    if current_id.get():
        found["id"] = current_id.get()
    if record.exc_info and record.exc_info[1] is not None:
        found["error"] = where(record.exc_info[1])
    return found


class Line(logging.Formatter):
    """For people: `INFO    homeward.requests: GET app/ 200 (milliseconds=12.1 id=…)`."""

    def format(self, record: logging.LogRecord) -> str:
        facts = " ".join(f"{name}={value}" for name, value in facts_of(record).items())
        line = f"{record.levelname:<7} {record.name}: {record.getMessage()}"
        return f"{line} ({facts})" if facts else line


class JsonLine(JsonFormatter):
    """For programs: one object a line, with `time`, `level`, `logger`, `message` and the facts."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line: dict[str, Any] = {
            "time": at,
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        return self.serialize_log_record(line | facts_of(record))


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
