"""Errors as problem+json (RFC 9457): what is wrong, where, in words."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.views import set_rollback

from api.authentication import HasApiKey


def handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler; None lets Django answer 500."""
    if isinstance(error, Http404):
        error = exceptions.NotFound("There is nothing at this address for your key.")
    elif isinstance(error, exceptions.NotAuthenticated):
        # DRF asks for a key before it asks our permission class, which has the better words.
        error.detail = exceptions.ErrorDetail(HasApiKey.message)
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    if not isinstance(error, exceptions.APIException):
        return None
    set_rollback()
    status = error.status_code
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
    }
    if isinstance(error, exceptions.ValidationError):
        body["detail"] = "Some fields are missing or wrong."
        body["errors"] = list(mistakes(error.detail, ""))
    else:
        body["detail"] = str(error.detail)
    headers: dict[str, str] = {}
    if getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = error.auth_header  # type: ignore[attr-defined]
    wait = getattr(error, "wait", None)  # of Throttled
    if wait:
        headers["Retry-After"] = str(int(wait))
    # The schema's renderers would write YAML under this type.
    context["request"].accepted_renderer = JSONRenderer()
    return Response(body, status=status, headers=headers, content_type="application/problem+json")


def mistakes(detail: Any, where: str) -> Any:
    """One {field, message} a mistake; nested fields as `shipments[0].carrier`."""
    if isinstance(detail, dict):
        for key, value in detail.items():
            if key == "non_field_errors":
                yield from mistakes(value, where)
            elif isinstance(key, int):  # the row of a list
                yield from mistakes(value, f"{where}[{key}]")
            else:
                yield from mistakes(value, f"{where}.{key}" if where else str(key))
    elif isinstance(detail, list):
        for index, value in enumerate(detail):
            nested = isinstance(value, dict | list)
            yield from mistakes(value, f"{where}[{index}]" if nested else where)
    else:
        yield {"field": _sendable(where), "message": _sendable(str(detail))}


def _sendable(text: str) -> str:
    """Messages repeat what was sent; a lone surrogate would break the answer's UTF-8."""
    return text.encode("utf-8", "replace").decode("utf-8")
