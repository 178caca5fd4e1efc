"""The demonstration's program: it believes what is signed."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from demo.webhooks import listen
from merchants.models import Merchant
from merchants.scope import merchant_scope
from notifications.webhooks import endpoints, sending


def test_program_hears_what_is_signed_and_nothing_else(
    merchant: Merchant, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OUTBOUND_ALLOW", "demo.example:80")
    now = timezone.now()
    made = listen(merchant, base_url="http://demo.example", now=now)
    assert listen(merchant, base_url="http://demo.example", now=now).pk == made.pk
    with merchant_scope(merchant.pk):
        endpoints.send_test(made, now=now)
    (parcel,) = sending.claim(now=now, busy=[], most=1)
    path = parcel.url.removeprefix("http://demo.example")

    def posted(body: bytes) -> int:
        answer = client.post(
            path, body, content_type="application/json", headers=dict(parcel.headers)
        )
        return answer.status_code

    assert (posted(parcel.body), posted(parcel.body + b" ")) == (204, 401)
