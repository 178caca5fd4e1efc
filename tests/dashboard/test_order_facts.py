"""What an order says beside its parcels, on its page."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from merchants.models import Merchant, Role
from merchants.scope import merchant_scope
from stores.ingest import save_order
from stores.vocabulary import (
    Address,
    Consent,
    Item,
    OrderUpdate,
    Origin,
    Person,
    Refund,
    TimeWish,
)
from tests.dashboard.conftest import SignIn
from tests.factories import NOW

FULL: dict[str, Any] = {
    "placed_at": NOW,
    "customer": Person("Sara", "sara@shopper.example", "+971501234567"),
    "destination": Address(
        "AE", name="Omar", line1="Street 4", city="Dubai", district="Al Quoz", phone="0507654321",
        makani="٣٠٠٠٠٠٠٠٠٠", what3words="one.two.three", pin=(25.1, 55.2),
    ),
    "items": (Item("Brass lamp", 2, "l1"),),
    "currency": "AED",
    "total": Decimal(120),
    "cod_amount": Decimal(120),
    "payment_method": "cash",
    "ship_from": Origin("Al Quoz store", city="Dubai", country="AE"),
    "wish": TimeWish(date(2026, 11, 14), time(17), time(20), "Ring twice"),
    "consents": (Consent("whatsapp", "tracking", True, "checkout", NOW),),
    "refunds": (Refund("r1", Decimal(20), datetime(2026, 11, 12, 9, tzinfo=UTC), "A scratch",
                       (("l1", 1),)),),
    "is_gift": True,
    "replaces": "6",
    "shop_status": "picked",
}  # fmt: skip


@pytest.fixture
def page(merchant: Merchant, sign_in: SignIn) -> Any:
    with merchant_scope(merchant.pk):
        save_order(
            merchant=merchant, source="api", now=NOW,
            update=OrderUpdate(external_id="6", number="#6", destination=Address("AE")),
        )  # fmt: skip
        update = OrderUpdate(external_id="7", number="#7", **FULL)
        order = save_order(merchant=merchant, source="api", update=update, now=NOW).order
    client: Client = sign_in(Role.VIEWER)
    return client.get(f"/app/noor/orders/{order.pk}/")


def rows(page: Any, name: str) -> dict[str, tuple[str, str]]:
    return {
        str(row["label"]): (str(row["value"]), str(row.get("why", "")))
        for row in page.context[name]
    }


def test_facts_say_payment_origin_wish_and_gift(page: Any) -> None:
    facts = rows(page, "facts")
    assert facts["Total"] == ("AED\xa0120.00", "cash")
    assert facts["To pay on delivery"] == ("AED\xa0120.00", "")
    assert facts["Sent from"] == ("Al Quoz store", "Dubai, United Arab Emirates")
    assert facts["Wished for"] == ("Sat 14 Nov, 5:00 pm – 8:00 pm", "Ring twice")
    assert facts["Gift"] == ("Yes", "The receiver sees no prices.")
    assert facts["Status in the shop"] == ("picked", "")
    assert facts["Replaces order"] == ("#6", "")


def test_address_names_the_receiver_codes_and_the_map(page: Any) -> None:
    address = page.context["address"]
    assert (address["name"], address["phone"]) == ("Omar", "0507654321")
    assert address["lines"] == ["Street 4", "Al Quoz", "Dubai"]
    assert [(str(code["label"]), code["value"]) for code in address["codes"]] == [
        ("Makani", "3000000000"), ("what3words", "one.two.three"),
    ]  # fmt: skip
    shown = page.content.decode()
    assert "https://www.openstreetmap.org/?mlat=25.1&amp;mlon=55.2#map=17/25.1/55.2" in shown


def test_refunds_and_consents_stand_with_their_reasons(page: Any) -> None:
    assert list(rows(page, "refunds").values()) == [("AED\xa020.00", "A scratch · 1 × Brass lamp")]
    (consent,) = rows(page, "consents").items()
    assert (consent[0], consent[1][0]) == ("WhatsApp · News of the order", "Agreed")
    assert consent[1][1].startswith("checkout · ")
