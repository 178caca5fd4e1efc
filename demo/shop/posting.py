"""How the demonstration's shop reaches the outside: real HTTP, to our own two servers only."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import httpx
from django.conf import settings

from lib import http
from lib.signing import hmac_base64
from stores.connect import hook_path_of
from stores.models import StoreConnection


class NotTaken(RuntimeError):
    """The other side did not answer, or not with yes."""


def post_webhook(connection: StoreConnection, topic: str, payload: Mapping[str, Any]) -> None:
    """Send one webhook as Shopify does, signed over its raw body.

    Call it outside of every transaction: the answer comes from another thread of our own
    server, which must see what was saved before. Raises NotTaken.
    """
    body = json.dumps(payload).encode()
    headers = {
        "content-type": "application/json",
        "x-shopify-topic": topic,
        "x-shopify-hmac-sha256": hmac_base64(body, connection.credentials["secret"]),
        "x-shopify-shop-domain": connection.external_id,
        "x-shopify-webhook-id": str(uuid4()),
        "x-shopify-api-version": "2025-07",
    }
    post(settings.BASE_URL + hook_path_of(connection), body, headers)


def post(url: str, body: bytes, headers: Mapping[str, str]) -> None:
    """POST and expect a 2xx. Raises NotTaken."""
    try:
        answer = asyncio.run(_send(httpx.URL(url), body, headers))
    except httpx.RequestError as error:
        raise NotTaken(f"{type(error).__name__} from {httpx.URL(url).host}") from error
    if not answer.is_success:
        raise NotTaken(f"status {answer.status_code} from {httpx.URL(url).host}")


async def _send(url: httpx.URL, body: bytes, headers: Mapping[str, str]) -> httpx.Response:
    # Only this one address: the merchants' own calls stay barred from our machine.
    port = url.port or (443 if url.scheme == "https" else 80)
    async with http.client(connections=1, allow=[f"{url.host}:{port}"]) as client:
        return await http.send(
            client, client.build_request("POST", url, content=body, headers=dict(headers))
        )
