"""Who may ask under /w/, how often, and how a refusal is told."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict
from http import HTTPStatus
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from lib import errands, near_limits
from lib.limits import Window, client_address
from merchants import publishable
from storefront_pages.widget_door import Door, door_of
from storefront_pages.widget_question import Mistake

#: Requests a minute from one address: an office, or a mobile network's many shoppers behind one.
ADDRESS_A_MINUTE: Final = 1_200
#: Requests a minute with one key, whoever asks: what a sale brings at its best, and then some.
KEY_A_MINUTE: Final = 60_000
_MINUTE: Final = 60
_A_DAY: Final = "86400"

#: What is answered to who may ask.
Answered = Callable[[HttpRequest, Door], HttpResponse]


def guarded(request: HttpRequest, key: str, answered: Answered) -> HttpResponse:
    """The answer to a live key from a page that may use it; else why there is none."""
    errands.begin()
    crowd = near_limits.count(
        f"widget:{client_address(request)}", limit=ADDRESS_A_MINUTE, seconds=_MINUTE
    )
    if crowd.is_over:
        return _too_many(crowd)
    found = door_of(key) if publishable.looks_like_a_key(key) else None
    if found is None and publishable.looks_like_a_key(key):
        return nothing()  # whether there is such a key cannot be read in time
    if found is None or found.value is None:
        return problem(HTTPStatus.NOT_FOUND, "There is no such key, or it was switched off.")
    door = found.value
    origin = request.headers.get("Origin", "")
    if origin and origin not in door.origins:
        return _with_vary(
            problem(HTTPStatus.FORBIDDEN, "This key may not be used from pages of this origin.")
        )
    return _with_vary(_allowing(_counted(request, key, door, answered), origin))


def _counted(request: HttpRequest, key: str, door: Door, answered: Answered) -> HttpResponse:
    if request.method == "OPTIONS":
        return HttpResponse(
            status=HTTPStatus.NO_CONTENT,
            headers={
                "Access-Control-Allow-Methods": "GET, HEAD",
                "Access-Control-Max-Age": _A_DAY,
            },
        )
    crowd = near_limits.count(f"widget:{key}", limit=KEY_A_MINUTE, seconds=_MINUTE)
    return _too_many(crowd) if crowd.is_over else answered(request, door)


def _allowing(response: HttpResponse, origin: str) -> HttpResponse:
    if origin:
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _with_vary(response: HttpResponse) -> HttpResponse:
    patch_vary_headers(response, ("Origin", "Accept-Language"))
    return response


def nothing() -> HttpResponse:
    """No answer in time: the page goes on without one."""
    return HttpResponse(
        status=HTTPStatus.NO_CONTENT, headers={"Cache-Control": "no-store", "Retry-After": "5"}
    )


def _too_many(crowd: Window) -> HttpResponse:
    response = problem(
        HTTPStatus.TOO_MANY_REQUESTS, f"More than {crowd.limit:,} requests in one minute."
    )
    response.headers["Retry-After"] = str(crowd.seconds_left)
    return response


def problem(status: HTTPStatus, detail: str, errors: Iterable[Mistake] = ()) -> HttpResponse:
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
