"""The editor: order of the page's parts, links, files, what is not told."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from dashboard.block_words import BLOCK_NAMES
from merchants.models import Merchant, Role
from storefront_pages.blocks import BLOCKS
from tests.dashboard.conftest import SignIn
from tests.dashboard.test_brand import URL, drafts, public_sheet, published, save
from tests.dashboard.test_settings import PNG, SVG

USUAL = [block.slug for block in BLOCKS]


def woff2(*, flavour: bytes = b"\x00\x01\x00\x00", size: int = 400) -> bytes:
    """The header of a WOFF2 font of this size, and nothing of a font behind it."""
    head = b"wOF2" + flavour + size.to_bytes(4, "big") + (12).to_bytes(2, "big") + b"\0\0"
    return (head + (900).to_bytes(4, "big") + (size - 60).to_bytes(4, "big")).ljust(size, b"\0")


def change(client: Client, field: str) -> tuple[str, str]:
    rows = client.get(URL).context["draft"]["rows"]
    return next((row["before"], row["after"]) for row in rows if row["field"] == field)


def test_every_block_has_a_name() -> None:
    assert [slug for slug in USUAL if slug not in BLOCK_NAMES] == []


def test_list_has_every_block_in_the_usual_order(merchant: Merchant, sign_in: SignIn) -> None:
    rows = sign_in(Role.ADMIN).get(URL).context["blocks"]
    assert [row["slug"] for row in rows] == USUAL
    assert {row["is_shown"] for row in rows} == {True}


@pytest.mark.parametrize(
    ("move", "order"),
    [
        ("timeline:up", ["progress", "timeline", "parcels"]),
        ("progress:down", ["parcels", "progress", "timeline"]),
        ("progress:up", ["progress", "parcels", "timeline"]),
        ("nothing:up", ["progress", "parcels", "timeline"]),
        ("timeline:sideways", ["progress", "parcels", "timeline"]),
    ],
)
def test_button_moves_a_part_without_javascript(
    merchant: Merchant, sign_in: SignIn, move: str, order: list[str]
) -> None:
    client = sign_in(Role.ADMIN)
    rest = [slug for slug in USUAL if slug not in order]
    posted = ["progress", "parcels", "timeline", *rest]
    response = save(client, block=posted, show=USUAL, move=move, tagline_en="Kept")
    assert response.headers["Location"].endswith("#blocks")
    rows = client.get(URL).context["blocks"]
    assert [row["slug"] for row in rows] == [*order, *rest]
    assert drafts(merchant)[0].tagline == "Kept"


def test_part_is_left_out_and_said_in_words(merchant: Merchant, sign_in: SignIn) -> None:
    client = sign_in(Role.ADMIN)
    save(client, block=USUAL, show=[slug for slug in USUAL if slug not in {"faq", "timeline"}])
    found = {row["slug"]: row["is_shown"] for row in client.get(URL).context["blocks"]}
    # What happened cannot be left out.
    assert (found["faq"], found["timeline"]) == (False, True)
    before, after = change(client, "Parts of the page, in order")
    assert "; left out: Questions and answers" in after
    assert "left out" not in before


def test_usual_order_is_no_choice(merchant: Merchant, sign_in: SignIn) -> None:
    save(sign_in(Role.ADMIN), block=USUAL, show=USUAL)
    assert drafts(merchant) == []


def test_social_and_app_links_are_kept_by_place(merchant: Merchant, sign_in: SignIn) -> None:
    save(
        sign_in(Role.ADMIN),
        social_instagram="https://www.instagram.com/noor",
        app_google_play="https://play.google.com/store/apps/details?id=example.noor",
    )
    draft = drafts(merchant)[0]
    assert (draft.social_links, draft.app_links) == (
        {"instagram": "https://www.instagram.com/noor"},
        {"google_play": "https://play.google.com/store/apps/details?id=example.noor"},
    )


@pytest.mark.parametrize(
    "url", ["https://instagram.com.evil.example/x", "http://instagram.com/x", "javascript:1", "@me"]
)
def test_address_of_a_network_leads_to_that_network(
    merchant: Merchant, sign_in: SignIn, url: str
) -> None:
    response = save(sign_in(Role.ADMIN), social_instagram=url)
    field = response.context["sections"]["social_links"]["fields"][0]
    assert (response.status_code, field["error"]) == (
        400, "Enter an address that begins with https://instagram.com/.",
    )  # fmt: skip
    assert drafts(merchant) == []


def test_links_at_the_top_have_words_by_language(merchant: Merchant, sign_in: SignIn) -> None:
    save(
        sign_in(Role.ADMIN), head_0_en="Sale", head_0_ar="تخفيضات",
        head_0_url="https://noor.example/sale",
    )  # fmt: skip
    assert drafts(merchant)[0].header_links == [
        {"label": "Sale", "url": "https://noor.example/sale", "labels": {"ar": "تخفيضات"}}
    ]


def test_own_font_is_served_for_ever_and_swaps(merchant: Merchant, sign_in: SignIn) -> None:
    font = woff2()
    client = sign_in(Role.ADMIN)
    save(client, own_font_file=SimpleUploadedFile("noor.woff2", font), do="publish")
    brand = published(merchant)
    sheet = public_sheet(merchant)
    assert brand.font == "own"
    assert f"src:url(../font/{brand.own_font_digest}.woff2) format('woff2')" in sheet
    assert "font-display:swap" in sheet
    assert '--brand-font:shop,system-ui,"Noto Sans Arabic"' in sheet
    served = Client().get(f"/p/noor/font/{brand.own_font_digest}.woff2")
    assert (served.content, served.headers["Content-Type"], served.headers["Cache-Control"]) == (
        font, "font/woff2", "public, max-age=31536000, immutable",
    )  # fmt: skip
    assert Client().get("/p/noor/font/0.woff2").status_code == 404
    page = Client().get("/p/noor/").content.decode()
    assert f'href="/p/noor/font/{brand.own_font_digest}.woff2" crossorigin' in page


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (woff2(size=100_001), "The font is too large: up to 100 kB."),
        (woff2(flavour=b"abcd"), "This is no WOFF2 font."),
        (woff2()[:-1], "This is no WOFF2 font."),
        (b"wOFF" + woff2()[4:], "This is no WOFF2 font."),
        (b"wOF2", "This is no WOFF2 font."),
        (SVG, "This is no WOFF2 font."),
    ],
)
def test_what_is_no_font_is_refused(
    merchant: Merchant, sign_in: SignIn, content: bytes, error: str
) -> None:
    response = save(sign_in(Role.ADMIN), own_font_file=SimpleUploadedFile("x.woff2", content))
    assert response.context["sections"]["own_font_file"]["error"] == error
    assert drafts(merchant) == []


def test_own_font_needs_a_file(merchant: Merchant, sign_in: SignIn) -> None:
    response = save(sign_in(Role.ADMIN), font="own")
    assert response.context["sections"]["font"]["error"] == (
        "Choose a file for your own font below."
    )


def test_icon_and_picture_of_links_are_on_the_page(merchant: Merchant, sign_in: SignIn) -> None:
    client = sign_in(Role.ADMIN)
    save(
        client, do="publish", icon_file=SimpleUploadedFile("i.svg", SVG),
        share_image_file=SimpleUploadedFile("s.png", PNG),
    )  # fmt: skip
    page = Client().get("/p/noor/").content.decode()
    assert '<link rel="icon" href="/p/noor/icon/2">' in page
    assert '/p/noor/share/2">' in page
    icon, share = (Client().get(f"/p/noor/{name}/2") for name in ("icon", "share"))
    assert (icon.content, icon.headers["Content-Type"]) == (SVG, "image/svg+xml")
    assert (share.content, share.headers["Content-Type"]) == (PNG, "image/png")
    assert icon.headers["Content-Security-Policy"].endswith("sandbox")
    assert client.get(f"{URL}picture/icon/").content == SVG
    assert client.get(f"{URL}picture/own_font/").status_code == 404


@pytest.mark.parametrize("content", [SVG, b"\xff\xd8\xff" + b"0" * 50, PNG + b"0" * 300_000])
def test_picture_of_links_is_png_or_jpeg(
    merchant: Merchant, sign_in: SignIn, content: bytes
) -> None:
    response = save(sign_in(Role.ADMIN), share_image_file=SimpleUploadedFile("s.png", content))
    assert response.status_code == 400
    assert drafts(merchant) == []


def test_scheme_is_the_same_for_everybody(merchant: Merchant, sign_in: SignIn) -> None:
    client = sign_in(Role.ADMIN)
    save(client, scheme="dark", do="publish")
    assert "prefers-color-scheme" not in public_sheet(merchant)
    assert '<meta name="color-scheme" content="dark">' in Client().get("/p/noor/").content.decode()
    labels = [str(row["label"]) for row in client.get(URL).context["contrast"]]
    assert "Links and words, by day" not in labels
    save(client, scheme="auto", do="publish")
    assert "prefers-color-scheme" in public_sheet(merchant)


def test_what_is_not_told_is_switched_on_and_off(merchant: Merchant, sign_in: SignIn) -> None:
    client = sign_in(Role.ADMIN)
    save(client, hide_carrier="on", hide_origin="on")
    assert change(client, "Do not name the carrier") == ("off", "on")
    save(client, do="publish")
    assert (published(merchant).hide_carrier, published(merchant).hide_origin) == (True, True)
    save(client, hide_carrier=None, hide_origin=None)
    assert [(draft.hide_carrier, draft.hide_origin) for draft in drafts(merchant)] == [
        (False, False)
    ]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("https://shop.example/tracking", "https://shop.example/tracking/"),
        ("https://shop.example/my/orders/", "https://shop.example/my/orders/"),
        ("", ""),
    ],
)
def test_own_path_is_kept_and_its_lines_are_shown(
    merchant: Merchant, sign_in: SignIn, typed: str, kept: str
) -> None:
    client = sign_in(Role.ADMIN)
    save(client, page_root=typed, do="publish")
    assert Merchant.objects.get(pk=merchant.pk).page_root == kept
    assert client.get(URL).context["proxy"].startswith("location ") == bool(kept)


@pytest.mark.parametrize(
    "typed",
    [
        "http://shop.example/tracking/", "https://shop.example/", "shop.example/tracking/",
        "https://shop.example/a b/", "https://shop.example/tracking/?x=1",
        'https://shop.example/";}/',
    ],
)  # fmt: skip
def test_own_path_is_a_path_of_a_site(merchant: Merchant, sign_in: SignIn, typed: str) -> None:
    response = save(sign_in(Role.ADMIN), page_root=typed)
    assert response.context["sections"]["page_root"]["error"] == (
        "Enter an address such as https://shop.example/tracking/."
    )
