"""What gunicorn's command line cannot say: its own lines go where and as all others do, and a
new worker connects before anybody waits for it.

Used as `gunicorn --config python:config.gunicorn`. gunicorn would write the address of a request
that it cannot read or finish, and an address may hold a token.
"""

from __future__ import annotations

import logging
from typing import Any

from gunicorn.glogging import Logger

from config import environment as env
from lib import at_hand
from lib.logs import JsonLine, Line, where


class WithoutAddress(logging.Filter):
    """Keeps gunicorn's lines about itself; of those about a request only the kind of error."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and record.exc_info[1] is not None:
            record.msg, record.args = f"A request failed: {where(record.exc_info[1])}", ()
            record.exc_info = record.exc_text = None
        elif str(record.msg).startswith("Invalid request from"):
            record.msg, record.args = "A request that cannot be read was refused", ()
        return True


class GunicornLog(Logger):  # type: ignore[misc]
    """gunicorn's logger with our formatter; there is no access log, operations.access_log is it."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(JsonLine() if env.log_format() == "json" else Line())
            handler.addFilter(WithoutAddress())


logger_class = GunicornLog


def post_worker_init(worker: object) -> None:
    """gunicorn's hook, in each worker once it has the application."""
    at_hand.warm()
