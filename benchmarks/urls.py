"""Our addresses, and two views that answer the page's own bytes.

`BENCH_BODY` is a file that holds them, as they went over the wire.
"""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.urls import path

from config.urls import urlpatterns as _ours
from tracking.models import Link


@lru_cache(maxsize=1)
def _body() -> bytes:
    return Path(os.environ["BENCH_BODY"]).read_bytes()


def _answer() -> HttpResponse:
    content_type = "text/html; charset=utf-8"
    return HttpResponse(_body(), content_type=content_type, headers={"Content-Encoding": "gzip"})


def bare(request: HttpRequest) -> HttpResponse:
    """Nothing but the middleware."""
    return _answer()


def one_select(request: HttpRequest, token: str) -> HttpResponse:
    """One row by its unique key, on the connection that is kept."""
    Link.objects.get(token=token)
    return _answer()


urlpatterns = [
    path("bench/bare/", bare),
    path("bench/one-select/<str:token>/", one_select),
    *_ours,
]
