"""What a broken line tells: whether anything can have reached the other side."""

from __future__ import annotations

from typing import Final

import aiohttp
import httpx
import requests
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError

from lib.http import RefusedAddress

_OF_REQUESTS: Final = (NewConnectionError, ConnectTimeoutError, NameResolutionError)
_OF_AIOHTTP: Final = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, RefusedAddress)


def never_left(error: BaseException | None) -> bool:
    """Whether a call failed before a connection was there to send on.

    For `requests`, and for httpx over aiohttp, whose own names for these errors mix "could not
    connect" with "was cut off": the cause tells them apart.
    """
    if isinstance(error, RefusedAddress | requests.ConnectTimeout):
        return True
    if isinstance(error, httpx.RequestError):
        cause = error.__cause__ or error.__context__
        # Without a cause it is the refusal of a private address.
        return isinstance(cause, _OF_AIOHTTP) if cause else isinstance(error, httpx.ConnectError)
    if not isinstance(error, requests.ConnectionError):
        return False
    cause = error.args[0] if error.args else None
    return isinstance(getattr(cause, "reason", cause), _OF_REQUESTS)
