"""The merchant's look: one sheet, readable colours, a logo that cannot run."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from merchants.models import Brand, Merchant
from merchants.scope import merchant_scope
from storefront_pages.colours import contrast, ink_on, readable_on, to_hex, to_oklch
from storefront_pages.style import DARK, brand_block, style_version

colours = st.integers(0, 0xFFFFFF).map(lambda value: f"#{value:06x}")


@given(colours, st.sampled_from(["#ffffff", DARK]), st.sampled_from([3.0, 4.5]))
def test_corrected_colour_has_the_contrast(colour: str, surface: str, ratio: float) -> None:
    assert contrast(readable_on(colour, surface, ratio=ratio), surface) >= ratio - 0.02


@given(colours)
def test_ink_reads_on_any_colour(colour: str) -> None:
    assert contrast(ink_on(colour), colour) >= 4.5


@given(colours)
def test_oklch_goes_there_and_back(colour: str) -> None:
    assert to_hex(to_oklch(colour)) == colour


def test_colour_that_reads_is_left_alone() -> None:
    assert readable_on("#2F5BD7", "#ffffff", ratio=3.0) == "#2f5bd7"


def test_correction_moves_lightness_and_keeps_the_hue() -> None:
    pale = "#ffd84d"
    corrected = readable_on(pale, "#ffffff", ratio=3.0)
    assert contrast(pale, "#ffffff") < 3.0
    assert abs(to_oklch(corrected).hue - to_oklch(pale).hue) < 0.05
    assert to_oklch(corrected).lightness < to_oklch(pale).lightness


def test_contrast_is_wcags() -> None:
    assert round(contrast("#000000", "#ffffff"), 2) == 21.0
    assert round(contrast("#767676", "#ffffff"), 2) == 4.54


def variables(css: str) -> dict[str, str]:
    first = css.partition("}")[0]
    return dict(re.findall(r"(--brand[\w-]*):([^;}]+)", first))


def test_brand_sets_only_its_variables() -> None:
    css = brand_block(Brand(accent="#ffd84d", font="nonsense", radius=99))
    assert variables(css) == {
        "--brand": "#ffd84d",
        "--brand-ink": "#000000",
        "--brand-line": readable_on("#ffd84d", "#ffffff", ratio=3.0),
        "--brand-text": readable_on("#ffd84d", "#ffffff", ratio=4.5),
        "--brand-radius": "24px",
    }


def test_brand_that_is_no_colour_breaks_nothing() -> None:
    css = brand_block(Brand(accent="red;}", background="</style>"))
    assert variables(css)["--brand"] == "#2f5bd7"
    assert css.count("</style>") == 0


def sheet_path(client: Client) -> str:
    page = client.get("/p/noor/").content.decode()
    return re.findall(r'<link rel="stylesheet" href="([^"]+)"', page)[0]


def test_page_loads_one_sheet_that_is_cached_for_ever(client: Client, merchant: Merchant) -> None:
    path = sheet_path(client)
    response = client.get(path)
    assert path == f"/p/noor/style/{style_version(1)}.css"
    assert response.headers["Content-Type"] == "text/css; charset=utf-8"
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    css = response.content.decode()
    assert [name for name in (".rail", ".answer", ".btn", "--s-16") if name not in css] == []


def test_unchanged_sheet_is_304(client: Client, merchant: Merchant) -> None:
    path = sheet_path(client)
    etag = client.get(path).headers["ETag"]
    assert client.get(path, headers={"If-None-Match": etag}).status_code == 304


def test_new_brand_has_a_new_address_and_the_old_one_is_not_kept(
    client: Client, merchant: Merchant
) -> None:
    old = sheet_path(client)
    with merchant_scope(merchant.pk):
        Brand.objects.update(accent="#b4532a", version=2)
    assert sheet_path(client) != old
    response = client.get(old)
    assert response.headers["Cache-Control"] == "public, max-age=60"
    assert "#b4532a" in response.content.decode()


def test_logo_is_served_with_its_type_and_cannot_run(client: Client, merchant: Merchant) -> None:
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    with merchant_scope(merchant.pk):
        Brand.objects.update(logo=svg, logo_type="image/svg+xml", version=3)
    response = client.get("/p/noor/logo/3")
    assert response.content == svg
    assert response.headers["Content-Type"] == "image/svg+xml"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"] == (
        "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    )


@pytest.mark.parametrize("kind", ["text/html", "application/xhtml+xml", ""])
def test_logo_of_another_type_is_not_served(client: Client, merchant: Merchant, kind: str) -> None:
    with merchant_scope(merchant.pk):
        Brand.objects.update(logo=b"<h1>hello</h1>", logo_type=kind)
    assert client.get("/p/noor/logo/1").status_code == 404


def test_footer_links_are_links_of_the_web(client: Client, merchant: Merchant) -> None:
    links = [
        {"label": "Returns", "url": "https://noor.example/returns"},
        {"label": "Bad", "url": "javascript:alert(1)"},
        {"label": "", "url": "https://noor.example"},
        "nonsense",
    ]
    with merchant_scope(merchant.pk):
        Brand.objects.update(footer_links=links)
    page = client.get("/p/noor/").content.decode()
    foot = page.partition('class="shop__links"')[2]
    assert re.findall(r'<a href="([^"]+)">([^<]+)</a>', foot) == [
        ("https://noor.example/returns", "Returns"),
        ("/p/noor/", "Find another order"),
        ("/p/noor/faq/", "Questions"),
    ]
