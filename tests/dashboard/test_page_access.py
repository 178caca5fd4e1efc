"""The rules of who sees a customer's page, and closing one order's links."""

from __future__ import annotations

import pytest
from django.test import Client

from merchants.models import AuditEntry, Merchant, Role
from merchants.scope import merchant_scope
from tests import factories
from tracking.links import link_for, page_path
from tracking.models import Order

URL = "/app/noor/settings/page-access/"


@pytest.fixture
def owner(client: Client, merchant: Merchant) -> Client:
    client.force_login(factories.user(merchant))
    return client


@pytest.fixture
def order(merchant: Merchant) -> Order:
    with merchant_scope(merchant.pk):
        return factories.order(merchant)


def test_rules_are_kept_and_written_down(owner: Client, merchant: Merchant) -> None:
    Merchant.objects.filter(pk=merchant.pk).update(links_last_days=60)
    answer = owner.post(URL, {"links_last_days": "90", "shows_by_number": "on"})
    merchant.refresh_from_db()
    assert (answer.status_code, merchant.links_last_days, merchant.shows_by_number) == (
        303, 90, True,
    )  # fmt: skip
    assert merchant.lets_change_address is False
    with merchant_scope(merchant.pk):
        entry = AuditEntry.objects.get(action="page_access.changed")
    assert entry.detail == {"links_last_days": [60, 90], "shows_by_number": [False, True]}


@pytest.mark.parametrize("days", ["0", "-1", "", "4000", "soon"])
def test_days_that_are_none_are_refused(owner: Client, merchant: Merchant, days: str) -> None:
    answer = owner.post(URL, {"links_last_days": days, "shows_by_number": "on"})
    merchant.refresh_from_db()
    assert (answer.status_code, merchant.shows_by_number) == (400, False)


def test_all_is_off_at_first(owner: Client, merchant: Merchant) -> None:
    page = owner.get(URL).content.decode()
    assert page.count('role="switch"') == 2
    assert " checked" not in page


def test_agent_does_not_change_the_rules(client: Client, merchant: Merchant) -> None:
    client.force_login(factories.user(merchant, role=Role.AGENT))
    assert client.get(URL).status_code == 403


def test_rules_are_reached_from_the_addresses_and_the_order(owner: Client, order: Order) -> None:
    for page in ("/app/noor/settings/addresses/", f"/app/noor/orders/{order.pk}/"):
        assert f'href="{URL}"' in owner.get(page).content.decode()


def test_links_of_an_order_are_closed(owner: Client, merchant: Merchant, order: Order) -> None:
    with merchant_scope(merchant.pk):
        path = page_path(link_for(order=order), merchant=merchant)
    assert owner.get(path).status_code == 200
    url = f"/app/noor/orders/{order.pk}/links/close/"
    assert f'action="{url}"' in owner.get(f"/app/noor/orders/{order.pk}/").content.decode()
    assert owner.post(url).status_code == 303
    assert owner.get(path).status_code == 404
    with merchant_scope(merchant.pk):
        entry = AuditEntry.objects.get(action="order.links_closed")
    assert (entry.subject, entry.detail) == (order.number, {"links": 1})


def test_viewer_closes_nothing(client: Client, merchant: Merchant, order: Order) -> None:
    client.force_login(factories.user(merchant, role=Role.VIEWER))
    assert client.post(f"/app/noor/orders/{order.pk}/links/close/").status_code == 403
