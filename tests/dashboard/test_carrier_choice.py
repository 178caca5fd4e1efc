"""Which carriers the page of all of them shows first."""

from __future__ import annotations

from django.utils import timezone

from carriers import registry
from carriers.models import CarrierAccount
from merchants.models import Merchant, Role
from merchants.scope import merchant_scope
from tests import factories
from tests.dashboard.conftest import SignIn

URL = "/app/noor/carriers/connect/"


def test_carriers_of_the_shops_markets_come_first(merchant: Merchant, sign_in: SignIn) -> None:
    with merchant_scope(merchant.pk):
        factories.shipment(merchant, carrier="aramex", now=timezone.now(), country="IN")
        CarrierAccount.objects.create(merchant=merchant, carrier="canadapost")
    context = sign_in(Role.ADMIN).get(URL).context
    near = [one["name"] for one in context["near"]]
    others = [one["name"] for one in context["carriers"]]
    assert {"Quiqup", "Delhivery", "Canada Post"} <= set(near)
    assert near.index("Quiqup") < near.index("Delhivery")
    assert others == sorted(others, key=str.casefold)
    assert not set(near) & set(others)


def test_search_narrows_both_parts(merchant: Merchant, sign_in: SignIn) -> None:
    context = sign_in(Role.ADMIN).get(URL, {"q": "purol"}).context
    names = [one["name"] for one in [*context["near"], *context["carriers"]]]
    assert names == [registry.get("purolator").name]
