"""A stranger makes an account: one answer on screen, one mail, a link good for one use."""

from __future__ import annotations

import smtplib
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from dashboard.people.gates import PER_ADDRESS, PER_EMAIL
from merchants.account_links import LASTS, Purpose, find_user, make_token
from merchants.models import Merchant, User
from tests import factories
from tests.dashboard.conftest import link_in

PASSWORD = "a long enough sentence"
STRANGER = {"name": "Sara", "email": "Sara@Stranger.example", "password": PASSWORD}


def sign_up(client: Client | None = None, **typed: str) -> Any:
    return (client or Client()).post("/app/signup/", STRANGER | typed)


def test_stranger_signs_up_confirms_and_is_led_to_a_new_shop(db: None) -> None:
    client = Client()
    assert sign_up(client).status_code == 200
    link = link_in(mail.outbox[0])
    assert client.get(link).status_code == 200
    assert client.post(link, {"password": PASSWORD}).headers["Location"] == "/app/"
    assert client.get("/app/").headers["Location"] == "/app/new/"
    assert mail.outbox[0].to == ["sara@stranger.example"]


def test_nobody_gets_in_before_the_address_is_confirmed(db: None) -> None:
    sign_up()
    typed = {"username": "sara@stranger.example", "password": PASSWORD}
    response = Client().post("/app/login/", typed)
    assert response.status_code == 401
    assert response.context["error"] == "This e-mail address and password do not belong together."


def test_link_without_the_password_confirms_nothing(db: None) -> None:
    sign_up()
    link = link_in(mail.outbox[0])
    assert Client().post(link, {"password": "somebody else's"}).status_code == 400
    assert User.objects.get().verified_at is None


def test_link_works_once(db: None) -> None:
    sign_up()
    link = link_in(mail.outbox[0])
    Client().post(link, {"password": PASSWORD})
    assert Client().get(link).status_code == 404


def test_link_of_an_earlier_sign_up_is_overtaken(db: None) -> None:
    sign_up()
    sign_up(password="another long sentence")
    first, second = (link_in(one) for one in mail.outbox)
    assert [Client().get(link).status_code for link in (first, second)] == [404, 200]
    assert User.objects.count() == 1


@pytest.mark.parametrize("change", ["token", "person", "purpose", "none"])
def test_tampered_link_is_not_valid(db: None, change: str) -> None:
    now = timezone.now()
    person = User.objects.create_user("a@x.example", PASSWORD, verified_at=None)
    other = User.objects.create_user("b@x.example", PASSWORD, verified_at=None)
    token = make_token(person, Purpose.CONFIRM, now=now)
    user_id = other.pk if change == "person" else person.pk
    purpose = Purpose.RESET if change == "purpose" else Purpose.CONFIRM
    given = token[:-1] + ("0" if token[-1] != "0" else "1") if change == "token" else token
    found = find_user(user_id, given, purpose, now=now)
    assert found == (person if change == "none" else None)


@pytest.mark.parametrize("purpose", list(Purpose))
def test_link_expires(db: None, purpose: Purpose) -> None:
    now = timezone.now()
    person = User.objects.create_user("a@x.example", PASSWORD)
    token = make_token(person, purpose, now=now)
    last = now + LASTS[purpose]
    assert find_user(person.pk, token, purpose, now=last - timedelta(seconds=2)) == person
    assert find_user(person.pk, token, purpose, now=last + timedelta(seconds=2)) is None
    assert find_user(person.pk, token, purpose, now=now - timedelta(hours=1)) is None


@pytest.mark.parametrize("token", ["", "-", "x", "zzzzzzzzzzzzzzzzzzzz-00", "1-\u0661"])
def test_made_up_token_is_nobodys(db: None, token: str) -> None:
    person = User.objects.create_user("a@x.example", PASSWORD)
    assert find_user(person.pk, token, Purpose.RESET, now=timezone.now()) is None


def test_known_address_looks_the_same_on_screen_and_is_told_by_mail(merchant: Merchant) -> None:
    factories.user(merchant, email="owner@noor.example")
    pages = [
        sign_up(email=email).content.decode().replace(email, "")
        for email in ("new@noor.example", "owner@noor.example")
    ]
    same = [page.split("<main")[1].split("csrfmiddlewaretoken")[0] for page in pages]
    assert same[0] == same[1]
    assert [one.subject for one in mail.outbox] == [
        "Confirm your e-mail address",
        "You have an account already",
    ]
    assert User.objects.get(email="owner@noor.example").check_password("correct horse battery")


