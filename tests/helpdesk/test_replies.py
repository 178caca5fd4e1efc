"""The replies: every state has its text in both languages, and says what is true."""

from __future__ import annotations

from typing import Any

import pytest

from helpdesk.replies import Inquiry, customer_language, reply
from lib.vocabulary import SUB_STATUSES
from merchants.models import Merchant
from tests import factories
from tests.factories import NOW
from tests.helpdesk.parcels import scanned
from tracking.models import Recipient, Shipment

LINK = "https://homeward.example/p/noor/t/abc/"


def _inquiry(merchant: Merchant, *parcels: Shipment, **fields: Any) -> Inquiry:
    order = parcels[0].order if parcels else factories.order(merchant, number="#1042", **fields)
    buyer = Recipient.objects.get(order=order)
    return Inquiry(merchant, order, parcels, buyer, LINK, NOW)


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("sub_status", sorted(SUB_STATUSES))
def test_every_state_has_a_whole_text(scope: Merchant, sub_status: str, language: str) -> None:
    parcel = factories.shipment(scope, number="#1042", now=NOW, carrier="aramex")
    Shipment.objects.filter(pk=parcel.pk).update(
        status=SUB_STATUSES[sub_status].status, sub_status=sub_status, status_at=NOW
    )
    parcel.refresh_from_db()
    text = reply(_inquiry(scope, parcel), language)
    paragraphs = text.split("\n\n")
    assert len(paragraphs) == 5
    assert (LINK in paragraphs[3], "%" in text, "None" in text) == (True, False, False)
    latin = sum(char.isascii() and char.isalpha() for char in paragraphs[2])
    assert (latin < 30) == (language == "ar"), paragraphs[2]


def test_reply_for_a_failed_attempt_is_exactly_this(scope: Merchant) -> None:
    parcel = scanned(
        scope,
        (20, "picked_up.accepted"),
        (2, "attempt.nobody_home"),
        number="#1042",
        carrier="aramex",
    )
    window = reply(_inquiry(scope, parcel), "en").split("We expect it ")[1].split(".")[0]
    assert reply(_inquiry(scope, parcel), "en") == (
        "Hello Sara Al Mansoori,\n\n"
        "thank you for your message about order #1042.\n\n"
        "Aramex says it could not deliver today. Choose another time, or tell us if nobody came. "
        f"We expect it {window}. "
        "An answer to this message is enough: I will pass the day on, or take it up with Aramex."
        "\n\n"
        f"You can follow every step here:\n{LINK}\n\n"
        "Warm regards\nNoor Home"
    )


def test_reply_without_a_parcel_speaks_of_the_order(scope: Merchant) -> None:
    text = reply(_inquiry(scope), "en")
    assert text.split("\n\n")[2] == (
        "We have your order. The page below shows it as soon as it is on its way."
    )


def test_reply_of_two_parcels_names_each(scope: Merchant) -> None:
    late = scanned(scope, (20, "picked_up.accepted"), tracking_number="A1")
    here = scanned(
        scope, (20, "picked_up.accepted"), (1, "delivered.generic"), tracking_number="B2",
        order=late.order,
    )  # fmt: skip
    paragraphs = reply(_inquiry(scope, late, here), "en").split("\n\n")
    assert [part.split(":")[0] for part in paragraphs[2:4]] == ["Parcel A1", "Parcel B2"]


def test_silent_parcel_is_said_to_be_silent(scope: Merchant) -> None:
    parcel = scanned(scope, (24 * 8, "transit.generic"), carrier="aramex")
    assert parcel.stalled
    said = reply(_inquiry(scope, parcel), "en").split("\n\n")[2]
    assert said.endswith(
        "It has not been scanned since Wednesday 4 November, which is longer than usual. I am "
        "asking Aramex where it is and will write to you again."
    )


def test_cash_on_delivery_is_named_while_it_is_out(scope: Merchant) -> None:
    parcel = scanned(scope, (20, "picked_up.accepted"), (2, "out.on_vehicle"), cod_amount="149.00")
    said = reply(_inquiry(scope, parcel), "en").split("\n\n")[2]
    assert said.endswith("To pay on delivery: AED\N{NO-BREAK SPACE}149.00.")


@pytest.mark.parametrize(
    ("own", "shop", "chosen"), [("ar-AE", "en", "ar"), ("", "ar", "ar"), ("fr", "en", "en")]
)
def test_customer_is_answered_in_their_language(
    scope: Merchant, own: str, shop: str, chosen: str
) -> None:
    scope.default_language = shop
    order = factories.order(scope, language=own)
    buyer = Recipient.objects.get(order=order)
    assert customer_language(merchant=scope, order=order, buyer=buyer) == chosen


def test_arabic_amount_does_not_end_in_two_stops(scope: Merchant) -> None:
    parcel = scanned(scope, (20, "picked_up.accepted"), (2, "out.on_vehicle"), cod_amount="149.00")
    said = reply(_inquiry(scope, parcel), "ar").split("\n\n")[2]
    assert [said.count("د.إ."), said.count("..")] == [1, 0]
