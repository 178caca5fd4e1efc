"""Inviting tells nobody who has an account, and opens no door before it is accepted."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from dashboard.team import LastOwner, change_role
from merchants.account_links import INVITATION_LASTS, find_invitation, make_invitation
from merchants.founding import may_found
from merchants.models import AuditEntry, Membership, Merchant, Role, User
from merchants.scope import merchant_scope
from tests import factories
from tests.dashboard.conftest import SignIn, link_in

TEAM, ADD = "/app/noor/settings/team/", "/app/noor/settings/team/add/"
KNOWN, UNKNOWN = "known@other.example", "nobody@other.example"
OWN_PASSWORD, PASSWORD = "correct horse battery", "a long enough sentence"


@pytest.fixture
def known(other: Merchant) -> User:
    """Somebody with an account and a shop of their own."""
    made = factories.user(other, email=KNOWN)
    User.objects.filter(pk=made.pk).update(name="Real Name")
    return made


def invite(client: Client, email: str, **more: str) -> Any:
    return client.post(ADD, {"email": email, "role": "viewer"} | more, follow=True)


def pending(email: str) -> Membership:
    return Membership.objects.get(user__email=email, merchant__slug="noor")


def test_screen_says_the_same_of_known_and_unknown_addresses(
    merchant: Merchant, known: User, sign_in: SignIn
) -> None:
    client = sign_in(Role.ADMIN)
    said = [
        [str(one).replace(email, "") for one in invite(client, email).context["messages"]]
        for email in (KNOWN, UNKNOWN)
    ]
    rows = client.get(TEAM).context["members"][1:]
    assert said[0] == said[1]
    assert [one.to for one in mail.outbox] == [[KNOWN], [UNKNOWN]]
    assert [(one["name"], one["email"], one["invited"]) for one in rows] == [
        (KNOWN, "", True),
        (UNKNOWN, "", True),
    ]


def test_invited_person_is_called_what_the_inviter_typed(
    merchant: Merchant, known: User, sign_in: SignIn
) -> None:
    page = invite(sign_in(Role.ADMIN), KNOWN, name="Huda")
    assert "Real Name" not in page.content.decode()
    assert page.context["members"][1]["name"] == "Huda"


def test_pending_member_finds_every_door_shut(
    merchant: Merchant, known: User, sign_in: SignIn, settings: Any
) -> None:
    invite(sign_in(Role.OWNER), KNOWN, role="owner")
    Membership.objects.filter(user=known).exclude(merchant=merchant).delete()
    settings.SIGNUP_OPEN = False
    client = Client()
    client.force_login(known)
    codes = [client.get(path).status_code for path in ("/app/noor/", "/desk/noor/")]
    choices = [client.get(path).context["merchants"] for path in ("/app/", "/desk/")]
    assert (codes, choices, may_found(known)) == ([404, 404], [[], []], False)


def test_known_person_accepts_while_signed_in(
    merchant: Merchant, known: User, sign_in: SignIn
) -> None:
    invite(sign_in(Role.ADMIN), KNOWN)
    link, client = link_in(mail.outbox[0]), Client()
    client.force_login(known)
    assert client.get(link).context["fields"] == []
    assert pending(KNOWN).accepted_at is None
    assert client.post(link).status_code == 303
    assert client.get("/app/noor/").status_code == 200
    with merchant_scope(merchant.pk):
        actions = list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))
    assert actions == ["member.added", "member.joined"]


@pytest.mark.parametrize("is_somebody_else", [False, True])
def test_known_person_accepts_with_their_own_password(
    merchant: Merchant, known: User, sign_in: SignIn, is_somebody_else: bool
) -> None:
    inviter = sign_in(Role.ADMIN)
    invite(inviter, KNOWN)
    link, client = link_in(mail.outbox[0]), inviter if is_somebody_else else Client()
    assert client.post(link, {"password": PASSWORD}).status_code == 400
    assert client.post(link, {"password": OWN_PASSWORD}).status_code == 303
    known.refresh_from_db()
    assert (known.check_password(OWN_PASSWORD), known.name) == (True, "Real Name")
    assert client.get("/app/noor/").status_code == 200


def test_sign_up_with_the_invited_address_ends_no_invitation(
    merchant: Merchant, sign_in: SignIn
) -> None:
    invite(sign_in(Role.ADMIN), UNKNOWN, name="Huda")
    stranger = {"name": "Mallory", "email": UNKNOWN, "password": "the stranger's own words"}
    Client().post("/app/signup/", stranger)
    assert Client().post(link_in(mail.outbox[0]), {"password": PASSWORD}).status_code == 303
    user = User.objects.get(email=UNKNOWN)
    assert (user.name, user.check_password(PASSWORD)) == ("Huda", True)
    assert Client().get(link_in(mail.outbox[1])).status_code == 404


def test_accepted_link_says_that_it_is_over(merchant: Merchant, sign_in: SignIn) -> None:
    invite(sign_in(Role.ADMIN), UNKNOWN)
    link = link_in(mail.outbox[0])
    Client().post(link, {"password": PASSWORD})
    page = Client().get(link)
    assert page.status_code == 404
    assert "people/over.html" in [one.name for one in page.templates]


def test_invitation_taken_back_lets_nobody_in(merchant: Merchant, sign_in: SignIn) -> None:
    client = sign_in(Role.ADMIN)
    invite(client, UNKNOWN)
    client.post(f"{TEAM}{pending(UNKNOWN).pk}/", {"role": ""})
    assert Client().get(link_in(mail.outbox[0])).status_code == 404


def test_invitation_expires(merchant: Merchant, sign_in: SignIn) -> None:
    invite(sign_in(Role.ADMIN), UNKNOWN)
    member, now = pending(UNKNOWN), timezone.now()
    token, last = make_invitation(member, now=now), now + INVITATION_LASTS
    assert find_invitation(member.pk, token, now=last - timedelta(seconds=2)) == member
    assert find_invitation(member.pk, token, now=last + timedelta(seconds=2)) is None
    assert find_invitation(member.pk + 1, token, now=now) is None


def test_invited_owner_does_not_stand_in_for_the_last_one(
    merchant: Merchant, sign_in: SignIn
) -> None:
    client = sign_in(Role.OWNER)
    invite(client, UNKNOWN, role="owner")
    owner = Membership.objects.get(merchant=merchant, accepted_at__isnull=False)
    with pytest.raises(LastOwner):
        change_role(merchant=merchant, member_id=owner.pk, role=None, by_role=Role.OWNER)
    client.post(f"{TEAM}{pending(UNKNOWN).pk}/", {"role": ""})
    assert Membership.objects.get(merchant=merchant) == owner


@pytest.mark.parametrize("email", [KNOWN, UNKNOWN])
def test_one_address_is_invited_three_times_a_day(
    merchant: Merchant, known: User, sign_in: SignIn, email: str
) -> None:
    client = sign_in(Role.ADMIN)
    pages = [invite(client, email, name="Huda") for _ in range(4)]
    fields = {one["name"]: one["value"] for one in pages[3].context["fields"]}
    assert [one.status_code for one in pages] == [200, 200, 200, 429]
    assert (len(mail.outbox), fields["email"], fields["name"]) == (3, email, "Huda")


@pytest.mark.parametrize("limit", ["_PER_SHOP", "_PER_INVITER"])
def test_one_person_and_shop_invite_so_many_a_day(
    merchant: Merchant, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    monkeypatch.setattr(f"dashboard.team.{limit}", (2, 86_400))
    client = sign_in(Role.ADMIN)
    codes = [invite(client, f"a{n}@x.example").status_code for n in range(3)]
    assert (codes, len(mail.outbox)) == ([200, 200, 429], 2)
