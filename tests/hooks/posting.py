"""Posting webhooks as the vendors do: signed over the raw bytes."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

from django.test import Client

from lib.signing import hmac_base64

SECRET = "s3cret"


def shopify_headers(body: bytes, topic: str, **changed: str) -> dict[str, str]:
    values = {
        "X-Shopify-Topic": topic,
        "X-Shopify-Hmac-Sha256": hmac_base64(body, SECRET),
        "X-Shopify-Webhook-Id": str(uuid4()),
        "X-Shopify-Shop-Domain": "noor.myshopify.com",
    }
    return values | changed


def post(client: Client, path: str, body: bytes, headers: dict[str, str], **options: Any) -> Any:
    content_type = options.pop("content_type", "application/json")
    return client.post(path, data=body, content_type=content_type, headers=headers, **options)


def post_shopify(
    client: Client, path: str, payload: Any, topic: str = "orders/create", **changed: str
) -> Any:
    body = json.dumps(payload).encode()
    return post(client, path, body, shopify_headers(body, topic, **changed))


def post_woo(client: Client, path: str, payload: Any, topic: str = "order.updated") -> Any:
    body = json.dumps(payload).encode()
    headers = {
        "X-WC-Webhook-Topic": topic,
        "X-WC-Webhook-Signature": hmac_base64(body, SECRET),
        "X-WC-Webhook-Delivery-ID": uuid4().hex,
    }
    return post(client, path, body, headers)
