"""Every cell of the table, asked of the real page."""

from __future__ import annotations

from typing import Any

import pytest

from merchants.models import Merchant
from merchants.scope import merchant_scope
from storefront_pages.access import POLICY, Access, Holder, Part, Tier, holder_of
from tests.notifications.phones import SMS_FROM, switch_on
from tests.storefront_pages.visits import DONE, SHOWN, sees

#: A number alone, and a look-up, say nothing of who asks: whose page it is follows from the order.
CELLS = [
    (tier, holder, part)
    for tier in Tier
    for holder in Holder
    for part in Part
    if tier is not Tier.NUMBER or holder is Holder.BUYER
]


@pytest.fixture
def open_shop(merchant: Merchant, settings: Any) -> Merchant:
    """A shop that allows whatever a merchant may allow, and writes text messages."""
    settings.TWILIO_ACCOUNT_SID, settings.TWILIO_SMS_FROM = "AC0", SMS_FROM
    Merchant.objects.filter(pk=merchant.pk).update(shows_by_number=True, lets_change_address=True)
    with merchant_scope(merchant.pk):
        switch_on(merchant, "sms")
    merchant.refresh_from_db()
    return merchant


def test_every_part_is_in_the_table_and_asked_for_once() -> None:
    assert set(POLICY) == set(Part) == {*SHOWN, *DONE}
    assert {*SHOWN} & {*DONE} == set()


@pytest.mark.parametrize(("tier", "holder", "part"), CELLS)
def test_page_does_what_the_cell_says(
    open_shop: Merchant, tier: Tier, holder: Holder, part: Part
) -> None:
    done = (
        sees(open_shop, part, tier=tier, holder=holder)
        if part in SHOWN
        else DONE[part](open_shop, tier=tier, holder=holder)
    )
    assert done == Access(tier, holder).may(part)


def test_roles_of_a_present_are_told_apart() -> None:
    roles = ["", "buyer", "receiver", "front_desk"]
    assert [holder_of(role, is_gift=False).value for role in roles] == [
        "buyer", "buyer", "receiver", "front_desk",
    ]  # fmt: skip
    assert holder_of("receiver", is_gift=True) is Holder.GIFTED
