"""Products in the dashboard: from a file, by hand, with what is wrong named row by row."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from dashboard.selling.product_file import read
from merchants.models import Merchant
from merchants.scope import merchant_scope
from selling.models import Product
from stores.csv.problems import FileProblem, Problem
from tests.dashboard.conftest import SignIn

PATH = "/app/noor/settings/products/"
GOOD = (
    "SKU;Title;Title (ar);Link;Image;Price;Lasts days;Goes with\r\n"
    "OC-1;Oud candle;شمعة العود;https://noor.example/oud;https://noor.example/o.jpg;95,50;60;IB-2\r\n"
    "IB-2;Incense burner;;https://noor.example/ib;;160;;OC-1, Rug\r\n"
)


def upload(browser: Client, text: str, encoding: str = "utf-8") -> str:
    file = SimpleUploadedFile("products.csv", text.encode(encoding))
    return browser.post(f"{PATH}upload/", {"file": file}, follow=True).content.decode()


def test_file_is_read_and_what_is_unknown_is_named(sign_in: SignIn, merchant: Merchant) -> None:
    page = upload(sign_in(), GOOD, "utf-8-sig")
    assert "2 new products." in page
    assert "Goes with: “Rug” is no product of this shop." in page
    with merchant_scope(merchant.pk):
        oud, burner = Product.objects.order_by("-sku")
        assert (oud.titles, oud.lasts_days, str(oud.price)) == ({"ar": "شمعة العود"}, 60, "95.500")
        assert (oud.goes_with, burner.goes_with) == (["s:ib-2"], ["s:oc-1"])


def test_sample_is_a_good_file(sign_in: SignIn) -> None:
    content = sign_in().get(f"{PATH}sample.csv").content
    found = read(content, languages=["en", "ar"])
    assert ([one.sku for one in found.listed], found.problems) == (["OC-1", "IB-2"], [])


def test_what_is_wrong_in_a_row_keeps_it_out_alone() -> None:
    rows = (
        "title,url,price,currency,lasts\n"
        "Lamp,ftp://x,12,AED,\n"
        ",https://noor.example,1,AED,\n"
        "Oil,https://noor.example/oil,much,dirham,never\n"
        "Soap,https://noor.example/soap,3,aed,30\n"
    )
    found = read(rows.encode(), languages=["en"])
    assert [(one.title, one.currency, one.lasts_days) for one in found.listed] == [
        ("Soap", "AED", 30)
    ]
    assert found.problems == [
        Problem(2, "web_address", "url", "ftp://x"),
        Problem(3, "no_title"),
        Problem(4, "amount", "price", "much"),
        Problem(4, "currency", "currency", "dirham"),
        Problem(4, "days", "lasts", "never"),
    ]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"%PDF-1.7 x", "pdf"),
        (b"sku,price\nA,1\n", "no_titles"),
        (b"title,price\n", "no_products"),
    ],
)
def test_file_that_cannot_be_read_says_why(content: bytes, code: str) -> None:
    with pytest.raises(FileProblem) as raised:
        read(content, languages=["en"])
    assert raised.value.code == code


def test_problem_of_a_file_stands_on_the_page(sign_in: SignIn) -> None:
    assert "The file is empty." in upload(sign_in(), "")


def test_product_is_changed_by_hand(sign_in: SignIn, merchant: Merchant) -> None:
    browser = sign_in()
    upload(browser, GOOD)
    with merchant_scope(merchant.pk):
        oud = Product.objects.get(sku="OC-1")
    typed = {
        "title": "Oud candle, large", "title_ar": "شمعة", "url": "https://noor.example/oud",
        "goes_with": "Incense burner", "lasts_days": "90",
    }  # fmt: skip
    assert browser.post(f"{PATH}{oud.pk}/", typed).status_code == 303
    with merchant_scope(merchant.pk):
        oud.refresh_from_db()
        assert (oud.title, oud.key, oud.is_on) == ("Oud candle, large", "s:oc-1", False)
        assert (oud.goes_with, oud.lasts_days) == (["s:ib-2"], 90)
    answer = browser.post(f"{PATH}{oud.pk}/", typed | {"goes_with": "Rug"})
    assert "“Rug” is no product of this shop." in answer.content.decode()
    browser.post(f"{PATH}{oud.pk}/remove/")
    with merchant_scope(merchant.pk):
        assert [one.sku for one in Product.objects.all()] == ["IB-2"]


def test_products_are_found_by_a_part_of_their_name(sign_in: SignIn) -> None:
    browser = sign_in()
    upload(browser, GOOD)
    page = browser.get(f"{PATH}?q=oud").content.decode()
    assert ("Oud candle" in page, "Incense burner" in page) == (True, False)
    assert "No product has this name or SKU." in browser.get(f"{PATH}?q=zzz").content.decode()
