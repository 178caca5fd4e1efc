"""`GET /w/<publishable key>/estimate`: the date for the shop's own pages.

It answers without asking the database or Redis for anything: keys and rules are kept in the
process (`lib.at_hand`), limits and counts are told to Redis by a thread of their own
(`lib.errands`). Where nothing is known in time the answer is 204, and the page shows no date.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_http_methods

from edd import quote_counts
from lib import errands, near_limits
from lib.limits import Window, client_address
from merchants import publishable
from storefront_pages.widget_answers import Answer, answer
from storefront_pages.widget_door import Door, door_of
from storefront_pages.widget_question import Mistake, Wrong, language_of, question

#: Requests a minute from one address: an office, or a mobile network's many shoppers behind one.
ADDRESS_A_MINUTE: Final = 1_200
#: Requests a minute with one key, whoever asks: what a sale brings at its best, and then some.
KEY_A_MINUTE: Final = 60_000
_MINUTE: Final = 60
_A_DAY: Final = "86400"


@require_http_methods(["GET", "HEAD", "OPTIONS"])
def estimate(request: HttpRequest, key: str) -> HttpResponse:
    """The date for the place that the query names, as JSON; see docs/api.md."""
    errands.begin()
    crowd = near_limits.count(
        f"widget:{client_address(request)}", limit=ADDRESS_A_MINUTE, seconds=_MINUTE
    )
    if crowd.is_over:
        return _too_many(crowd)
    found = door_of(key) if publishable.looks_like_a_key(key) else None
    if found is None and publishable.looks_like_a_key(key):
        return _nothing()  # whether there is such a key cannot be read in time
    if found is None or found.value is None:
        return _problem(HTTPStatus.NOT_FOUND, "There is no such key, or it was switched off.")
    door = found.value
    origin = request.headers.get("Origin", "")
    if origin and origin not in door.origins:
        return _with_vary(
            _problem(HTTPStatus.FORBIDDEN, "This key may not be used from pages of this origin.")
        )
    return _with_vary(_allowing(_answered(request, key, door), origin))


def _answered(request: HttpRequest, key: str, door: Door) -> HttpResponse:
    if request.method == "OPTIONS":
        return HttpResponse(
            status=HTTPStatus.NO_CONTENT,
            headers={
                "Access-Control-Allow-Methods": "GET, HEAD",
                "Access-Control-Max-Age": _A_DAY,
            },
        )
    crowd = near_limits.count(f"widget:{key}", limit=KEY_A_MINUTE, seconds=_MINUTE)
    if crowd.is_over:
        return _too_many(crowd)
    try:
        ask = question(request.GET)
    except Wrong as wrong:
        return _problem(HTTPStatus.BAD_REQUEST, "Some fields are missing or wrong.", wrong.mistakes)
    now = datetime.now(UTC)
    accepted = request.headers.get("Accept-Language", "")
    language = language_of(request.GET, accepted, door.languages)
    made = answer(door, ask, language=language, now=now)
    if made is None:
        return _nothing()
    quote_counts.note(made.node)
    return _sent(request, made, language=language, now=now)


def _sent(request: HttpRequest, made: Answer, *, language: str, now: datetime) -> HttpResponse:
    response: HttpResponse
    if made.etag in request.headers.get("If-None-Match", ""):
        response = HttpResponseNotModified()
    else:
        response = HttpResponse(made.body, content_type="application/json")
        response.headers["Content-Language"] = language
    response.headers["ETag"] = made.etag
    response.headers["Cache-Control"] = f"public, max-age={made.seconds_left(now)}"
    return response


def _allowing(response: HttpResponse, origin: str) -> HttpResponse:
    if origin:
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _with_vary(response: HttpResponse) -> HttpResponse:
    patch_vary_headers(response, ("Origin", "Accept-Language"))
    return response


def _nothing() -> HttpResponse:
    """No date in time: the page goes on without one."""
    return HttpResponse(
        status=HTTPStatus.NO_CONTENT, headers={"Cache-Control": "no-store", "Retry-After": "5"}
    )


def _too_many(crowd: Window) -> HttpResponse:
    response = _problem(
        HTTPStatus.TOO_MANY_REQUESTS, f"More than {crowd.limit:,} requests in one minute."
    )
    response.headers["Retry-After"] = str(crowd.seconds_left)
    return response


def _problem(status: HTTPStatus, detail: str, errors: Iterable[Mistake] = ()) -> HttpResponse:
    """Problem+json (RFC 9457), as the API has it."""
    body: dict[str, object] = {
        "type": "about:blank",
        "title": status.phrase,
        "status": int(status),
        "detail": detail,
    }
    if listed := [asdict(one) for one in errors]:
        body["errors"] = listed
    return HttpResponse(
        json.dumps(body),
        status=status,
        content_type="application/problem+json",
        headers={"Cache-Control": "no-store"},
    )