def test_link_is_sent_again_and_says_the_same_to_everybody(merchant: Merchant) -> None:
    factories.user(merchant, email="owner@noor.example")
    sign_up()
    for email in ("sara@stranger.example", "owner@noor.example", "nobody@noor.example"):
        assert Client().post("/app/signup/again/", {"email": email}).status_code == 200
    assert [one.subject for one in mail.outbox[1:]] == [
        "Confirm your e-mail address",
        "You have an account already",
        "There is no account with this address",
    ]


def test_one_address_is_written_to_a_few_times_an_hour(db: None) -> None:
    codes = [sign_up().status_code for _ in range(PER_EMAIL[0] + 1)]
    assert codes == [200] * PER_EMAIL[0] + [429]
    assert len(mail.outbox) == PER_EMAIL[0]


def test_one_visitor_makes_a_few_accounts_an_hour(db: None) -> None:
    codes = [sign_up(email=f"a{n}@x.example").status_code for n in range(PER_ADDRESS[0] + 1)]
    assert codes[-1] == 429


@pytest.mark.parametrize(
    "typed",
    [
        {"email": "no address"},
        {"password": "short"},
        {"password": "password123"},
        {"name": ""},
        {"name": "a\x00b"},
        {"password": "sara@stranger.example", "email": "sara@stranger.example"},
    ],
)
def test_what_cannot_be_is_refused(db: None, typed: dict[str, str]) -> None:
    assert sign_up(**typed).status_code == 400
    assert (User.objects.count(), mail.outbox) == (0, [])


def test_mail_that_cannot_be_sent_is_said(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object, **_more: object) -> int:
        raise smtplib.SMTPServerDisconnected("gone")

    monkeypatch.setattr("django.core.mail.EmailMultiAlternatives.send", refuse)
    response = sign_up()
    assert response.status_code == 503
    assert str(response.context["error"]).startswith("The mail could not be sent")


def test_mail_speaks_the_language_of_the_page(db: None) -> None:
    Client(headers={"accept-language": "ar"}).post("/app/signup/", STRANGER)
    html = str(mail.outbox[0].alternatives[0][0])  # type: ignore[attr-defined]
    assert '<html lang="ar" dir="rtl"' in html


def test_closed_sign_up_says_whom_to_ask(db: None, settings: Any) -> None:
    settings.SIGNUP_OPEN, settings.SIGNUP_CONTACT = False, "it@noor.example"
    page = sign_up()
    assert (page.status_code, User.objects.count(), mail.outbox) == (403, 0, [])
    assert "it@noor.example" in page.content.decode()


def test_sign_in_leads_to_sign_up_and_back(db: None) -> None:
    links = [one["url"] for one in Client().get("/app/login/").context["links"]]
    assert links == ["/app/signup/", "/app/password/", "/app/signup/again/"]
    assert Client().get("/app/signup/").context["links"][0]["url"] == "/app/login/"


def test_forgotten_password_is_chosen_anew_and_ends_other_sessions(merchant: Merchant) -> None:
    owner = factories.user(merchant)
    elsewhere = Client()
    elsewhere.force_login(owner)
    Client().post("/app/password/", {"email": "owner@noor.example"})
    link, visitor = link_in(mail.outbox[0]), Client()
    assert visitor.get(link).status_code == 200
    assert visitor.post(link, {"password": "short"}).status_code == 400
    assert visitor.post(link, {"password": PASSWORD}).status_code == 303
    assert visitor.get("/app/noor/").status_code == 200
    assert elsewhere.get("/app/noor/").status_code == 302
    assert Client().get(link).status_code == 404


def test_forgotten_password_says_the_same_for_nobody(merchant: Merchant) -> None:
    factories.user(merchant)
    codes = [
        Client().post("/app/password/", {"email": email}).status_code
        for email in ("owner@noor.example", "nobody@noor.example")
    ]
    assert codes == [200, 200]
    assert [one.to for one in mail.outbox] == [["owner@noor.example"], ["nobody@noor.example"]]


def test_link_for_a_password_confirms_the_address(db: None) -> None:
    sign_up()
    Client().post("/app/password/", {"email": "sara@stranger.example"})
    Client().post(link_in(mail.outbox[1]), {"password": "another long sentence"})
    assert User.objects.get().verified_at is not None
    assert Client().get(link_in(mail.outbox[0])).status_code == 404
