"""`GET /w/<publishable key>/estimate`: the date for the shop's own pages.

It answers without asking the database or Redis for anything: keys and rules are kept in the
process (`lib.at_hand`), limits and counts are told to Redis by a thread of their own
(`lib.errands`). Where nothing is known in time the answer is 204, and the page shows no date.
"""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.views.decorators.http import require_http_methods

from edd import quote_counts
from storefront_pages.widget_answers import Answer, answer
from storefront_pages.widget_door import Door
from storefront_pages.widget_gate import guarded, nothing, problem
from storefront_pages.widget_question import Wrong, language_of, question


@require_http_methods(["GET", "HEAD", "OPTIONS"])
def estimate(request: HttpRequest, key: str) -> HttpResponse:
    """The date for the place that the query names, as JSON; see docs/api.md."""
    return guarded(request, key, _answered)


def _answered(request: HttpRequest, door: Door) -> HttpResponse:
    try:
        ask = question(request.GET, home=door.country)
    except Wrong as wrong:
        return problem(HTTPStatus.BAD_REQUEST, "Some fields are missing or wrong.", wrong.mistakes)
    now = datetime.now(UTC)
    accepted = request.headers.get("Accept-Language", "")
    language = language_of(request.GET, accepted, door.languages)
    made = answer(door, ask, language=language, now=now)
    if made is None:
        return nothing()
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
