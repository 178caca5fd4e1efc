"""The replies: every state has its text in both languages, and says what is true."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from helpdesk.cases import open_case
from helpdesk.replies import Inquiry, customer_language, reply
from lib.vocabulary import SUB_STATUSES, Status
from merchants.models import Merchant
from tests import factories
from tests.factories import NOW
from tests.helpdesk.parcels import scanned
from tracking.answers import Wish, take_wish
from tracking.models import Recipient, Shipment

LINK = "https://homeward.example/p/noor/t/abc/"


def _inquiry(merchant: Merchant, *parcels: Shipment, **fields: Any) -> Inquiry:
    order = parcels[0].order if parcels else factories.order(merchant, number="#1042", **fields)
    buyer = Recipient.objects.get(order=order)
    return Inquiry(merchant, order, parcels, buyer, LINK, NOW)


@pytest.fixture
def parcel(scope: Merchant) -> Shipment:
    return factories.shipment(scope, number="#1042", now=NOW, carrier="aramex")


def told(parcel: Shipment, language: str, **state: object) -> str:
    """The reply once the parcel is in this state."""
    Shipment.objects.filter(pk=parcel.pk).update(status_at=NOW, **state)
    parcel.refresh_from_db()
    return reply(_inquiry(parcel.merchant, parcel), language)


# One parcel goes through all states: made anew for each, they took half a minute.


@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_state_has_a_whole_text(parcel: Shipment, language: str) -> None:
    for code, meaning in SUB_STATUSES.items():
        text = told(parcel, language, status=meaning.status, sub_status=code)
        paragraphs = text.split("\n\n")
        assert len(paragraphs) == 5, code
        assert (LINK in paragraphs[3], "%" in text, "None" in text) == (True, False, False), code
        latin = sum(char.isascii() and char.isalpha() for char in paragraphs[2])
        assert (latin < 30) == (language == "ar"), (code, paragraphs[2])


PROMISES = ("promise", "guarantee", "certainly", "will arrive", "will be delivered", "نضمن")


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("flag", ["plain", "delayed", "stalled", "disputed"])
def test_every_status_and_flag_has_a_reply_that_can_be_kept(
    parcel: Shipment, flag: str, language: str
) -> None:
    flags = {name: name == flag for name in ("delayed", "stalled", "disputed")}
    for status in Status:
        code = next(row.code for row in SUB_STATUSES.values() if row.status is status)
        text = told(parcel, language, status=status, sub_status=code, **flags)
        assert text == reply(_inquiry(parcel.merchant, parcel), language), status
        said = text
        for name in (LINK, "Noor Home", "Sara Al Mansoori", parcel.tracking_number):
            said = said.replace(name, "")
        assert ("%(" in text, "None" in text, bool(re.search("[A-Za-z]", said))) == (
            False, False, language == "en",
        ), status  # fmt: skip
        assert [word for word in PROMISES if word in text] == [], status


@pytest.mark.parametrize(
    ("state", "by_hand", "said"),
    [
        ("received", True, "You asked for: Sunday 15 November. I am passing it on to Aramex."),
        ("received", False, "You asked for: Sunday 15 November. It is on its way to Aramex."),
        ("accepted", False, "You asked for: Sunday 15 November. It was confirmed by Aramex."),
        (
            "refused", False, "You asked for: Sunday 15 November. It was not possible for Aramex. "
            "Please tell me another day, and I will pass it on.",
        ),
    ],
)  # fmt: skip
def test_reply_knows_what_the_customer_asked_for(
    scope: Merchant, state: str, by_hand: bool, said: str
) -> None:
    parcel = scanned(
        scope, (20, "picked_up.accepted"), (2, "attempt.nobody_home"), carrier="aramex"
    )
    answer, _ = take_wish(shipment=parcel, wish=Wish(day=date(2026, 11, 15)), now=NOW)
    assert answer is not None
    answer.state, answer.by_hand = state, by_hand
    inquiry = replace(_inquiry(scope, parcel), answers=[answer])
    assert reply(inquiry, "en").split("\n\n")[2] == (
        f"The carrier reports that nobody was there. {said}"
    )
    assert not re.search("[A-Za-z]", reply(inquiry, "ar").split("\n\n")[2])


def test_reply_knows_the_customers_case(scope: Merchant) -> None:
    parcel = scanned(scope, (20, "picked_up.accepted"), (2, "delivered.signed"), carrier="aramex")
    case, _ = open_case(
        order=parcel.order, shipment=parcel, kind="not_received", text="Not here", now=NOW
    )
    parcel.refresh_from_db()
    inquiry = replace(_inquiry(scope, parcel), cases=[case])
    assert reply(inquiry, "en").split("\n\n")[2:4] == [
        "Reported as delivered. You told us it did not arrive. I am sorry. I will write to you as "
        "soon as Aramex has answered.",
        "We have your message of Thursday 12 November and are working on it. What comes of it "
        "appears on the page below.",
    ]
    case.state, case.outcome, case.closed_at = "closed", "found", NOW
    assert reply(inquiry, "en").split("\n\n")[3] == (
        "Your message of Thursday 12 November: The parcel was found."
    )


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


def test_reply_names_no_carrier_where_the_shop_names_none(scope: Merchant) -> None:
    parcel = scanned(
        scope, (20, "picked_up.accepted"), (2, "attempt.nobody_home"), carrier="aramex"
    )
    told = replace(_inquiry(scope, parcel), hides_carrier=True)
    text = reply(told, "en")
    assert "The carrier says it could not deliver today." in text
    assert "or take it up with the carrier." in text
    assert "aramex" not in text.casefold()


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
