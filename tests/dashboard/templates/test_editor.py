"""The shop's own words: written, looked at, kept by version, and back to ours."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from dashboard.templates.trouble_mail import tell_of_broken_texts
from merchants.models import AuditEntry, Merchant, Role
from merchants.scope import merchant_scope
from notifications.models import Message, Template, TemplateVersion
from notifications.templates.keeping import Which, save
from tests import factories
from tests.dashboard.conftest import SignIn
from tests.notifications.phones import pointed_at_phones

LIST = "/app/noor/messages/texts/"
EDIT = f"{LIST}delivered/email/en/"
WHICH = Which("delivered", "email", "en")


def test_list_says_whose_words_go(sign_in: SignIn, merchant: Merchant) -> None:
    client = sign_in()
    html = client.get(LIST).content.decode()
    assert "Every message goes in our words." in html
    client.post(EDIT, {"subject": "", "body": "Here it is."})
    html = client.get(LIST).content.decode()
    assert "1 text is yours, all others are ours" in html
    assert html.count("Yours, version 1") == 1


def test_text_is_kept_as_a_version_by_somebody(sign_in: SignIn, merchant: Merchant) -> None:
    client = sign_in()
    assert client.post(EDIT, {"subject": "Hi", "body": "One {{ order.number }}"}).status_code == 303
    assert client.post(EDIT, {"subject": "Hi", "body": "Two"}).status_code == 303
    with merchant_scope(merchant.pk):
        row = Template.objects.get()
        assert (row.body, row.version) == ("Two", 2)
        kept = TemplateVersion.objects.order_by("version").values_list("body", "by__email")
        assert list(kept) == [
            ("One {{ order.number }}", "owner@noor.example"), ("Two", "owner@noor.example"),
        ]  # fmt: skip
        assert AuditEntry.objects.filter(action="template.saved").count() == 2


def test_broken_text_is_not_kept_and_says_where(sign_in: SignIn, merchant: Merchant) -> None:
    response = sign_in().post(EDIT, {"subject": "", "body": "Dear {{ customer.nmae }}"})
    assert response.status_code == 400
    assert "there is no “customer.nmae”; did you mean “customer.name”?" in response.content.decode()
    with merchant_scope(merchant.pk):
        assert not Template.objects.exists()


def test_version_is_compared_and_restored(sign_in: SignIn, merchant: Merchant) -> None:
    client = sign_in()
    for body in ("Same.\nOld line.", "Same.\nNew line."):
        client.post(EDIT, {"subject": "", "body": body})
    html = client.get(f"{EDIT}1/").content.decode()
    assert "<del>Old line.</del>" in html
    assert "<ins>New line.</ins>" in html
    assert client.post(f"{EDIT}1/").status_code == 303
    with merchant_scope(merchant.pk):
        row = Template.objects.get()
        assert (row.body, row.version) == ("Same.\nOld line.", 3)


def test_back_to_ours_keeps_the_versions(sign_in: SignIn, merchant: Merchant) -> None:
    client = sign_in()
    client.post(EDIT, {"subject": "", "body": "Mine."})
    assert client.post(f"{EDIT}ours/").status_code == 303
    with merchant_scope(merchant.pk):
        assert not Template.objects.exists()
        assert list(TemplateVersion.objects.values_list("version", "body")) == [
            (1, "Mine."),
            (2, ""),
        ]
    client.post(f"{EDIT}1/")
    with merchant_scope(merchant.pk):
        assert (Template.objects.get().body, Template.objects.get().version) == ("Mine.", 3)


def test_preview_shows_what_is_typed_of_a_real_order(sign_in: SignIn, merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        order = factories.shipment(merchant, carrier="aramex").order
    typed = {"subject": "", "body": "For {{ customer.name }}: {{ order.number }}"}
    client = sign_in()
    invented = client.post(f"{EDIT}preview/", typed).content.decode()
    assert "For Layla Haddad: 1042" in invented
    real = client.post(f"{EDIT}preview/", typed | {"order": str(order.pk)})
    assert f"For Sara Al Mansoori: {order.number}" in real.content.decode()
    assert real.headers["Content-Security-Policy"].startswith("sandbox;")


def test_order_of_another_shop_is_not_shown(
    sign_in: SignIn, merchant: Merchant, other: Merchant
) -> None:
    with merchant_scope(other.pk):
        order = factories.order(other, number="SECRET-9")
    html = sign_in().post(f"{EDIT}preview/", {"body": "{{ order.number }}", "order": str(order.pk)})
    assert "SECRET-9" not in html.content.decode()


@pytest.mark.parametrize(("scheme", "media"), [("dark", "@media all"), ("light", "@media not all")])
def test_preview_is_by_day_or_by_night(sign_in: SignIn, scheme: str, media: str) -> None:
    html = sign_in().post(f"{EDIT}preview/", {"body": "x", "scheme": scheme}).content.decode()
    assert media in html


def test_check_answers_while_one_types(sign_in: SignIn) -> None:
    html = sign_in().post(f"{EDIT}check/", {"body": "{% if link %}"}).content.decode()
    assert "“if” is not closed: {% endif %} is missing" in html


def test_test_goes_to_oneself_alone(sign_in: SignIn) -> None:
    html = (
        sign_in().post(f"{EDIT}test/", {"subject": "Try", "body": "Just *this*."}).content.decode()
    )
    assert "Sent to owner@noor.example." in html
    (sent,) = mail.outbox
    assert (sent.to, sent.subject) == (["Owner <owner@noor.example>"], "Try")
    assert "Just *this*." in sent.body


def test_text_for_one_country_has_an_address_of_its_own(
    sign_in: SignIn, merchant: Merchant
) -> None:
    client = sign_in()
    response = client.get(EDIT, {"region": "SA"})
    assert response.headers["Location"] == f"{LIST}delivered/email/en-SA/"
    html = client.get(response.headers["Location"]).content.decode()
    assert "Nothing of its own for this country: ours in English goes." in html


@pytest.mark.parametrize(
    "path",
    ["nothing/email/en/", "delivered/pigeon/en/", "delivered/email/xx/", "delivered/email/en-usa/"],
)
def test_what_there_is_not_is_not_found(sign_in: SignIn, path: str) -> None:
    assert sign_in().get(f"{LIST}{path}").status_code == 404


def test_agents_may_not_write_texts(sign_in: SignIn) -> None:
    client = sign_in(Role.AGENT)
    assert {client.get(path).status_code for path in (LIST, EDIT)} == {403}


def test_prices_are_listed_changed_and_removed(sign_in: SignIn) -> None:
    client, path = sign_in(), "/app/noor/messages/prices/"
    posted = {"channel": "sms", "country": "ae", "amount": "0.25", "currency": "aed"}
    assert client.post(path, posted).status_code == 303
    client.post(path, posted | {"amount": "0.3"})
    html = client.get(path).content.decode()
    assert (html.count("AED 0.3"), "United Arab Emirates" in html) == (1, True)
    assert client.post(path, posted | {"country": "QQ"}).status_code == 400


def test_owner_hears_of_a_broken_text_once_a_day(merchant: Merchant) -> None:
    now = timezone.now()
    factories.user(merchant)
    with merchant_scope(merchant.pk):
        save(merchant=merchant, which=WHICH, subject="", body="x", by=None, now=now)
        Template.objects.update(problem="Line 1, column 1: wrong", problem_at=now)
    assert tell_of_broken_texts(now=now) == 1
    with merchant_scope(merchant.pk):
        Template.objects.create(
            merchant=merchant, topic="shipped", language="en", body="y", problem="wrong"
        )
    assert tell_of_broken_texts(now=now + timedelta(hours=2)) == 0
    assert tell_of_broken_texts(now=now + timedelta(hours=25)) == 1
    assert [sent.subject for sent in mail.outbox] == ["A text of Noor Home needs mending"] * 2


SMS = EDIT.replace("/email/", "/sms/")


def test_text_is_sent_to_the_number_typed_in(
    sign_in: SignIn, merchant: Merchant, settings: Any
) -> None:
    with pointed_at_phones(settings) as phones:
        typed = {"body": "Order {{ order.number }} is near.", "test_to": "050 123 4567"}
        html = sign_in().post(f"{SMS}test/", typed).content.decode()
        assert [(text["to"], text["body"]) for text in phones.texts()] == [
            ("+971501234567", "Order 1042 is near.")
        ]
    assert "Sent to +971501234567." in html
    with merchant_scope(merchant.pk):
        assert not Message.objects.exists()


def test_number_that_is_none_gets_no_test(sign_in: SignIn, settings: Any) -> None:
    with pointed_at_phones(settings) as phones:
        html = sign_in().post(f"{SMS}test/", {"body": "Hello", "test_to": "12"}).content.decode()
        assert phones.texts() == []
    assert "It was not sent: Enter a number such as +97141234567." in html
