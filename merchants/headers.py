"""Security headers on every answer: one strict policy, widened only where a view says so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse

GetResponse = Callable[[HttpRequest], HttpResponse]

POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: https:",
        "font-src 'self'",
        "connect-src 'self'",
        "frame-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)

#: What a page may ask the browser for: nothing.
PERMISSIONS: Final = "camera=(), microphone=(), geolocation=(), interest-cohort=()"
#: The same where somebody may be asked where they are.
LOCATES: Final = PERMISSIONS.replace("geolocation=()", "geolocation=(self)")


class SecurityHeaders:
    """Adds the policy unless the view set its own."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        if "frame-ancestors 'self'" in response.headers["Content-Security-Policy"]:
            # For browsers that know only the older header; Django's would say DENY.
            response.headers.setdefault("X-Frame-Options", "SAMEORIGIN")
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        return response
