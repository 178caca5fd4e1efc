"""The desk says what an order's address lacks, and what was answered."""

from __future__ import annotations

from django.test import Client

from merchants.models import Merchant, Role
from merchants.scope import merchant_scope
from tests import factories
from tests.factories import NOW
from tracking.address_check import check_addresses, checks_of


def test_desk_shows_the_check_to_agents_alone(client: Client, merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        order = factories.order(
            merchant, country="SA", line1="Imam Saud Road", city="Riyadh", district="Al Muruj"
        )
        check_addresses([order], checks_of([order]), now=NOW)
    seen = {}
    for role in (Role.AGENT, Role.VIEWER):
        client.force_login(factories.user(merchant, role=role, email=f"{role}@noor.example"))
        html = client.get(f"/desk/noor/orders/{order.pk}/").content.decode()
        seen[role] = ("National Address: missing" in html, "Al Muruj" in html)
    assert seen == {Role.AGENT: (True, True), Role.VIEWER: (False, False)}
