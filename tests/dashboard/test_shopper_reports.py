"""What customers say of deliveries and of failed attempts, in the dashboard's reports."""

from __future__ import annotations

import csv
import io
import re

import pytest
from django.test import Client
from django.utils import timezone

from merchants.models import AuditEntry, Merchant, Role, User
from merchants.scope import merchant_scope
from tests.dashboard.conftest import SignIn
from tests.storefront_pages import scenes
from tracking.answers import Wish, settle, take_denial, take_wish
from tracking.feedback import opens_cases, take
from tracking.models import Change, DeliveryAnswer, Feedback, Shipment

FEEDBACK = "/app/noor/reports/feedback/"
ATTEMPTS = "/app/noor/reports/attempts/"


@pytest.fixture
def judged(merchant: Merchant) -> Merchant:
    """Two deliveries judged with 1 and 4, one shop with 5."""
    now = timezone.now()
    with merchant_scope(merchant.pk):
        for mark, words in ((1, "=He shouted"), (4, "")):
            order = scenes.delivered(merchant)
            shipment = Shipment.objects.get(order=order)
            Shipment.objects.filter(pk=shipment.pk).update(delivered_at=now)
            shipment.refresh_from_db()
            take(
                order=order, shipment=shipment, role="", mark=mark, words=words, language="en",
                now=now,
            )  # fmt: skip
        take(order=order, shipment=None, role="", mark=5, words="", language="en", now=now)
    return merchant


def cells(client: Client, address: str) -> list[list[str]]:
    page = client.get(address).content.decode()
    rows = re.findall(r"<tr><th scope=\"row\">(.*?)</tr>", page, re.S)
    return [re.sub(r"<[^>]+>", " ", row).split() for row in rows]


def test_averages_and_distribution(judged: Merchant, sign_in: SignIn) -> None:
    client = sign_in(Role.VIEWER)
    page = client.get(FEEDBACK).content.decode()
    assert "Deliveries: 2.5 of 5, from 2 marks. Your shop: 5 of 5, from 1 mark." in page
    assert cells(client, FEEDBACK) == [
        ["Noor", "Home", "5", "1", "0", "0", "0", "0", "1"],
        ["Aramex", "2.5", "2", "1", "0", "0", "1", "0"],
    ]


def test_words_are_for_who_may_act(judged: Merchant, sign_in: SignIn) -> None:
    pages = [sign_in(role).get(FEEDBACK).content.decode() for role in (Role.VIEWER, Role.AGENT)]
    assert ["He shouted" in page for page in pages] == [False, True]


def test_desk_and_order_tell_it(judged: Merchant, sign_in: SignIn) -> None:
    with merchant_scope(judged.pk):
        pk = Feedback.objects.get(mark=1).order_id
    client = sign_in(Role.AGENT)
    for page in (f"/desk/noor/orders/{pk}/", f"/app/noor/orders/{pk}/"):
        html = client.get(page).content.decode()
        assert ("Aramex: 1 of 5, Very bad" in html, "He shouted" in html) == (True, True)


def test_file_has_every_mark_and_runs_no_formula(judged: Merchant, sign_in: SignIn) -> None:
    text = sign_in(Role.AGENT).get("/app/noor/reports/feedback.csv").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    said = [(row["about"], row["carrier"], row["mark"], row["words"]) for row in rows]
    assert sorted(said) == [
        ("carrier", "aramex", "1", "'=He shouted"),
        ("carrier", "aramex", "4", ""),
        ("shop", "", "5", ""),
    ]


def test_switch_is_kept_and_written_into_the_log(merchant: Merchant, sign_in: SignIn) -> None:
    client = sign_in(Role.ADMIN)
    assert 'name="opens_cases"' in client.get(FEEDBACK).content.decode()
    for posted, expected in (({"opens_cases": "on"}, True), ({}, False)):
        assert client.post(f"{FEEDBACK}cases/", posted).status_code == 303
        with merchant_scope(merchant.pk):
            assert opens_cases() is expected
    with merchant_scope(merchant.pk):
        assert AuditEntry.objects.filter(action="feedback.changed").count() == 2


def test_attempts_are_counted_by_carrier(merchant: Merchant, sign_in: SignIn) -> None:
    now = timezone.now()
    client = sign_in(Role.OWNER)
    with merchant_scope(merchant.pk):
        for _ in range(3):
            scenes.attempt_failed(merchant)
        first, second, third = Shipment.objects.order_by("pk")
        Change.objects.filter(kind="milestone").update(at=now)
        take_denial(shipment=first, called=False, now=now)
        take_denial(shipment=second, called=True, now=now)
        take_wish(shipment=third, wish=Wish(landmark="The mosque"), now=now)
        denied = DeliveryAnswer.objects.get(shipment=first)
        settle(answer=denied, agreed=True, words="", by=_user(merchant), now=now)
    page = client.get(ATTEMPTS).content.decode()
    assert "3 failed attempts were reported. Of 2, customers say that nobody came." in page
    assert cells(client, ATTEMPTS) == [["Aramex", "3", "2", "1", "1", "0", "1", "0"]]
    text = client.get("/app/noor/reports/attempts.csv").content.decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text))
    assert (row["carrier"], row["failed"], row["nobody_called"]) == ("aramex", "3", "1")


def _user(merchant: Merchant) -> User:
    return User.objects.get(memberships__merchant=merchant)


def test_reports_lead_to_each_other(merchant: Merchant, sign_in: SignIn) -> None:
    client = sign_in(Role.VIEWER)
    for page in ("/app/noor/reports/dates/", FEEDBACK, ATTEMPTS):
        html = client.get(page).content.decode()
        assert [f'href="{one}"' in html for one in (FEEDBACK, ATTEMPTS)] == [True, True]
