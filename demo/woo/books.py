"""What the WooCommerce shop knows: whether it is up, its keys, its orders, its webhooks."""

from __future__ import annotations

import base64
import binascii
import json
import logging
import random
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.core.cache import cache
from django.db.models import Max

from demo.models import WooHook, WooKey, WooOrder
from demo.shop.posting import NotTaken, post
from demo.woo.orders import FIRST_NUMBER, new_order, stamp
from lib.signing import fingerprint, hmac_base64, new_token

log = logging.getLogger("homeward.demo")

NAME: Final = "Noor Oud"
PATH: Final = "/demo/woo"
_DOWN: Final = "demo-woo:down"
_DOWN_SECONDS: Final = 300


def is_down() -> bool:
    return cache.get(_DOWN) is not None


def go_down() -> None:
    """The shop's server fails for some minutes."""
    cache.set(_DOWN, True, _DOWN_SECONDS)


def come_up() -> None:
    cache.delete(_DOWN)


def issue_keys() -> dict[str, Any]:
    """A new pair, as wc-auth posts it."""
    key, secret = f"ck_{new_token(20)}", f"cs_{new_token(20)}"
    made = WooKey.objects.create(fingerprint=fingerprint(f"{key}:{secret}"))
    return {
        "key_id": made.pk,
        "user_id": "homeward",
        "consumer_key": key,
        "consumer_secret": secret,
        "key_permissions": "read_write",
    }


def knows(authorization: str) -> bool:
    """Whether these are keys of the shop ("Basic …")."""
    method, _, encoded = authorization.partition(" ")
    try:
        pair = base64.b64decode(encoded, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return False
    known = WooKey.objects.filter(fingerprint=fingerprint(pair))
    return method.lower() == "basic" and known.exists()


def as_json(order: WooOrder) -> dict[str, Any]:
    """The order as the REST API and the webhooks give it."""
    times = {
        "date_created_gmt": stamp(order.placed_at),
        "date_modified_gmt": stamp(order.changed_at),
    }
    values: dict[str, Any] = order.values
    return values | times


def buy(*, now: datetime) -> WooOrder:
    """Somebody buys something; everybody who has a webhook is told."""
    last = WooOrder.objects.aggregate(last=Max("pk"))["last"] or FIRST_NUMBER
    number = last + 1
    values = new_order(number, at=now, dice=random.Random(number))  # noqa: S311 - not a secret
    order = WooOrder.objects.create(pk=number, placed_at=now, changed_at=now, values=values)
    tell(order, "order.created")
    return order


def tell(order: WooOrder, topic: str) -> None:
    """Post the signed webhooks. Outside of transactions: the answer is our own server's."""
    body = json.dumps(as_json(order)).encode()
    for hook in WooHook.objects.filter(topic=topic, status="active"):
        headers = {
            "content-type": "application/json",
            "x-wc-webhook-topic": topic,
            "x-wc-webhook-signature": hmac_base64(body, hook.secret),
            "x-wc-webhook-delivery-id": new_token(),
            "x-wc-webhook-source": f"{settings.BASE_URL}{PATH}/",
        }
        try:
            post(hook.delivery_url, body, headers)
        except NotTaken as problem:
            log.warning("the demonstration's webhook was not taken: %s", problem)


def is_ours(url: str) -> bool:
    """Whether an address lies on this server: the played shop calls and sends nowhere else."""
    return url.startswith(f"{settings.BASE_URL}/")
