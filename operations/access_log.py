"""One line for every request: route, method, status, milliseconds, and an id to find it by."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Final
from uuid import uuid4

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from lib import tally
from lib.logs import current_id

log = logging.getLogger("homeward.requests")

GetResponse = Callable[[HttpRequest], HttpResponse]
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class AccessLog:
    """First in line, so that the time counted is all of ours. Paths are never written."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        request_id = uuid4().hex[:16]
        token = current_id.set(request_id)
        status = 500  # should even the page that says so fail
        try:
            response = self.get_response(request)
            response.headers["X-Request-ID"] = request_id
            status = response.status_code
        finally:
            _note(request, status, time.perf_counter() - started)
            current_id.reset(token)
        return response


def _note(request: HttpRequest, status: int, seconds: float) -> None:
    route = route_of(request)
    method = request.method if request.method in _METHODS else "other"
    tally.count("requests", route=route, method=str(method), status=str(status))
    tally.observe("request_seconds", seconds, route=route)
    log.info(
        "%s %s %d", method, route, status,
        extra={
            "route": route, "method": method, "status": status,
            "milliseconds": round(seconds * 1000, 1),
        },
    )  # fmt: skip


def route_of(request: HttpRequest) -> str:
    """The route as it stands in the code, with its parameters' names instead of their values."""
    match = request.resolver_match
    if match is not None:
        return match.route or "/"
    return "static" if request.path.startswith(settings.STATIC_URL) else "unknown"
