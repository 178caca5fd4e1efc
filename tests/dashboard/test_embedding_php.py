"""The WooCommerce snippets in PHP itself, with stand-ins for what they call of WordPress."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

from dashboard.embedding.snippets import Snippets
from merchants.models import Merchant

PHP = shutil.which("php")
STAND_INS = Path(__file__).with_name("wordpress.php")

pytestmark = pytest.mark.skipif(PHP is None, reason="there is no php on this machine")


@pytest.fixture(params=["", "https://shop.noor.example/tracking/"])
def snippets(request: pytest.FixtureRequest, merchant: Merchant) -> Snippets:
    merchant.page_root = request.param
    return Snippets(merchant, "pk_live")


def printed(tmp_path: Path, text: str, *case: str) -> str:
    """What this hook prints, or the shortcode; a warning of PHP's is a failure."""
    assert PHP is not None
    snippet = tmp_path / "functions.php"
    snippet.write_text(text, encoding="utf-8")
    command = [PHP, "-d", "display_errors=stderr", str(STAND_INS), str(snippet), *case]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.strip()


def attributes(element: str, name: str) -> dict[str, str]:
    [inside] = re.findall(rf"<homeward-{name} (.*)></homeward-{name}>", element)
    return dict(re.findall(r'(\w+)="([^"]*)"', inside))


def test_product_page_names_the_goods_and_nobodys_place(tmp_path: Path, snippets: Snippets) -> None:
    shown = printed(tmp_path, snippets.text("date.php"), "woocommerce_single_product_summary")
    assert attributes(shown, "date") == {
        "key": "pk_live", "lang": "ar", "country": "", "city": "", "postcode": "",
        "sku": "LAMP&#039;1",
    }  # fmt: skip


@pytest.mark.parametrize(
    "hook", ["woocommerce_before_cart_totals", "woocommerce_review_order_before_submit"]
)
def test_cart_and_checkout_name_goods_and_place(
    tmp_path: Path, snippets: Snippets, hook: str
) -> None:
    shown = printed(tmp_path, snippets.text("date.php"), hook)
    assert attributes(shown, "date") == {
        "key": "pk_live", "lang": "ar", "country": "SA", "city": "الرياض &quot;شمال&quot;",
        "postcode": "122", "sku": "A,&quot;B&quot;",
    }  # fmt: skip


def test_shortcode_takes_goods_by_name(tmp_path: Path, snippets: Snippets) -> None:
    shown = printed(tmp_path, snippets.text("date.php"), "shortcode")
    assert attributes(shown, "date")["sku"] == "LAMP-1"


def test_script_is_asked_for_once_a_page(tmp_path: Path, snippets: Snippets) -> None:
    shown = printed(tmp_path, snippets.text("date.php"), "wp_enqueue_scripts")
    assert shown == f'<script src="{settings.BASE_URL}/w/1/date.js" defer></script>'


def test_order_shows_the_page_that_its_link_leads_to(tmp_path: Path, snippets: Snippets) -> None:
    text = snippets.text("order.php")
    ours = f"{settings.BASE_URL}/p/noor/t/abc/"
    for link in (ours, snippets.link.replace("TOKEN", "abc")):
        script, element = printed(tmp_path, text, "woocommerce_view_order", link).splitlines()
        assert script == f'<script src="{settings.BASE_URL}/w/1/order.js" defer></script>'
        assert attributes(element, "order") == {"src": link, "lang": "ar"}


@pytest.mark.parametrize("link", ["none", "", "https://carrier.example/t/1", "javascript:alert(1)"])
def test_order_without_a_link_of_ours_shows_nothing(
    tmp_path: Path, snippets: Snippets, link: str
) -> None:
    assert printed(tmp_path, snippets.text("order.php"), "woocommerce_view_order", link) == ""
