"""`Authorization: Bearer <key>`: the API's door. The merchant's scope lasts the whole view."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from merchants.access import find_api_key
from merchants.models import ApiKey


class ApiKeyAuthentication(BaseAuthentication):
    """Finds the live key; the merchant is `request.auth.merchant`."""

    def authenticate(self, request: Request) -> tuple[None, ApiKey] | None:
        parts = get_authorization_header(request).split()
        if not parts or parts[0].lower() != b"bearer":
            return None
        if len(parts) != 2:
            raise AuthenticationFailed("Write the header as: Authorization: Bearer <key>.")
        key = find_api_key(parts[1].decode("ascii", "replace"), now=timezone.now())
        if key is None:
            raise AuthenticationFailed("This API key does not exist or was revoked.")
        return None, key

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="Homeward API"'


class HasApiKey(BasePermission):
    """Every endpoint needs a key."""

    message = "Send an API key: Authorization: Bearer <key>."

    def has_permission(self, request: Request, view: Any) -> bool:
        return isinstance(request.auth, ApiKey)


class ApiKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the schema names it."""

    target_class = "api.authentication.ApiKeyAuthentication"
    name = "apiKey"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}
