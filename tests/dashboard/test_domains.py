"""The shop's own domains in the dashboard: added, set up, checked, preferred, removed, told of."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from dashboard.domains import changing
from merchants import domains
from merchants.domain_records import proof_name, proof_value
from merchants.models import AuditEntry, Domain, Merchant
from merchants.scope import merchant_scope
from tests.dashboard.conftest import SignIn
from tests.lib.fake_dns import running_dns
from tests.merchants.domain_scenes import HOST, OURS, Records, lead, let_in

URL = "/app/noor/settings/domains/"
OUR_ROOT = "https://homeward.example/p/noor/"


@pytest.fixture(autouse=True)
def zone(settings: Settings) -> Iterator[Records]:
    records: Records = {f"A {OURS}": ["203.0.113.7"]}
    settings.PAGES_HOST, settings.BASE_URL = OURS, "https://homeward.example"
    with running_dns(records) as server:
        settings.DNS_SERVERS = server
        yield records


@pytest.fixture
def owner(merchant: Merchant, sign_in: SignIn) -> Client:
    return sign_in()


def add(client: Client, text: str = HOST) -> Any:
    return client.post(URL, {"domain": text})


def check(client: Client) -> Domain:
    domain = Domain.objects.get(removed_at=None)
    assert client.post(f"{URL}{domain.pk}/check/").status_code == 303
    domain.refresh_from_db()
    return domain


def connect(client: Client, zone: Records) -> Domain:
    add(client)
    lead(zone)
    let_in(zone, Domain.objects.get())
    return check(client)


def said(client: Client) -> list[str]:
    return [str(one) for one in client.get(URL).context["messages"]]


def card(client: Client) -> dict[str, Any]:
    (found,) = client.get(URL).context["domains"]
    return found  # type: ignore[no-any-return]


def places(client: Client) -> list[tuple[str, bool]]:
    return [(one["url"], one["is_used"]) for one in client.get(URL).context["places"]]


def todos(client: Client) -> list[tuple[str, str]]:
    found = client.get("/app/noor/").context["todos"]
    return [(one["tone"], one["sentence"]) for one in found if one["url"] == URL]


def test_page_says_where_the_pages_are(owner: Client, merchant: Merchant) -> None:
    assert places(owner) == [(OUR_ROOT, True)]
    Merchant.objects.update(page_root="https://noor.example/tracking/")
    assert places(owner) == [("https://noor.example/tracking/", True), (OUR_ROOT, False)]


def test_tab_stands_beside_the_look(owner: Client) -> None:
    tabs = owner.get("/app/noor/settings/brand/").context["views"]
    assert [one["url"] for one in tabs][:2] == ["/app/noor/settings/brand/", URL]


def test_added_domain_says_what_to_set(owner: Client) -> None:
    assert add(owner, "https://Track.Noor.example/").status_code == 303
    domain = Domain.objects.get()
    records = [(one["kind"], one["name"], one["value"]) for one in card(owner)["records"]]
    assert records == [
        ("CNAME", HOST, OURS), ("TXT", proof_name(HOST), proof_value(domain.token)),
    ]  # fmt: skip
    page = owner.get(URL).content.decode()
    assert [page.count(f'data-copy="{value}"') for *_, value in records] == [1, 1]


def test_name_in_other_letters_is_shown_as_typed(owner: Client) -> None:
    add(owner, "تتبع.نور.example")
    assert (card(owner)["name"], card(owner)["host"]) == (
        "تتبع.نور.example", "xn--ngbda5d.xn--wgb5bg.example",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "This field is required."),
        ("track noor", "Enter a domain such as track.shop.example."),
        ("203.0.113.9", "This is an IP address. Enter a name such as track.shop.example."),
        (OURS, "This name is our own. Enter a domain of yours."),
        ("com.sa", "Domains end with this, but it is none by itself. "
         "Enter yours, such as track.shop.example."),
        ("taken.example.com", "This domain cannot be used."),
    ],
)  # fmt: skip
def test_refusal_is_said_at_the_field(
    owner: Client, other: Merchant, typed: str, words: str
) -> None:
    Domain.objects.create(host="taken.example.com", merchant=other, verified_at=timezone.now())
    response = add(owner, typed)
    assert (response.status_code, response.context["fields"][0]["error"]) == (400, words)


def test_whole_domain_is_told_of_alias_and_named_addresses(
    owner: Client, settings: Settings
) -> None:
    add(owner, "noor.example")
    assert card(owner)["records"][0]["apex"]["addresses"] == []
    settings.PAGES_ADDRESSES = ["203.0.113.7", "2001:db8::7"]
    points = card(owner)["records"][0]
    assert points["kind"] == "ALIAS, ANAME"
    assert points["apex"] == {
        "addresses": [
            {"kind": "A", "value": "203.0.113.7"}, {"kind": "AAAA", "value": "2001:db8::7"},
        ],
        "below": "track.noor.example",
    }  # fmt: skip


def test_check_tells_what_was_found_of_each(owner: Client, zone: Records) -> None:
    add(owner)
    lead(zone, to="old.example")
    check(owner)
    found = [(one["word"], one["seen"], one["hint"]) for one in card(owner)["records"]]
    assert found == [
        ("Another value", "old.example", "Change it to the value above. This was found:"),
        ("Not there yet", "", "DNS can take up to a day."),
    ]
    assert card(owner)["standing"].word == "Waiting for the records"


def test_connected_domain_has_links_and_is_told_of(
    owner: Client, zone: Records, merchant: Merchant
) -> None:
    assert connect(owner, zone).verified_at is not None
    assert said(owner) == [
        f"{HOST} is on your list. Set the two records now.",
        f"{HOST} is connected: your pages are served there.",
    ]
    assert places(owner) == [(f"https://{HOST}/", True), (OUR_ROOT, False)]
    assert (card(owner)["standing"].word, todos(owner)) == (
        "Connected", [("moving", f"{HOST} is connected")],
    )  # fmt: skip
    with merchant_scope(merchant.pk):
        actions = list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))
    assert actions == ["domain.added", "domain.verified"]


def test_log_says_that_the_dns_did_it(owner: Client, zone: Records) -> None:
    connect(owner, zone)
    rows = owner.get("/app/noor/audit/").context["rows"]
    assert [(str(row["what"]), row["who"]) for row in rows] == [
        ("Found a domain’s records: it is connected", "By itself"),
        ("Added a domain for pages", "Owner"),
    ]


@pytest.mark.parametrize(
    ("days", "detail"),
    [
        (1, []),
        (3, ["Links in messages will soon lead elsewhere."]),
        (5, ["Links in messages no longer lead there."]),
    ],
)
def test_missing_records_are_told_on_the_home_page_after_days(
    owner: Client, zone: Records, days: int, detail: list[str]
) -> None:
    connect(owner, zone)
    now = timezone.now()
    Domain.objects.update(
        failing_since=now - timedelta(days=days), verified_at=now - timedelta(days=30)
    )
    found = owner.get("/app/noor/").context["todos"]
    assert [one["detail"] for one in found if one["url"] == URL] == detail


def test_lost_domain_is_told_of(owner: Client) -> None:
    add(owner)
    Domain.objects.update(lost_at=timezone.now())
    assert todos(owner) == [("act", f"{HOST} no longer serves your pages")]
    assert card(owner)["standing"].word == "No longer connected"


def test_both_records_and_yet_in_use_elsewhere(
    owner: Client, zone: Records, other: Merchant
) -> None:
    add(owner)
    theirs = Domain.objects.create(host=HOST, merchant=other, verified_at=timezone.now())
    mine = Domain.objects.get(merchant__slug="noor")
    lead(zone)
    let_in(zone, mine, theirs)
    owner.post(f"{URL}{mine.pk}/check/")
    assert card(owner)["standing"].word == "Cannot be used"


def test_checks_are_limited(owner: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changing, "CHECKS", 1)
    add(owner)
    check(owner), check(owner)
    assert said(owner)[-1] == "That was often. Wait ten minutes: we go on looking meanwhile."


def test_silent_dns_is_said(
    owner: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DNS_SERVERS = "127.0.0.1:9"
    monkeypatch.setattr("lib.dns_lookup._SECONDS", 0.3)
    add(owner)
    assert check(owner).checked_at is None
    assert said(owner)[-1] == "The DNS did not answer. Try again in a few minutes."


def test_one_of_several_is_preferred(owner: Client, zone: Records, merchant: Merchant) -> None:
    first = connect(owner, zone)
    add(owner, "go.noor.example")
    second = Domain.objects.get(host="go.noor.example")
    owner.post(f"{URL}{second.pk}/prefer/")
    assert said(owner)[-1] == "Its records are not both there: links cannot lead to it."
    lead(zone, second.host)
    let_in(zone, second)
    owner.post(f"{URL}{second.pk}/check/")
    urls = [one["prefer_url"] for one in owner.get(URL).context["domains"]]
    assert urls == ["", f"{URL}{second.pk}/prefer/"]
    owner.post(f"{URL}{second.pk}/prefer/")
    merchant.refresh_from_db()
    assert (merchant.links_host, first.host) == ("go.noor.example", HOST)


def test_removal_asks_and_says_what_becomes_of_links(owner: Client, zone: Records) -> None:
    domain = connect(owner, zone)
    asked = owner.get(f"{URL}{domain.pk}/remove/")
    assert asked.context["title"] == f"Remove {HOST}?"
    assert asked.context["sentence"].startswith("New messages no longer lead there.")
    assert owner.post(f"{URL}{domain.pk}/remove/").status_code == 303
    assert (owner.get(URL).context["domains"], places(owner)) == ([], [(OUR_ROOT, True)])
    assert owner.post(f"{URL}{domain.pk}/check/").status_code == 404


def test_no_more_can_be_added_than_the_most(owner: Client) -> None:
    for n in range(domains.MOST):
        add(owner, f"t{n}.noor.example")
    assert owner.get(URL).context["can_add"] is False
    assert add(owner, "t9.noor.example").context["fields"][0]["error"] == (
        "These are as many as a shop can have. Remove one that you no longer need."
    )


def test_machine_without_a_name_says_so(owner: Client, settings: Settings) -> None:
    settings.PAGES_HOST = "127.0.0.1"
    context = owner.get(URL).context
    assert (context["can_be_reached"], context["can_add"]) == (False, False)
