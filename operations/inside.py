"""Whether a request comes from our own network, past no proxy: for what the public must not ask."""

from __future__ import annotations

import ipaddress
from typing import Final

from django.http import HttpRequest

#: A proxy adds one of these; then the caller's address is the proxy's and says nothing.
_FORWARDED: Final = ("X-Forwarded-For", "Forwarded", "X-Real-Ip", "Via")


def comes_from_inside(request: HttpRequest) -> bool:
    """Called directly, from this machine or a private network."""
    if any(name in request.headers for name in _FORWARDED):
        return False
    try:
        address = ipaddress.ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return False
    return address.is_loopback or address.is_private
