"""Registered texts in the dashboard: written down, checked, answered, locked."""

from __future__ import annotations

import re

import pytest

from dashboard.registered_texts.words import NOTES
from merchants.models import AuditEntry, Merchant, Role
from merchants.scope import merchant_scope
from notifications.models import OperatorSmsRule, RegisteredText
from notifications.sms_rules import table
from tests.dashboard.conftest import SignIn

PATH = "/app/noor/messages/registered/"
TYPED = {
    "country": "IN", "topic": "shipped", "language": "en", "entity_id": "1101000000000012345",
    "header": "noorhm", "template_id": "1107000000000054321",
    "body": "{#var#}: order {#var#} has left the shop.", "value_1": "shop", "value_2": "number",
}  # fmt: skip


def words(page: bytes) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page.decode()))


def only(merchant: Merchant) -> RegisteredText:
    with merchant_scope(merchant.pk):
        return RegisteredText.objects.get()


def test_text_is_kept_approved_and_then_locked(sign_in: SignIn, merchant: Merchant) -> None:
    browser = sign_in()
    assert "No text yet." in browser.get(PATH).content.decode()
    made = browser.post(f"{PATH}new/", TYPED)
    assert made.status_code == 303
    at = made.headers["Location"]
    row = only(merchant)
    assert (row.state, row.header, row.values) == ("pending", "NOORHM", ["shop", "number"])
    shown = words(browser.get(at).content)
    assert "Noor Home: order 1042 has left the shop." in shown
    assert "1 part, GSM-7, 40 places" in shown
    browser.post(f"{at}answer/", {"answer": "approved"})
    assert only(merchant).state == "approved"
    locked = words(browser.get(at).content)
    assert "‹the shop’s name›: order ‹the order’s number› has left the shop." in locked
    browser.post(at, TYPED | {"body": "{#var#} is on its way.", "value_2": ""})
    assert only(merchant).state == "approved"
    assert only(merchant).body == TYPED["body"]
    with merchant_scope(merchant.pk):
        states = [entry.detail["state"] for entry in AuditEntry.objects.order_by("pk")]
    assert states == ["pending", "approved"]


def test_another_wording_waits_for_the_registry_again(sign_in: SignIn, merchant: Merchant) -> None:
    browser = sign_in()
    at = browser.post(f"{PATH}new/", TYPED).headers["Location"]
    browser.post(f"{at}answer/", {"answer": "approved"})
    browser.post(f"{at}?anew", TYPED | {"body": "{#var#} is on its way.", "value_2": ""})
    row = only(merchant)
    assert (row.state, row.body, row.values) == ("pending", "{#var#} is on its way.", ["shop"])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"value_2": ""}, "Each {#var#} needs its value below"),
        ({"value_2": "amount"}, "Choose a value that messages about this have"),
        ({"body": "Your order left."}, "Without one {#var#}"),
        ({"body": "{#var#} of {#numeric#} left", "value_2": ""}, "Only {#var#} stands for a value"),
        ({"body": "{#var#}: {#var#} https://noor.example"}, "carries no link"),
        ({"body": "{#var#} {#var#}" + "x" * 1000}, "At most 1000 letters."),
        ({"country": "AE"}, "Select a valid choice"),
        ({"entity_id": "12 34"}, "Enter a valid value"),
    ],
)
def test_text_that_the_registry_cannot_have_is_refused(
    sign_in: SignIn, merchant: Merchant, change: dict[str, str], said: str
) -> None:
    answer = sign_in().post(f"{PATH}new/", TYPED | change)
    assert (answer.status_code, said in answer.content.decode()) == (400, True)
    with merchant_scope(merchant.pk):
        assert not RegisteredText.objects.exists()


def test_same_text_twice_is_refused(sign_in: SignIn) -> None:
    browser = sign_in()
    browser.post(f"{PATH}new/", TYPED)
    answer = browser.post(f"{PATH}new/", TYPED)
    assert answer.status_code == 400
    assert "There is one for this country, topic and language already." in answer.content.decode()


def test_long_wording_gets_a_choice_for_each_value(sign_in: SignIn) -> None:
    page = sign_in().post(f"{PATH}new/", TYPED | {"body": "{#var#} " * 5}).content.decode()
    assert page.count('name="value_') == 5


def test_text_is_removed(sign_in: SignIn, merchant: Merchant) -> None:
    browser = sign_in()
    at = browser.post(f"{PATH}new/", TYPED).headers["Location"]
    assert browser.post(f"{at}remove/").headers["Location"] == PATH
    with merchant_scope(merchant.pk):
        assert not RegisteredText.objects.exists()


def test_viewer_reads_what_countries_take_with_the_operators_word(sign_in: SignIn) -> None:
    OperatorSmsRule.objects.create(country="EG", kind="service", may_link=False, note="Ask first.")
    page = words(sign_in(Role.VIEWER).get(f"{PATH}countries/").content)
    assert "United Arab EmiratesThe sender of an offer begins with AD-." in page
    assert "7:00 am – 9:00 pm" in page
    assert "EgyptAsk first.As your operator knows it." in page


def test_every_note_of_the_table_is_in_the_catalogues() -> None:
    assert {rule.note for rule in table().values()} - {""} == set(NOTES)
