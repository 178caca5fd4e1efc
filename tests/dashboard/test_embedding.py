"""What a merchant copies into its shop: its own key and addresses, in well-formed texts."""

from __future__ import annotations

import html
import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from liquid import Environment, StrictUndefined

from dashboard.embedding.snippets import Snippets
from merchants import publishable
from merchants.models import Merchant, PublishableKey
from tests.dashboard.conftest import SignIn

HERE = "/app/noor/settings/embed/"


@pytest.fixture
def admin(sign_in: SignIn) -> Client:
    return sign_in("admin")


@pytest.fixture
def key(merchant: Merchant) -> PublishableKey:
    return publishable.issue(
        merchant=merchant, origins=["https://shop.noor.example"], fallback="usual", by=None
    )


def copied(client: Client, path: str = "") -> dict[str, str]:
    """The texts of one page by their titles."""
    return {one["title"]: one["text"] for one in client.get(HERE + path).context["snippets"]}


def test_date_widget_is_copied_with_the_newest_key_that_works(
    admin: Client, merchant: Merchant, key: PublishableKey
) -> None:
    gone = publishable.issue(merchant=merchant, origins=[], fallback="usual", by=None)
    publishable.revoke(gone, now=datetime.now(UTC))
    texts = copied(admin)
    assert texts["Any page"] == (
        f'<script src="{settings.BASE_URL}/w/1/date.js" defer></script>\n'
        f'<homeward-date key="{key.key}" lang="en"></homeward-date>'
    )
    assert [title for title, text in texts.items() if key.key in text] == [
        "Any page", "Shopify", "WooCommerce",
    ]  # fmt: skip
    page = admin.get(HERE).content.decode()
    assert f'<homeward-date key="{key.key}" lang="en"></homeward-date>' in page


def test_without_a_key_there_is_nothing_to_copy_and_a_way_to_make_one(
    admin: Client, merchant: Merchant
) -> None:
    assert copied(admin) == {}
    body = admin.get(HERE).content.decode()
    assert 'href="/app/noor/settings/keys/pages/"' in body
    assert "homeward-date" not in body


def test_shopify_section_is_liquid_with_the_goods_of_its_page(
    merchant: Merchant, key: PublishableKey
) -> None:
    text = Snippets(merchant, key.key).text("date.liquid")
    schema = re.findall(r"{% schema %}(.*?){% endschema %}", text, re.DOTALL)
    assert [json.loads(one)["name"] for one in schema] == ["Delivery date"]
    shown = rendered(
        text,
        product={"selected_or_first_available_variant": {"sku": 'LAMP "L"'}},
        cart={"item_count": 0, "items": []},
    )
    assert re.findall(r'(\w+)="([^"]*)"', shown[shown.index("<homeward-date") :])[:4] == [
        ("key", key.key), ("lang", "ar"), ("country", "SA"), ("sku", "LAMP &quot;L&quot;"),
    ]  # fmt: skip
    in_cart = rendered(
        text, product=None, cart={"item_count": 2, "items": [{"sku": "A"}, {"sku": "B"}]}
    )
    assert 'sku="A,B"' in in_cart


def rendered(text: str, **given: Any) -> str:
    """As Shopify renders it, without the parts that it takes out for itself."""
    bare = re.sub(r"{% (schema|stylesheet) %}.*?{% end\1 %}", "", text, flags=re.DOTALL)
    request = {"locale": {"iso_code": "ar"}}
    localization = {"country": {"iso_code": "SA"}}
    template = Environment(undefined=StrictUndefined).from_string(bare)
    return template.render(request=request, localization=localization, **given)


def test_php_calls_what_it_defines_and_closes_what_it_opens(
    merchant: Merchant, key: PublishableKey
) -> None:
    for name in ("date.php", "order.php"):
        text = Snippets(merchant, key.key).text(name)
        code = re.sub(r"//.*|'(?:[^'\\]|\\.)*'", "''", text)
        assert [code.count(one) for one in "({["] == [code.count(one) for one in ")}]"]
        defined = set(re.findall(r"function (\w+)", text))
        assert defined == {one for one in defined if text.count(one) > 1}
        # Whatever is printed is escaped, but for the key, which is ours.
        [(printed, values)] = re.findall(r"printf\(\s*'(<[^']*)',(.*?)\);", text, re.DOTALL)
        assert printed.count("%s") == values.count("esc_") + values.count(key.key)


def test_look_up_box_is_copied_in_each_language_of_the_shop(
    admin: Client, merchant: Merchant
) -> None:
    texts = copied(admin, "lookup/")
    assert list(texts) == ["English", "العربية"]
    arabic = texts["العربية"]
    action = f'action="{settings.BASE_URL}/p/noor/?lang=ar"'
    assert (action in arabic, 'dir="rtl"' in arabic) == (True, True)
    assert "عرض طلبي" in html.unescape(arabic) or "طلبي" in html.unescape(arabic)
    assert re.findall(r'name="(\w+)"', arabic) == ["number", "proof"]


def test_shop_with_a_path_of_its_own_copies_that_address(
    admin: Client, merchant: Merchant, key: PublishableKey
) -> None:
    Merchant.objects.filter(pk=merchant.pk).update(page_root="https://shop.noor.example/tracking/")
    lookup = admin.get(f"{HERE}lookup/").context
    [english, _arabic] = lookup["snippets"]
    assert 'action="https://shop.noor.example/tracking/?lang=en"' in english["text"]
    assert lookup["policy"] == "form-action https://shop.noor.example;"
    texts = copied(admin, "order/")
    assert (
        'src="https://shop.noor.example/tracking/t/TOKEN/frame/"'
        in texts["Any page, without a script"]
    )
    assert admin.get(f"{HERE}order/").context["policy"] == (
        f"script-src {settings.BASE_URL};\nframe-src https://shop.noor.example;"
    )


def test_order_page_names_the_pages_that_may_show_it(
    admin: Client, merchant: Merchant, key: PublishableKey
) -> None:
    context = admin.get(f"{HERE}order/").context
    assert context["origins"] == ["https://shop.noor.example"]
    texts = copied(admin, "order/")
    assert f'src="{settings.BASE_URL}/p/noor/t/TOKEN/frame/"' in texts["Any page, without a script"]
    frame = admin.get(f"{HERE}order/frame/")
    assert "Out for delivery" in frame.content.decode()
    assert "sandbox" in frame.headers["Content-Security-Policy"]


def test_app_page_shows_an_order_in_the_true_shape(admin: Client, merchant: Merchant) -> None:
    shown = json.loads(admin.get(f"{HERE}app/").context["sample"])
    assert (shown["version"], shown["order"]["status"]) == (1, "out_for_delivery")
    assert shown["order"]["page_url"] == f"{settings.BASE_URL}/p/noor/t/TOKEN/"


def test_tabs_lead_here_from_the_keys(admin: Client, merchant: Merchant) -> None:
    assert f'href="{HERE}"' in admin.get("/app/noor/settings/keys/").content.decode()
    assert f'href="{HERE}"' in admin.get("/app/noor/settings/webhooks/").content.decode()


def test_every_text_is_filled_in(merchant: Merchant, key: PublishableKey) -> None:
    snippets = Snippets(merchant, key.key)
    names = [
        "app.txt", "date.css", "date.html", "date.liquid", "date.php", "lookup.html",
        "order.html", "order.liquid", "order.php", "order_element.html",
    ]  # fmt: skip
    assert [name for name in names if "%%" in snippets.text(name)] == []
