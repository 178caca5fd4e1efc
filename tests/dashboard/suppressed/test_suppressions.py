"""Addresses that are not written to: seen, asked about, put on the list and taken off it."""

from __future__ import annotations

import pytest
from django.test import Client

from merchants.models import AuditEntry, Merchant, Role
from merchants.scope import merchant_scope
from notifications.consent import suppressed
from notifications.models import Suppression
from tests.dashboard.conftest import SignIn

BASE = "/app/noor/messages/suppressed/"


def put(merchant: Merchant, *rows: tuple[str, str, str]) -> list[Suppression]:
    with merchant_scope(merchant.pk):
        return [
            Suppression.objects.create(merchant=merchant, channel=channel, address=at, reason=why)
            for channel, at, why in rows
        ]


def shown(client: Client, **asked: str) -> list[tuple[str, str]]:
    answer = client.post(BASE, asked) if asked else client.get(BASE)
    return [(row["address"], row["reason"]) for row in answer.context["rows"]]


def left(merchant: Merchant) -> list[str]:
    with merchant_scope(merchant.pk):
        return list(Suppression.objects.order_by("pk").values_list("address", flat=True))


def audit(merchant: Merchant) -> list[tuple[str, str, dict[str, object]]]:
    with merchant_scope(merchant.pk):
        rows = AuditEntry.objects.order_by("pk")
        return list(rows.values_list("action", "subject", "detail"))


@pytest.fixture
def two(merchant: Merchant) -> list[Suppression]:
    return put(
        merchant,
        ("email", "sara@shopper.example", "mail to it bounced"),
        ("sms", "+971501234567", "its owner answered STOP"),
    )


@pytest.mark.parametrize("role", [Role.VIEWER, Role.AGENT])
def test_addresses_are_masked_below_admin(
    sign_in: SignIn, two: list[Suppression], role: Role
) -> None:
    client = sign_in(role)
    assert shown(client) == [
        ("\u2066•••• 4567\u2069", "Its owner answered STOP"),
        ("s•••@shopper.example", "Mail to it bounced"),
    ]
    html = client.get(BASE).content.decode()
    assert ("501234567" in html, "sara@" in html, "/remove/" in html) == (False, False, False)


def test_admins_see_whole_addresses(sign_in: SignIn, two: list[Suppression]) -> None:
    assert [at for at, _ in shown(sign_in(Role.ADMIN))] == [
        "+971501234567", "sara@shopper.example",
    ]  # fmt: skip


@pytest.mark.parametrize("typed", ["050 123 4567", "+971 50 123 4567", "00971501234567"])
def test_number_is_found_however_it_is_written(
    sign_in: SignIn, two: list[Suppression], typed: str
) -> None:
    assert shown(sign_in(Role.AGENT), address=typed) == [
        ("\u2066•••• 4567\u2069", "Its owner answered STOP")
    ]


def test_mail_address_is_found_as_a_whole_only(sign_in: SignIn, two: list[Suppression]) -> None:
    client = sign_in(Role.ADMIN)
    assert len(shown(client, address=" Sara@Shopper.example ")) == 1
    assert shown(client, address="sara") == []


def test_viewer_asks_about_nobody(sign_in: SignIn, two: list[Suppression]) -> None:
    assert len(shown(sign_in(Role.VIEWER), address="sara@shopper.example")) == 2


def test_list_is_read_in_pages(sign_in: SignIn, merchant: Merchant) -> None:
    put(merchant, *(("email", f"a{n}@x.example", "mail to it bounced") for n in range(51)))
    client = sign_in(Role.ADMIN)
    first = client.get(BASE)
    rest = client.get(first.context["older_url"])
    assert (len(first.context["rows"]), len(rest.context["rows"])) == (50, 1)
    assert rest.context["rows"][0]["address"] == "a0@x.example"


def test_bounced_address_is_taken_off_with_a_reason(
    sign_in: SignIn, merchant: Merchant, two: list[Suppression]
) -> None:
    client = sign_in(Role.ADMIN)
    path = f"{BASE}{two[0].pk}/remove/"
    assert client.post(path, {"reason": ""}).status_code == 400
    assert client.post(path, {"reason": "The mailbox was full"}).status_code == 303
    assert left(merchant) == ["+971501234567"]
    assert audit(merchant) == [
        (
            "suppression.removed",
            "s•••@shopper.example",
            {"channel": "email", "reason": "mail to it bounced", "why": "The mailbox was full"},
        )
    ]


def test_who_said_stop_is_taken_off_by_their_own_word_alone(
    sign_in: SignIn, merchant: Merchant, two: list[Suppression]
) -> None:
    client = sign_in(Role.ADMIN)
    path = f"{BASE}{two[1].pk}/remove/"
    assert "Its owner said no." in client.get(path).content.decode()
    assert client.post(path, {"reason": "A mistake"}).status_code == 400
    assert len(left(merchant)) == 2
    sure = {"reason": "She rang on Monday", "asked_again": "on"}
    assert client.post(path, sure).status_code == 303
    assert left(merchant) == ["sara@shopper.example"]


def test_address_is_added_by_hand(sign_in: SignIn, merchant: Merchant) -> None:
    client = sign_in(Role.ADMIN)
    for _ in range(2):
        answer = client.post(
            f"{BASE}add/", {"channel": "sms", "address": "050 123 4567", "reason": ""}
        )
        assert answer.status_code == 303
    with merchant_scope(merchant.pk):
        why = suppressed("sms", "+971501234567", merchant_id=merchant.pk)
    assert why == "The address is suppressed: added by hand."
    assert [(action, subject) for action, subject, _ in audit(merchant)] == [
        ("suppression.added", "\u2066•••• 4567\u2069")
    ]


@pytest.mark.parametrize(
    ("channel", "typed"), [("sms", "sara@shopper.example"), ("email", "050 123 4567")]
)
def test_what_is_no_address_of_the_channel_is_refused(
    sign_in: SignIn, merchant: Merchant, channel: str, typed: str
) -> None:
    answer = sign_in(Role.ADMIN).post(f"{BASE}add/", {"channel": channel, "address": typed})
    assert (answer.status_code, left(merchant)) == (400, [])


def test_file_has_whole_addresses_and_runs_no_formula(
    sign_in: SignIn, merchant: Merchant, two: list[Suppression]
) -> None:
    put(merchant, ("email", "x@x.example", "=HYPERLINK(1)"))
    answer = sign_in(Role.ADMIN).get("/app/noor/messages/suppressed.csv")
    lines = answer.content.decode().lstrip("\ufeff").splitlines()
    assert [line.split(",")[:3] for line in lines] == [
        ['"channel"', '"address"', '"reason"'],
        ['"email"', '"x@x.example"', '"\'=HYPERLINK(1)"'],
        ['"sms"', '"\'+971501234567"', '"its owner answered STOP"'],
        ['"email"', '"sara@shopper.example"', '"mail to it bounced"'],
    ]
    assert audit(merchant) == [("suppressions.downloaded", "", {"addresses": 3})]


@pytest.mark.parametrize("rows", [1, 30])
def test_list_costs_the_same_however_long(
    sign_in: SignIn, merchant: Merchant, rows: int, django_assert_num_queries: object
) -> None:
    put(merchant, *(("email", f"a{n}@x.example", "mail to it bounced") for n in range(rows)))
    client = sign_in(Role.ADMIN)
    client.get(BASE)
    with django_assert_num_queries(8):  # type: ignore[operator]
        client.get(BASE)
