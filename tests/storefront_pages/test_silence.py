"""What a silent parcel's page says of how long no scan is usual."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client

from merchants.models import Merchant
from merchants.scope import merchant_scope
from tests.storefront_pages import scenes
from tests.storefront_pages.test_headings import frozen, heading, read, texts
from tests.tracking.taught import teach
from tracking.gap_history import forget
from tracking.ingest import review
from tracking.models import Order, Shipment

__all__ = ["frozen"]

HEADING = "No new scan since Monday, which is usual on this route"


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    forget()
    yield
    forget()


def silent(merchant: Merchant) -> Order:
    """Nothing for 70 hours, looked at again now."""
    order = scenes.silent(merchant)
    review(Shipment.objects.values_list("pk", flat=True), now=scenes.NOW)
    return order


def test_usual_silence_is_told_in_figures(client: Client, merchant: Merchant) -> None:
    teach(merchant.pk, carrier="aramex", typical=50)
    page = read(client, merchant, silent, "en")
    assert heading(page) == HEADING
    assert texts(page, "answer__lead") == [
        "At this stage, 9 of 10 parcels on this route are heard of again within 4 days. "
        "Last seen in Dubai."
    ]
    with merchant_scope(merchant.pk):
        Order.objects.all().delete()
    assert texts(read(client, merchant, silent, "ar"), "answer__lead") == [
        "في هذه المرحلة، يصل تحديث جديد عن 9 من كل 10 شحنات في هذا المسار خلال 4 أيام. "
        "آخر موقع معروف لها: دبي."
    ]


def test_few_data_give_no_figures(client: Client, merchant: Merchant) -> None:
    teach(merchant.pk, carrier="aramex", typical=50, gaps=40)
    page = read(client, merchant, silent, "en")
    assert (heading(page), texts(page, "answer__lead")) == (HEADING, ["Last seen in Dubai."])


def test_longer_than_9_of_10_is_not_said_to_be_among_them(
    client: Client, merchant: Merchant
) -> None:
    """Between the ninth and the nineteenth: usual still, and no figure says so."""
    teach(merchant.pk, carrier="aramex", typical=38)
    page = read(client, merchant, silent, "en")
    assert (heading(page), texts(page, "answer__lead")) == (HEADING, ["Last seen in Dubai."])


def test_too_long_a_silence_names_the_measure(client: Client, merchant: Merchant) -> None:
    teach(merchant.pk, carrier="aramex", typical=20)
    page = read(client, merchant, silent, "en")
    assert heading(page) == "No new scan since Mon 9 Nov, which is longer than usual"
    assert texts(page, "answer__lead") == [
        "At this stage, 9 of 10 parcels on this route are heard of again within 2 days. "
        "The shop can ask the carrier."
    ]


def test_question_answers_with_the_same_figure(client: Client, merchant: Merchant) -> None:
    teach(merchant.pk, carrier="aramex", typical=50)
    page = read(client, merchant, silent, "en")
    assert "9 of 10 parcels on this route are heard of again within 4 days." in page
    assert "a pause of up to" not in page
