"""Mail that shoppers send us: taken from anymail, which proved where it comes from.

https://anymail.dev/en/stable/inbound/ and https://anymail.dev/en/stable/tips/securing_webhooks/
"""

from __future__ import annotations

import hashlib
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone

from hooks.channel_hooks import MAIL, deliveries
from hooks.doorbell import ring
from inbox.receive import receive
from merchants.scope import merchant_scope
from notifications.answers import mail


def on_inbound(sender: object, event: Any, esp_name: str, **kwargs: object) -> None:
    """Receiver of anymail's `inbound` signal; `event` is an AnymailInboundEvent.

    The new words are stored, without files and history, for each merchant that they concern; a
    worker reads them. What concerns nobody is not kept.
    """
    said = mail.read_mail(event.message)
    # A provider that posts twice may give the event another id, but never the mail.
    key = hashlib.sha256(f"{said.number}\n{said.provider_id}".encode()).hexdigest()
    now = timezone.now()
    for merchant_id, inbound in deliveries(
        slug=MAIL, said=said, unique_key=key, headers={}, body=mail.dump(said)
    ):
        if merchant_id is None:
            continue
        with merchant_scope(merchant_id):
            received = receive(merchant_id=merchant_id, inbound=inbound, now=now)
            if received.is_new:
                transaction.on_commit(partial(ring, received.delivery_id))
