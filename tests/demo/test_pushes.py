"""The demonstration's own van: what it pushes is signed, believed, and doubted where it must be."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from carriers import registry
from carriers.updates import Cash, Courier
from demo import pushes
from lib.signing import new_webhook_secret
from merchants.models import Merchant
from merchants.scope import merchant_scope
from tests import factories
from tracking.carrier_accounts import connect_account
from tracking.details import read_details
from tracking.models import Event, Shipment


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch, client: Client) -> list[int]:
    """Status codes of our own hook, which is asked without a server."""
    found: list[int] = []

    def post(url: str, body: bytes, headers: Mapping[str, str]) -> None:
        path = urlsplit(url).path
        answer = client.post(path, body, "application/json", headers=dict(headers))
        found.append(answer.status_code)

    monkeypatch.setattr(pushes, "post", post)
    return found


def test_van_and_wrong_label_are_told_once(
    merchant: Merchant,
    sent: list[int],
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    now = timezone.now()
    with merchant_scope(merchant.pk):
        connect_account(
            merchant=merchant,
            carrier=registry.get("own_fleet"),
            secrets={"signing_secret": new_webhook_secret()},
        )
        order = factories.order(merchant, placed_at=now, cod_amount=420)
        for script in ("van", "ghost"):
            factories.shipment(
                merchant, order=order, carrier="own_fleet", external_id=f"9-0-{script}", now=now
            )
    with django_capture_on_commit_callbacks(execute=True):
        assert pushes.push_waiting(now=now) == 2
    assert (sent, pushes.push_waiting(now=now)) == ([200, 200], 0)
    with merchant_scope(merchant.pk):
        van, ghost = Shipment.objects.order_by("pk")
        doubts = list(Event.objects.exclude(quarantined="").values_list("quarantined", flat=True))
    assert (van.status, ghost.status, doubts) == (
        "out_for_delivery", "info_received", ["ghost_delivery"],
    )  # fmt: skip
    details = read_details(van.details)
    assert (details.courier, details.cash) == (
        Courier("Yousef", "+971501110022"), Cash(Decimal("420.000"), "AED"),
    )  # fmt: skip
