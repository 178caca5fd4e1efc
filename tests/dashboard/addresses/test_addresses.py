"""Addresses in the dashboard: what lacks, correcting it, the list, the to-do and the settings."""

from __future__ import annotations

from typing import Any

import pytest

from merchants.models import AuditEntry, Merchant, Role
from merchants.scope import merchant_scope
from stores.address_answers import fill_in
from tests import factories
from tests.dashboard.conftest import SignIn
from tests.factories import NOW
from tracking.address_check import check_addresses, checks_of, parts_of, policy_of
from tracking.models import AddressCheck, Order, Shipment

SETTINGS = "/app/noor/settings/addresses/"
RIYADH = {
    "country": "SA", "line1": "Imam Saud Road", "city": "Riyadh", "customer_phone": "0551234567",
}  # fmt: skip
TYPED = {
    "line1": "Imam Saud Road", "line2": "", "district": "Al Muruj", "city": "Riyadh", "region": "",
    "postcode": "12281", "national_address": "RRMA8228", "phone": "0551234567", "landmark": "",
    "place": "24.7, 46.6",
}  # fmt: skip


@pytest.fixture
def order(merchant: Merchant) -> Order:
    return order_of(merchant, number="2001", **RIYADH)


def order_of(merchant: Merchant, **fields: Any) -> Order:
    with merchant_scope(merchant.pk):
        made = factories.order(merchant, **fields)
        check_addresses([made], checks_of([made]), now=NOW)
        return made


def page(sign_in: SignIn, path: str, role: Role = Role.OWNER) -> str:
    return sign_in(role).get(f"/app/noor/{path}").content.decode()


def test_order_says_what_is_missing_and_that_it_was_asked(sign_in: SignIn, order: Order) -> None:
    html = page(sign_in, f"orders/{order.pk}/")
    assert "57 of 100" in html
    assert "National Address: missing" in html
    assert "Customer asked on Thu 12 Nov" in html
    assert "The customer was asked to complete the address" in html


def test_answer_of_the_customer_is_shown(sign_in: SignIn, merchant: Merchant, order: Order) -> None:
    with merchant_scope(merchant.pk):
        fill_in(
            order=order, now=NOW, parts=type(parts_of(order))("SA", national_address="RRMA8228")
        )
    html = page(sign_in, f"orders/{order.pk}/")
    assert "Answered on Thu 12 Nov" in html
    assert "The customer completed the address" in html
    assert '<bdi dir="ltr">RRMA8228</bdi>' in html


def test_member_corrects_the_address(sign_in: SignIn, merchant: Merchant, order: Order) -> None:
    response = sign_in(Role.AGENT).post(f"/app/noor/orders/{order.pk}/address/", TYPED)
    assert response.status_code == 303
    with merchant_scope(merchant.pk):
        after = Order.objects.get()
        assert (after.district, after.postcode, after.latitude) == ("Al Muruj", "12281", 24.7)
        check = AddressCheck.objects.get()
        assert (check.score, str(check.answered_by)) == (100, "agent@noor.example")
        entry = AuditEntry.objects.get()
        assert (entry.action, entry.subject, entry.detail) == (
            "order.address_corrected", "2001", {},
        )  # fmt: skip


def test_correction_is_never_refused_for_how_it_looks(
    sign_in: SignIn, merchant: Merchant, order: Order
) -> None:
    odd = TYPED | {"postcode": "12", "national_address": "RRM", "phone": "1", "place": ""}
    assert sign_in().post(f"/app/noor/orders/{order.pk}/address/", odd).status_code == 303
    with merchant_scope(merchant.pk):
        after = Order.objects.get()
        assert (after.postcode, after.national_address, after.customer_phone) == ("12", "RRM", "1")
        assert AddressCheck.objects.get().lacks_must


def test_place_that_cannot_be_read_stays_in_the_form(
    sign_in: SignIn, merchant: Merchant, order: Order
) -> None:
    typed = TYPED | {"place": "https://maps.app.goo.gl/AbC"}
    response = sign_in().post(f"/app/noor/orders/{order.pk}/address/", typed)
    html = response.content.decode()
    assert (response.status_code, 'value="https://maps.app.goo.gl/AbC"' in html) == (400, True)
    with merchant_scope(merchant.pk):
        assert Order.objects.get().postcode == ""


def test_score_follows_what_is_typed_and_keeps_nothing(
    sign_in: SignIn, merchant: Merchant, order: Order
) -> None:
    path = f"/app/noor/orders/{order.pk}/address/score/"
    client = sign_in()
    assert "100 of 100" in client.post(path, TYPED).content.decode()
    html = client.post(path, TYPED | {"phone": "12"}).content.decode()
    assert "Phone number: what was typed cannot be right" in html
    with merchant_scope(merchant.pk):
        assert Order.objects.get().postcode == ""


def test_address_of_a_parcel_on_its_way_has_no_form(
    sign_in: SignIn, merchant: Merchant, order: Order
) -> None:
    with merchant_scope(merchant.pk):
        factories.shipment(merchant, order=order)
        Shipment.objects.update(status="in_transit")
        Order.objects.update(status="in_transit")
    assert "Correct the address" not in page(sign_in, f"orders/{order.pk}/")
    sign_in(Role.AGENT).post(f"/app/noor/orders/{order.pk}/address/", TYPED)
    with merchant_scope(merchant.pk):
        assert Order.objects.get().postcode == ""


def test_list_and_home_lead_to_incomplete_addresses(
    sign_in: SignIn, merchant: Merchant, order: Order
) -> None:
    order_of(merchant, number="2002", **(RIYADH | {"national_address": "RRMA8228"}))
    html = page(sign_in, "orders/?view=address")
    assert (">2001<" in html, ">2002<" in html) == (True, False)
    assert "National Address: missing" in html
    home = page(sign_in, "", Role.ADMIN)
    assert "1 order waits with an address that no courier can use" in home
    assert "/app/noor/orders/?view=address" in home


def test_levels_are_kept_by_country_and_written_down(
    sign_in: SignIn, merchant: Merchant, order: Order
) -> None:
    posted = {"asks": "on", "level_national_address": "helps", "level_city": "must",
              "level_phone": "must", "level_spot": "ignore"}  # fmt: skip
    response = sign_in().post(f"{SETTINGS}?country=SA", posted)
    assert response.headers["Location"] == f"{SETTINGS}?country=SA"
    with merchant_scope(merchant.pk):
        assert policy_of().levels == {"SA": {"national_address": "helps", "spot": "ignore"}}
        assert not AddressCheck.objects.get().lacks_must
        assert AuditEntry.objects.get().action == "addresses.changed"
    usual = {"level_national_address": "must", "level_spot": "helps"}
    sign_in(Role.ADMIN).post(f"{SETTINGS}?country=SA", usual)
    with merchant_scope(merchant.pk):
        assert (policy_of().levels, policy_of().asks) == ({}, False)


def test_settings_are_found_from_order_and_messages(sign_in: SignIn, order: Order) -> None:
    client = sign_in()
    for path in (f"orders/{order.pk}/", "messages/rules/"):
        assert SETTINGS in client.get(f"/app/noor/{path}").content.decode()
    html = client.get(f"{SETTINGS}?country=IN").content.decode()
    assert ("<h2>India</h2>" in html, "PIN code" in html) == (True, True)
