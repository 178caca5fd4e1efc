"""The brand editor: drafts, publishing, two people at once, and what is refused."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from merchants.models import AuditEntry, Brand, BrandDraft, Merchant, Role
from merchants.scope import merchant_scope
from notifications.telling import look_of
from storefront_pages.preview import PREVIEW_STATES
from storefront_pages.style import brand_block
from tests import factories
from tests.dashboard.conftest import SignIn
from tests.dashboard.test_settings import PNG, SVG

URL = "/app/noor/settings/brand/"


def whole(client: Client, **typed: Any) -> dict[str, Any]:
    """What a browser posts: every field as the page shows it, and what was typed over it."""
    found = dict(_shown(client))
    return {name: value for name, value in (found | typed).items() if value is not None}


def _shown(client: Client) -> dict[str, Any]:
    context = client.get(URL).context
    sections = context["sections"]
    named = [one for one in sections.values() if isinstance(one, dict) and "kind" in one]
    rows = [field for row in _link_rows(sections) for field in row]
    values = {
        one["name"]: one["value"] for one in [*named, *rows] if one["kind"] in {"field", "select"}
    }
    values |= {one["name"]: "on" for one in named if one.get("checked")}
    return values | {"seen": context["seen"]}


def _link_rows(sections: Any) -> list[Any]:
    found = (sections["header"], sections["footer"])
    rows = [row for links in found for row in links["open"] + links["more"]]
    return [[*row["words"]["open"], *row["words"]["more"], row["url"]] for row in rows]


def save(client: Client, **typed: Any) -> Any:
    return client.post(URL, whole(client, **typed))


def published(merchant: Merchant) -> Brand:
    with merchant_scope(merchant.pk):
        return Brand.objects.get()


def drafts(merchant: Merchant) -> list[BrandDraft]:
    with merchant_scope(merchant.pk):
        return list(BrandDraft.objects.all())


def audit(merchant: Merchant) -> list[tuple[str, dict[str, Any]]]:
    with merchant_scope(merchant.pk):
        return list(AuditEntry.objects.order_by("pk").values_list("action", "detail"))


def public_sheet(merchant: Merchant) -> str:
    page = Client().get("/p/noor/").content.decode()
    found = re.findall(r'<link rel="stylesheet" href="([^"]+)"', page)
    return Client().get(found[0]).content.decode()


def test_draft_changes_nothing_that_shoppers_see(merchant: Merchant, sign_in: SignIn) -> None:
    before = public_sheet(merchant)
    assert save(sign_in(Role.ADMIN), accent="#0A5C4A", name="Noor & Co").status_code == 303
    assert [(one.accent, one.name) for one in drafts(merchant)] == [("#0a5c4a", "Noor & Co")]
    assert (published(merchant).version, public_sheet(merchant)) == (1, before)
    assert Merchant.objects.get(pk=merchant.pk).name == "Noor Home"
    assert audit(merchant) == []


def test_page_says_what_the_draft_changes(merchant: Merchant, sign_in: SignIn) -> None:
    client = sign_in(Role.ADMIN)
    save(client, accent="#0a5c4a", tagline_ar="من دبي", radius="4")
    draft = client.get(URL).context["draft"]
    assert draft["sentence"] == "Draft, not yet published: 3 changes"
    assert [(row["field"], row["before"], row["after"]) for row in draft["rows"]] == [
        ("Your colour", "#2f5bd7", "#0a5c4a"),
        ("Corners", "12", "4"),
        ("Closing line (العربية)", "", "من دبي"),
    ]


def test_publishing_reaches_pages_and_messages(merchant: Merchant, sign_in: SignIn) -> None:
    client = sign_in(Role.ADMIN)
    response = save(
        client, do="publish", accent="#0a5c4a", name="Noor & Co", tagline_ar="من دبي",
        support_email="care@noor.example",
    )  # fmt: skip
    brand = published(merchant)
    shop = Merchant.objects.get(pk=merchant.pk)
    look = look_of(shop, brand)
    assert (response.status_code, drafts(merchant), brand.version) == (303, [], 2)
    assert "--brand:#0a5c4a;" in public_sheet(merchant)
    assert (look.shop, look.accent, look.support_email, look.taglines) == (
        "Noor & Co", "#0a5c4a", "care@noor.example", {"ar": "من دبي"},
    )  # fmt: skip
    assert audit(merchant) == [
        (
            "brand.published",
            {
                "name": ["Noor Home", "Noor & Co"],
                "support_email": ["", "care@noor.example"],
                "accent": ["#2f5bd7", "#0a5c4a"],
                "tagline:ar": ["", "من دبي"],
            },
        )
    ]


def test_log_says_who_published_what(merchant: Merchant, sign_in: SignIn) -> None:
    client = sign_in(Role.ADMIN)
    save(client, accent="#0a5c4a", do="publish")
    row = client.get("/app/noor/audit/").context["rows"][0]
    assert (str(row["what"]), row["who"]) == ("Published the look", "Owner")
    assert row["detail"] == "accent: #2f5bd7 → #0a5c4a"


def test_discarded_draft_is_gone(merchant: Merchant, sign_in: SignIn) -> None:
    client = sign_in(Role.ADMIN)
    save(client, accent="#0a5c4a")
    assert client.post(URL, {"do": "discard"}).status_code == 303
    assert (drafts(merchant), client.get(URL).context["sections"]["accent"]["value"]) == (
        [], "#2f5bd7",
    )  # fmt: skip
    assert [action for action, _ in audit(merchant)] == ["brand.discarded"]


def test_draft_that_changes_nothing_any_more_is_none(merchant: Merchant, sign_in: SignIn) -> None:
    client = sign_in(Role.ADMIN)
    save(client, accent="#0a5c4a")
    save(client, accent="#2f5bd7")
    assert drafts(merchant) == []
    assert client.get(URL).context["draft"]["sentence"] == "Everything here is published."


def test_publishing_without_a_change_publishes_nothing(merchant: Merchant, sign_in: SignIn) -> None:
    save(sign_in(Role.ADMIN), do="publish")
    assert (published(merchant).version, audit(merchant)) == (1, [])


def said(client: Client) -> list[str]:
    return [str(one) for one in client.get(URL).context["messages"]]


def test_last_who_saves_wins_and_is_told_whom_they_overtook(
    merchant: Merchant, sign_in: SignIn
) -> None:
    one = sign_in(Role.ADMIN)
    other = Client()
    other.force_login(factories.user(merchant, role=Role.ADMIN, email="huda@noor.example"))
    old = whole(one)
    save(other, accent="#b4532a")
    assert one.post(URL, old | {"accent": "#0a5c4a"}).status_code == 303
    assert [draft.accent for draft in drafts(merchant)] == ["#0a5c4a"]
    assert said(one) == ["Owner changed the draft meanwhile. What you typed stands now."]


def test_draft_that_moved_is_saved_but_not_published(merchant: Merchant, sign_in: SignIn) -> None:
    client = sign_in(Role.ADMIN)
    old = whole(client)
    save(client, accent="#b4532a", do="publish")
    client.post(URL, old | {"accent": "#0a5c4a", "do": "publish"})
    assert [draft.accent for draft in drafts(merchant)] == ["#0a5c4a"]
    assert (published(merchant).accent, published(merchant).version) == ("#b4532a", 2)
    assert said(client)[-1] == (
        "The draft was changed or published meanwhile. What you typed stands now."
    )


@pytest.mark.parametrize(
    ("field", "typed", "error"),
    [
        ("accent", "red", "Enter a colour such as #2f5bd7."),
        ("accent", "", "This field is required."),
        ("background", "#12", "Enter a colour such as #2f5bd7."),
        ("accent", "#2f5bd7;}body{", "Enter a colour such as #2f5bd7."),
        ("link_0_url", "javascript:alert(1)",
         "Enter an address that begins with https:// or http://."),
        ("link_0_url", "", "Where does this link lead?"),
        ("support_email", "nobody", "Enter a valid email address."),
        ("support_phone", "call me", "Enter a number such as +971 4 123 4567."),
        ("notice_until", "soon", "Enter a valid date."),
        ("radius", "99", "Ensure this value is less than or equal to 24."),
        ("font", "x", "Select a valid choice. x is not one of the available choices."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_beside_its_field_and_the_rest_is_saved(
    merchant: Merchant, sign_in: SignIn, field: str, typed: str, error: str
) -> None:
    client = sign_in(Role.ADMIN)
    data = {"tagline_en": "Kept", "link_0_en": "Returns", "do": "publish"} | {field: typed}
    response = save(client, **data)
    sections = response.context["sections"]
    rows = [one for row in _link_rows(sections) for one in row]
    named = [one for one in sections.values() if isinstance(one, dict) and "kind" in one]
    fields = {one["name"]: one for one in [*named, *rows]}
    assert (response.status_code, published(merchant).version) == (400, 1)
    assert (fields[field]["error"], fields[field]["value"]) == (error, typed)
    assert [draft.tagline for draft in drafts(merchant)] == ["Kept"]


@pytest.mark.parametrize(("content", "kind"), [(SVG, "image/svg+xml"), (PNG, "image/png")])
def test_logo_is_in_the_draft_and_cannot_run(
    merchant: Merchant, sign_in: SignIn, content: bytes, kind: str
) -> None:
    client = sign_in(Role.ADMIN)
    save(client, logo_file=SimpleUploadedFile("logo.bin", content))
    logo = client.get(f"{URL}logo/")
    assert (logo.content, logo.headers["Content-Type"]) == (content, kind)
    assert logo.headers["Content-Security-Policy"].endswith("sandbox")
    assert Client().get("/p/noor/logo/1").status_code == 404


def test_logo_is_taken_away_and_back(merchant: Merchant, sign_in: SignIn) -> None:
    client = sign_in(Role.ADMIN)
    save(client, do="publish", logo_file=SimpleUploadedFile("logo.svg", SVG))
    assert bytes(published(merchant).logo or b"") == SVG
    save(client, logo_remove="on")
    assert [draft.logo_type for draft in drafts(merchant)] == [""]
    save(client, logo_remove=None)
    assert drafts(merchant) == []


def test_logo_that_runs_is_refused_beside_its_field(merchant: Merchant, sign_in: SignIn) -> None:
    bad = SVG.replace(b"<path", b"<script>alert(1)</script><path")
    response = save(sign_in(Role.ADMIN), logo_file=SimpleUploadedFile("logo.svg", bad))
    assert response.context["sections"]["logo_file"]["error"] == (
        "This SVG runs or fetches something. Save it as a plain picture."
    )
    assert drafts(merchant) == []


def test_links_and_notice_are_kept_by_language(merchant: Merchant, sign_in: SignIn) -> None:
    save(
        sign_in(Role.ADMIN), notice_en="Closed for Eid", notice_ar="مغلق في العيد",
        notice_until="2026-12-01", link_0_en="Returns", link_0_ar="الإرجاع",
        link_0_url="https://noor.example/returns",
    )  # fmt: skip
    draft = drafts(merchant)[0]
    assert (draft.notice, draft.translations, draft.notice_until) == (
        "Closed for Eid", {"ar": {"notice": "مغلق في العيد"}}, date(2026, 12, 1),
    )  # fmt: skip
    assert draft.footer_links == [
        {
            "label": "Returns",
            "url": "https://noor.example/returns",
            "labels": {"ar": "الإرجاع"},
        }
    ]


def test_contrast_is_said_in_words(merchant: Merchant, sign_in: SignIn) -> None:
    client = sign_in(Role.ADMIN)
    save(client, accent="#f2b705", background="#8899aa")
    rows = client.get(URL).context["contrast"]
    sentences = [
        re.sub("[\u2066\u2069]", "", row["sentence"]).replace("\u00a0", " ") for row in rows
    ]
    assert sentences == [
        "Your colour reads at 1.4 : 1 on this background. We use this shade, 4.5 : 1, "
        "for links and words.",
        "Your colour is seen at 1.4 : 1 on this background. We use this shade, 3.0 : 1, "
        "for lines and dots.",
        "Your colour reads at 9.7 : 1 on this background and is used as it is.",
        "Black words on your colour read at 11.5 : 1.",
        "Our palest words would read at 1.9 : 1 on it. We use this shade, 4.5 : 1. "
        "By night the page is dark grey.",
    ]


@pytest.mark.parametrize("show", ["page", "preview"])
def test_frames_show_the_draft_in_every_state(
    merchant: Merchant, sign_in: SignIn, show: str
) -> None:
    client = sign_in(Role.ADMIN)
    save(client, name="Noor & Co", accent="#0a5c4a")
    found = {}
    for one in PREVIEW_STATES:
        response = client.get(f"{URL}{show}/?state={one.key}&lang=ar&seen_by=dark")
        found[one.key] = (
            response.status_code,
            re.findall(r'<html lang="(\w+)" dir="(\w+)"', response.content.decode()),
            "sandbox" in response.headers["Content-Security-Policy"],
        )
    assert found == dict.fromkeys(found, (200, [("ar", "rtl")], True))
    assert len(found) == len(PREVIEW_STATES)


def test_query_may_override_colours_but_puts_nothing_else_in(
    merchant: Merchant, sign_in: SignIn
) -> None:
    client = sign_in(Role.ADMIN)
    plain = client.get(f"{URL}page/?state=late").content
    wild = client.get(
        f"{URL}page/", {"state": "late", "accent": "red;}", "radius": "x", "font": "</style>"}
    ).content
    other = client.get(f"{URL}page/", {"state": "late", "accent": "#b4532a"}).content
    assert (_sheet_of(wild) == _sheet_of(plain), _sheet_of(other) == _sheet_of(plain)) == (
        True, False,
    )  # fmt: skip


def _sheet_of(page: bytes) -> list[bytes]:
    return re.findall(rb'<link rel="stylesheet" href="([^"]+)"', page)


def test_editor_is_for_admins_and_for_this_shop(
    merchant: Merchant, other: Merchant, sign_in: SignIn
) -> None:
    with merchant_scope(other.pk):
        Brand.objects.update(accent="#123456", tagline="theirs")
    agent, stranger = sign_in(Role.AGENT), sign_in(Role.OWNER, at=other)
    paths = [URL, f"{URL}page/", f"{URL}preview/"]
    assert [agent.get(path).status_code for path in paths] == [403, 403, 403]
    assert [stranger.get(path).status_code for path in paths] == [404, 404, 404]


def test_published_sheet_is_the_one_that_was_previewed(merchant: Merchant, sign_in: SignIn) -> None:
    client = sign_in(Role.ADMIN)
    save(client, accent="#b4532a", background="#fff7ea", font="serif", radius="3", do="publish")
    assert public_sheet(merchant).endswith(brand_block(published(merchant)))


def test_last_day_of_the_notice_stands_in_its_field(sign_in: SignIn) -> None:
    client = sign_in()
    client.post(URL, whole(client, notice="Closed", notice_until="2026-12-05", do="save"))
    assert 'value="2026-12-05"' in client.get(URL).content.decode()
