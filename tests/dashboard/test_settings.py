"""Team, keys, look and the log of what people did."""

from __future__ import annotations

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from dashboard.logo_check import NotALogo, logo_type
from merchants.access import find_api_key
from merchants.models import ApiKey, AuditEntry, Membership, Merchant, Role, User
from merchants.scope import merchant_scope
from tests import factories
from tests.dashboard.conftest import SignIn, link_in

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9"/></svg>'
PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x10\x00\x00\x00\x10\x08\x06\x00\x00\x00"
    b"\x1f\xf3\xff\x61\x00\x00\x00\x00IEND\xaeB`\x82"
)


def actions(merchant: Merchant) -> list[str]:
    with merchant_scope(merchant.pk):
        return list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))


def member(merchant: Merchant, role: Role) -> Membership:
    return Membership.objects.get(merchant=merchant, role=role)


def test_key_is_shown_once_and_kept_as_a_hash(merchant: Merchant, sign_in: SignIn) -> None:
    client = sign_in(Role.ADMIN)
    text = client.post("/app/noor/settings/keys/", {"key_name": "Warehouse"}).context["new_key"]
    key = ApiKey.objects.get()
    assert find_api_key(text, now=timezone.now()) == key
    assert text not in (key.hash, key.prefix)
    assert text not in client.get("/app/noor/settings/keys/").content.decode()
    assert actions(merchant) == ["key.created"]


def test_revoked_key_works_no_more(merchant: Merchant, sign_in: SignIn) -> None:
    client = sign_in(Role.ADMIN)
    text = client.post("/app/noor/settings/keys/", {"key_name": "Warehouse"}).context["new_key"]
    for _ in range(2):
        client.post(f"/app/noor/settings/keys/{ApiKey.objects.get().pk}/revoke/")
    assert find_api_key(text, now=timezone.now()) is None
    assert actions(merchant) == ["key.created", "key.revoked"]


def test_key_without_a_name_is_refused(merchant: Merchant, sign_in: SignIn) -> None:
    response = sign_in(Role.ADMIN).post("/app/noor/settings/keys/", {"key_name": " "})
    assert (response.status_code, ApiKey.objects.count()) == (400, 0)


def test_new_member_gets_a_mail_whose_link_works_once(merchant: Merchant, sign_in: SignIn) -> None:
    data = {"email": "New@Noor.example", "name": "Huda", "role": "agent"}
    page = sign_in(Role.ADMIN).post("/app/noor/settings/team/add/", data)
    (sent,) = mail.outbox
    link = link_in(sent)
    visitor = Client()
    assert (page.status_code, sent.to) == (303, ["new@noor.example"])
    assert visitor.get(link).status_code == 200
    assert visitor.post(link, {"password": "short"}).status_code == 400
    assert visitor.post(link, {"password": "a long enough sentence"}).status_code == 303
    assert visitor.get("/app/noor/").status_code == 200
    assert Client().get(link).status_code == 404
    assert member(merchant, Role.AGENT).user.email == "new@noor.example"


def test_invitation_is_sent_again_and_only_to_the_mailbox(
    merchant: Merchant, sign_in: SignIn
) -> None:
    client = sign_in(Role.ADMIN)
    data = {"email": "new@noor.example", "name": "Huda", "role": "agent"}
    pages = [client.post("/app/noor/settings/team/add/", data, follow=True) for _ in range(2)]
    links = [link_in(one) for one in mail.outbox]
    assert [one.to for one in mail.outbox] == [["new@noor.example"]] * 2
    assert not any(link in page.content.decode() for link in links for page in pages)
    assert Client().get(links[1]).status_code == 200


@pytest.mark.parametrize("link", ["/app/join/1/x-y/", "/app/join/999999/x-y/"])
def test_made_up_link_is_not_there(merchant: Merchant, sign_in: SignIn, link: str) -> None:
    assert Client().get(link).status_code == 404


@pytest.mark.parametrize("data", [{"email": "x", "role": "agent"}, {"email": "a@b.example"}])
def test_incomplete_member_is_refused(
    merchant: Merchant, sign_in: SignIn, data: dict[str, str]
) -> None:
    assert sign_in(Role.ADMIN).post("/app/noor/settings/team/add/", data).status_code == 400


def test_admin_makes_no_owner_and_touches_none(merchant: Merchant, sign_in: SignIn) -> None:
    owner = factories.user(merchant, email="boss@noor.example")
    client = sign_in(Role.ADMIN)
    data = {"email": "new@noor.example", "role": "owner"}
    assert client.post("/app/noor/settings/team/add/", data).status_code == 400
    row = Membership.objects.get(user=owner)
    client.post(f"/app/noor/settings/team/{row.pk}/", {"role": "viewer"})
    client.post(f"/app/noor/settings/team/{row.pk}/", {"role": ""})
    assert Membership.objects.get(user=owner).role == Role.OWNER
    assert User.objects.filter(email="new@noor.example").count() == 0


@pytest.mark.parametrize("role", ["", "admin", "viewer"])
def test_last_owner_stays(merchant: Merchant, sign_in: SignIn, role: str) -> None:
    client = sign_in(Role.OWNER)
    client.post(f"/app/noor/settings/team/{member(merchant, Role.OWNER).pk}/", {"role": role})
    assert Membership.objects.filter(merchant=merchant, role=Role.OWNER).count() == 1
    assert actions(merchant) == []


def test_owner_changes_and_removes_members(merchant: Merchant, sign_in: SignIn) -> None:
    agent = factories.user(merchant, role=Role.AGENT, email="a@noor.example")
    client = sign_in(Role.OWNER)
    row = Membership.objects.get(user=agent)
    client.post(f"/app/noor/settings/team/{row.pk}/", {"role": "admin"})
    row.refresh_from_db()
    client.post(f"/app/noor/settings/team/{row.pk}/", {"role": ""})
    assert row.role == Role.ADMIN
    assert Membership.objects.filter(user=agent).count() == 0
    assert actions(merchant) == ["member.role_changed", "member.removed"]


def test_role_that_does_not_exist_is_not_there(merchant: Merchant, sign_in: SignIn) -> None:
    client = sign_in(Role.OWNER)
    row = member(merchant, Role.OWNER)
    url = f"/app/noor/settings/team/{row.pk}/"
    assert client.post(url, {"role": "emperor"}).status_code == 404


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "size"),
        (PNG + b"\x00" * 200_000, "size"),
        (b"GIF89a", "kind"),
        (b"<html><svg></svg></html>", "kind"),
        (PNG[:20], "broken"),
        (b"<svg", "broken"),
        (b'<!DOCTYPE svg [<!ENTITY a "b">]>' + SVG, "broken"),
        (SVG.replace(b"<path", b"<script>alert(1)</script><path"), "active"),
        (SVG.replace(b"<path", b'<path onload="alert(1)"'), "active"),
        (SVG.replace(b"<path", b'<image href="https://evil.example/x.png"/><path'), "active"),
        (SVG.replace(b"<path", b'<path style="fill:url(https://evil.example/)"'), "active"),
        (SVG.replace(b"<path", b"<style>@import 'x'</style><path"), "active"),
    ],
)
def test_what_is_no_harmless_picture_is_refused(content: bytes, reason: str) -> None:
    with pytest.raises(NotALogo) as refused:
        logo_type(content)
    assert refused.value.reason == reason
