"""The table of silence on a carrier's page."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from carriers.models import CarrierAccount
from merchants.models import Merchant, Role
from merchants.scope import merchant_scope
from tests.dashboard.conftest import SignIn, scanned
from tests.tracking.taught import teach
from tracking.gap_history import forget


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    forget()
    yield
    forget()


def account(merchant: Merchant, carrier: str = "aramex") -> str:
    with merchant_scope(merchant.pk):
        made = CarrierAccount.objects.create(merchant=merchant, carrier=carrier)
    return f"/app/{merchant.slug}/carriers/{made.pk}/"


def rows(sign_in: SignIn, url: str) -> list[tuple[str, ...]]:
    groups = sign_in(Role.VIEWER).get(url).context["silence"]
    names = ("where", "half", "most", "scans")
    return [
        (group["stage"], *(row[name] for name in names))
        for group in groups
        for row in group["rows"]
    ]


def test_stages_and_own_lanes_are_listed(merchant: Merchant, sign_in: SignIn) -> None:
    with merchant_scope(merchant.pk):
        scanned(merchant, (5, "PU", "transit.generic"), carrier="aramex", country="SA")
    teach(merchant.pk, carrier="aramex", lane="AE>SA", typical=30)
    teach(merchant.pk, carrier="aramex", lane="AE>SA", stage="customs", typical=60)
    assert rows(sign_in, account(merchant)) == [
        ("In transit", "All lanes", "31 hours", "3 days", "300"),
        ("In transit", "United Arab Emirates to Saudi Arabia", "31 hours", "3 days", "300"),
        ("Customs", "All lanes", "3 days", "5 days", "300"),
        ("Customs", "United Arab Emirates to Saudi Arabia", "3 days", "5 days", "300"),
    ]


def test_what_a_neighbour_alone_has_taught_is_not_shown(
    merchant: Merchant, other: Merchant, sign_in: SignIn
) -> None:
    with merchant_scope(merchant.pk):
        scanned(merchant, (5, "PU", "transit.generic"), carrier="aramex")
    teach(other.pk, carrier="aramex")
    assert rows(sign_in, account(merchant)) == []


def test_without_figures_the_page_says_why(merchant: Merchant, sign_in: SignIn) -> None:
    page = sign_in(Role.VIEWER).get(account(merchant)).content.decode()
    assert "Too few scans to tell yet." in page


def test_hub_has_parcels_of_many_carriers_and_no_table(merchant: Merchant, sign_in: SignIn) -> None:
    page = sign_in(Role.VIEWER).get(account(merchant, "ship24")).content.decode()
    assert "How long it is silent" not in page
