"""A mail's own HTML for a frame: it may look like itself, and do nothing."""

from __future__ import annotations

from typing import Final

from django.http import HttpResponse

#: No script, no form, no request but images; only our own pages may frame it.
POLICY: Final = (
    "sandbox; default-src 'none'; img-src https: data:; style-src 'unsafe-inline';"
    " frame-ancestors 'self'"
)


def framed(html: str) -> HttpResponse:
    """The answer with this HTML, under a policy of its own."""
    response = HttpResponse(html)
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store"
    return response
