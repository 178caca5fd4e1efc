"""The sign-in: one answer for every mistake, counted, and no way out of the house."""

from __future__ import annotations

import pytest
from django.test import Client

from dashboard.sign_in import PER_EMAIL
from merchants.models import Merchant, User
from tests import factories

PASSWORD = "correct horse battery"
WRONG = "This e-mail address and password do not belong together."


def enter(client: Client, email: str, password: str, onward: str = "") -> object:
    data = {"username": email, "password": password, "next": onward}
    return client.post("/app/login/", data)


@pytest.fixture
def owner(merchant: Merchant) -> User:
    return factories.user(merchant)


def test_right_password_leads_on(owner: User) -> None:
    client = Client()
    response = enter(client, "Owner@NOOR.example", PASSWORD, "/app/noor/orders/")
    assert (response.status_code, response.headers["Location"]) == (303, "/app/noor/orders/")
    assert client.get("/app/noor/").status_code == 200


def test_unknown_address_and_wrong_password_get_the_same_answer(owner: User) -> None:
    answers = [
        enter(Client(), email, "not the password")
        for email in ("owner@noor.example", "nobody@noor.example")
    ]
    assert [answer.status_code for answer in answers] == [401, 401]
    assert [answer.context["error"] for answer in answers] == [WRONG, WRONG]


@pytest.mark.parametrize("email", ["", "no address", "a\x00b@noor.example", "x" * 400])
def test_bad_input_is_one_more_wrong_answer(owner: User, email: str) -> None:
    assert enter(Client(), email, PASSWORD).status_code == 401


def test_inactive_user_stays_out(owner: User) -> None:
    User.objects.update(is_active=False)
    assert enter(Client(), owner.email, PASSWORD).status_code == 401


@pytest.mark.parametrize(
    "onward",
    ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example", "x"],
)
def test_onward_address_is_ours_or_nothing(owner: User, onward: str) -> None:
    response = enter(Client(), owner.email, PASSWORD, onward)
    assert response.headers["Location"] == "/app/"


def test_too_many_tries_lock_even_the_right_password(owner: User) -> None:
    codes = [enter(Client(), owner.email, "guess").status_code for _ in range(PER_EMAIL[0])]
    assert codes == [401] * PER_EMAIL[0]
    assert enter(Client(), owner.email, PASSWORD).status_code == 429


def test_tries_for_one_address_do_not_lock_another(merchant: Merchant, owner: User) -> None:
    for _ in range(PER_EMAIL[0] + 1):
        enter(Client(), "somebody@noor.example", "guess")
    assert enter(Client(), owner.email, PASSWORD).status_code == 303


def test_sign_out_needs_a_post_and_ends_the_session(owner: User) -> None:
    client = Client()
    client.force_login(owner)
    assert client.get("/app/logout/").status_code == 405
    assert client.post("/app/logout/").status_code == 303
    assert client.get("/app/noor/").status_code == 302


def test_language_is_remembered_with_the_account(owner: User) -> None:
    client = Client()
    client.force_login(owner)
    response = client.post("/app/language/", {"language": "ar", "next": "/app/noor/"})
    owner.refresh_from_db()
    assert (response.status_code, response.headers["Location"]) == (303, "/app/noor/")
    assert (owner.language, client.cookies["django_language"].value) == ("ar", "ar")


def test_unknown_language_changes_nothing(owner: User) -> None:
    client = Client()
    client.force_login(owner)
    response = client.post("/app/language/", {"language": "tlh", "next": "https://evil.example"})
    assert response.headers["Location"] == "/app/"
    assert "django_language" not in client.cookies
