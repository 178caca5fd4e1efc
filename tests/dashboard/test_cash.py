"""Cash on delivery in the dashboard: the switch, the order's page, its story, the desk."""

from __future__ import annotations

from decimal import Decimal

import pytest

from merchants.models import AuditEntry, Merchant, Role
from merchants.scope import merchant_scope
from tests import factories
from tests.dashboard.conftest import SignIn
from tests.factories import NOW
from tracking.cash import ask_for_cash, asks_for_cash, note_cash_answer, save_cash_policy
from tracking.models import Order

SETTINGS = "/app/noor/settings/cash/"


@pytest.fixture
def order(merchant: Merchant) -> Order:
    with merchant_scope(merchant.pk):
        save_cash_policy(merchant_id=merchant.pk, asks=True, now=NOW)
        made = factories.order(merchant, cod_amount=Decimal(250), hold="on_hold")
        ask_for_cash([made], now=NOW)
        return made


def test_switch_is_kept_and_written_into_the_log(sign_in: SignIn, merchant: Merchant) -> None:
    client = sign_in(Role.ADMIN)
    for posted, expected in (({"asks": "on"}, True), ({}, False)):
        assert client.post(SETTINGS, posted).status_code == 303
        with merchant_scope(merchant.pk):
            assert asks_for_cash() is expected
    with merchant_scope(merchant.pk):
        assert AuditEntry.objects.filter(action="cash.changed").count() == 2


def test_agent_may_not_switch_it(sign_in: SignIn) -> None:
    assert sign_in(Role.AGENT).post(SETTINGS, {"asks": "on"}).status_code == 403


def test_messages_and_addresses_lead_there(sign_in: SignIn) -> None:
    client = sign_in(Role.ADMIN)
    for page in ("messages/rules/", "settings/addresses/"):
        assert f'href="{SETTINGS}"' in client.get(f"/app/noor/{page}").content.decode()


@pytest.mark.parametrize("place", ["/app/noor/orders/{}/", "/desk/noor/orders/{}/"])
def test_order_says_whether_it_stands_and_what_it_waits_for(
    sign_in: SignIn, merchant: Merchant, order: Order, place: str
) -> None:
    client = sign_in(Role.OWNER)
    assert "No answer yet" in client.get(place.format(order.pk)).content.decode()
    with merchant_scope(merchant.pk):
        note_cash_answer(order=order, confirmed=False, now=NOW)
    html = client.get(place.format(order.pk)).content.decode()
    assert "The customer does not want it" in html
    assert "The shop has put it on hold" in html


def test_story_tells_question_and_answer(sign_in: SignIn, merchant: Merchant, order: Order) -> None:
    with merchant_scope(merchant.pk):
        note_cash_answer(order=order, confirmed=True, now=NOW)
    html = sign_in(Role.OWNER).get(f"/app/noor/orders/{order.pk}/").content.decode()
    assert "The customer was asked to confirm the order" in html
    assert "The customer confirmed the order" in html
