"""Date, order and look-up in pages of the shop's own, on another origin, under its own strict
policy: what the dashboard gives to copy is what these pages hold."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from liquid import Environment
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from dashboard.embedding.snippets import TOKEN, Snippets
from lib import near_limits
from merchants import publishable
from merchants.models import Merchant, PublishableKey
from merchants.scope import merchant_scope
from storefront_pages.widget_door import DOORS
from tests import factories
from tests.browser.conftest import SHOTS, Picture
from tests.browser.theme import CSS, Shop, serving
from tests.storefront_pages import scenes
from tracking.models import Shipment

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def theme() -> Iterator[Shop]:
    with serving() as shop:
        yield shop


@pytest.fixture
def merchant(live_server: LiveServer, settings: Any) -> Merchant:
    settings.BASE_URL = live_server.url
    return factories.merchant(languages=["en", "ar"])


@pytest.fixture
def key(merchant: Merchant, theme: Shop, live_server: LiveServer) -> PublishableKey:
    """A key for the theme's pages, whose policy is what the dashboard says, and nothing else."""
    DOORS.forget()
    near_limits.forget()
    us = live_server.url
    theme.css = CSS + Snippets(merchant, "").text("date.css")
    theme.policy = (
        f"default-src 'none'; style-src 'self'; script-src {us}; connect-src {us};"
        f" frame-src {us}; form-action {us}; base-uri 'none'"
    )
    made = publishable.issue(merchant=merchant, origins=[theme.url], fallback="usual", by=None)
    while httpx.get(f"{us}/w/{made.key}/estimate", timeout=30).status_code == 204:
        time.sleep(0.1)  # a new process reads its keys and rules
    return made


def told(page: Page) -> str:
    """The sentence, with plain spaces."""
    text = page.locator("homeward-date [part=text]").inner_text()
    return re.sub(r"\s+", " ", text.replace("\N{NO-BREAK SPACE}", " "))


def shifts(page: Page) -> None:
    """Have the browser count layout shifts from its first paint on."""
    page.add_init_script(
        "window.shifted = 0; new PerformanceObserver(list => { for (const e of list.getEntries())"
        " if (!e.hadRecentInput) window.shifted += e.value; })"
        ".observe({ type: 'layout-shift', buffered: true });"
    )


def test_shopify_section_shows_the_date_and_remembers_the_place(
    page: Page, theme: Shop, merchant: Merchant, key: PublishableKey
) -> None:
    shifts(page)
    text = Snippets(merchant, key.key).text("date.liquid")
    url = theme.put("/products/lamp", liquid(text, lang="en", country="AE"))
    page.goto(url)
    expect(page.locator("homeward-date [part=place]")).to_have_text(
        "Delivery to United Arab Emirates"
    )
    assert re.fullmatch(r"Order (within|by) .+: delivery expected .+", told(page))
    for typed, shown in (("dubai", "Dubai"), ("العين", "Al Ain")):
        page.get_by_role("button", name="Deliver somewhere else").click()
        page.get_by_label("City or emirate").press_sequentially(typed)
        page.get_by_role("button", name="Show the date").click()
        expect(page.locator("homeward-date [part=place]")).to_have_text(
            f"Delivery to {shown}, United Arab Emirates"
        )
    expect(page.get_by_role("button", name="Deliver somewhere else")).to_be_focused()
    page.goto(theme.put("/cart", liquid(text, lang="ar", country="SA"), lang="ar"))
    expect(page.locator("homeward-date [part=place]")).to_have_text(
        "التوصيل إلى العين، الإمارات العربية المتحدة"
    )
    assert page.locator("homeward-date [part=text]").evaluate(
        "e => getComputedStyle(e).direction"
    ) == ("rtl")
    assert page.evaluate("window.shifted") < 0.001


def liquid(text: str, *, lang: str, country: str) -> str:
    """The section as Shopify renders it; the style sheet's part stands in the theme's sheet."""
    bare = re.sub(r"{% (schema|stylesheet) %}.*?{% end\1 %}", "", text, flags=re.DOTALL)
    given: Mapping[str, Any] = {
        "request": {"locale": {"iso_code": lang}},
        "localization": {"country": {"iso_code": country}},
        "product": {"selected_or_first_available_variant": {"sku": "LAMP-1"}},
    }
    return Environment().from_string(bare).render(**given)


def test_woocommerce_page_asks_for_the_pin(
    page: Page, theme: Shop, merchant: Merchant, key: PublishableKey
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    text = Snippets(merchant, key.key).text("date.php")
    page.goto(theme.put("/product/lamp", php(text, "", "", "", "LAMP-1"), head=enqueued(text)))
    page.get_by_role("button", name="Deliver somewhere else").click()
    page.get_by_label("Country").select_option("IN")
    page.get_by_label("PIN code").press_sequentially("560 001")
    page.keyboard.press("Enter")
    expect(page.locator("homeward-date [part=place]")).to_have_text("Delivery to India")
    assert [url for url in asked if "560001" in url or "560+001" in url] == []
    assert "postcode=560&" in next(url for url in reversed(asked) if "/estimate" in url)


def php(text: str, *values: str) -> str:
    """What the function prints for these values: the key is in it, the language is English."""
    [printed] = re.findall(r"sprintf\(\s*'(<homeward-date[^']*)'", text)
    [key] = set(re.findall(r"'(pk_[^']+)'", text))
    return str(printed) % (key, "en", *values)


def enqueued(text: str) -> str:
    [source] = re.findall(r"wp_enqueue_script\( '[^']+', '([^']+)'", text)
    return f'<script src="{source}" defer></script>'


def test_minutes_go_by_without_moving_the_page(
    page: Page, theme: Shop, merchant: Merchant, key: PublishableKey
) -> None:
    shifts(page)
    now = datetime.now(UTC)
    page.clock.install(time=now)
    body = Snippets(merchant, key.key).text("date.html")
    page.goto(theme.put("/p", body.replace("></homeward", ' country="AE"></homeward')))
    expect(page.locator("homeward-date [part=window]")).to_be_visible()
    before, top = told(page), page.locator("#below").bounding_box()
    page.clock.run_for(timedelta(minutes=2) / timedelta(milliseconds=1))
    if "within" in before:
        assert told(page) != before
    assert page.locator("#below").bounding_box() == top
    assert page.evaluate("window.shifted") < 0.001


def test_checkout_fixes_the_place_and_hears_the_quote(
    page: Page, theme: Shop, merchant: Merchant, key: PublishableKey
) -> None:
    body = (
        f'<homeward-date key="{key.key}" lang="en" country="SA" city="Riyadh" fixed>'
        "</homeward-date>"
    )
    page.goto(
        theme.put("/checkout", body, head=enqueued(Snippets(merchant, key.key).text("date.php")))
    )
    heard = page.evaluate(
        "new Promise(done => { const e = document.querySelector('homeward-date');"
        " e.addEventListener('homeward-date', event => done(event.detail));"
        " e.setAttribute('city', 'Jeddah'); })"
    )
    assert (heard["place"], len(heard["quote"]) > 20) == ("Jeddah, Saudi Arabia", True)
    expect(page.locator("homeward-date [part=place]")).to_have_text(
        "Delivery to Jeddah, Saudi Arabia"
    )
    expect(page.locator("homeward-date [part=change]")).to_be_hidden()


def test_page_that_is_not_listed_shows_what_the_shop_wrote(
    page: Page, theme: Shop, merchant: Merchant, key: PublishableKey
) -> None:
    PublishableKey.objects.update(origins=["https://else.example"])
    DOORS.forget()
    body = Snippets(merchant, key.key).text("date.html")
    with page.expect_event("requestfailed") as refused:
        page.goto(theme.put("/p", body.replace("></homeward", ">Two to four days</homeward")))
    assert "/estimate" in refused.value.url
    expect(page.get_by_text("Two to four days")).to_be_visible()
    expect(page.locator("homeward-date [part=place]")).to_be_hidden()


def test_look_up_box_leads_from_the_faq_to_the_order(
    page: Page, theme: Shop, merchant: Merchant, key: PublishableKey, live_server: LiveServer
) -> None:
    ordered(merchant)
    text = Snippets(merchant, key.key).text("lookup.html")
    page.goto(theme.put("/pages/faq", text))
    page.get_by_label("Order or tracking number").fill("1001")
    page.get_by_label("E-mail, phone or postcode").fill("050 765 4321")
    page.get_by_role("button", name="Show my order").click()
    # A look-up has a link of its own.
    page.wait_for_url(f"{live_server.url}/p/noor/t/**")
    expect(page.get_by_role("heading", level=1)).to_have_text("Out for delivery, expected today")


def ordered(merchant: Merchant) -> str:
    now = datetime.now(UTC)
    with merchant_scope(merchant.pk):
        order = scenes.order(
            merchant, number="#1001", placed_at=now - timedelta(days=2), announce_from=now
        )
        scans = [scenes.scan(20, "picked_up.accepted", now), scenes.scan(3, "out.on_vehicle", now)]
        made = scenes.parcel(merchant, *scans, of=order, now=now)
        today = now.astimezone(scenes.DUBAI).date()
        Shipment.objects.filter(pk=made.pk).update(
            edd_first=today, edd_last=today, promised_first=today, promised_last=today
        )
        return scenes.path(merchant, order)


def filled(text: str, path: str) -> str:
    """The text with the order's own link."""
    return text.replace(f"/p/noor/t/{TOKEN}/", path)


def test_frame_needs_no_script_of_the_shop(
    chromium: Browser, theme: Shop, merchant: Merchant, key: PublishableKey
) -> None:
    text = filled(Snippets(merchant, key.key).text("order.html"), ordered(merchant))
    context = chromium.new_context(java_script_enabled=False, locale="en-GB")
    plain = context.new_page()
    plain.goto(theme.put("/account/order", text))
    frame = plain.frame_locator("iframe")
    expect(frame.get_by_role("heading", level=1)).to_have_text("Out for delivery, expected today")
    with context.expect_page() as opened:
        frame.get_by_role("link", name="Everything about this order").click()
    expect(opened.value.get_by_role("heading", level=1)).to_have_text(
        "Out for delivery, expected today"
    )
    context.close()


def test_order_element_is_as_high_as_what_it_says(
    page: Page, theme: Shop, merchant: Merchant, key: PublishableKey
) -> None:
    path = ordered(merchant)
    text = filled(Snippets(merchant, key.key).text("order_element.html"), path)
    page.goto(theme.put("/account/order", text))
    frame = page.locator("homeward-order").frame_locator("iframe")
    expect(frame.get_by_role("heading", level=1)).to_have_text("Out for delivery, expected today")
    inside = frame.locator("body").evaluate("body => body.scrollHeight")
    box = page.locator("homeward-order iframe").bounding_box()
    assert box is not None
    assert box["height"] == inside
    expect(page.locator("homeward-order iframe")).to_have_attribute(
        "title", "Out for delivery, expected today · Noor Home"
    )


def test_page_of_another_site_cannot_frame_the_order(
    chromium: Browser, theme: Shop, merchant: Merchant, key: PublishableKey
) -> None:
    PublishableKey.objects.update(origins=["https://else.example"])
    text = filled(Snippets(merchant, key.key).text("order.html"), ordered(merchant))
    context = chromium.new_context()
    stranger = context.new_page()
    stranger.goto(theme.put("/evil", text))
    stranger.wait_for_timeout(500)
    inside = [frame.url for frame in stranger.frames[1:]]
    assert inside == ["chrome-error://chromewebdata/"]
    context.close()


def test_page_of_the_shop_reads_the_order_and_asks_with_its_tag(
    page: Page, theme: Shop, merchant: Merchant, key: PublishableKey, live_server: LiveServer
) -> None:
    path = ordered(merchant)
    page.goto(theme.put("/app", ""))
    first, again = page.evaluate(
        """async (url) => {
          const one = await fetch(url);
          const said = await one.json();
          const headers = { "If-None-Match": one.headers.get("ETag") };
          const two = await fetch(url, { headers, cache: "no-store" });
          return [said.heading, two.status];
        }""",
        f"{live_server.url}{path}order.json",
    )
    assert (first, again) == ("Out for delivery, expected today", 304)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("lang", ["en", "ar"])
def test_date_widget_fits_a_small_phone(
    page: Page,
    theme: Shop,
    merchant: Merchant,
    key: PublishableKey,
    lang: str,
    scheme: Any,
    picture: Picture,
) -> None:
    shifts(page)
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": 320, "height": 640})
    text = Snippets(merchant, key.key).text("date.liquid")
    page.goto(theme.put("/products/lamp", liquid(text, lang=lang, country="AE"), lang=lang))
    expect(page.locator("homeward-date [part=change]")).to_be_visible()
    assert page.evaluate("window.shifted") < 0.001
    page.locator("homeward-date [part=change]").click()
    expect(page.locator("homeward-date select")).to_be_focused()
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"embed-date-{lang}-{scheme}.png", full_page=True)
    if (lang, scheme) == ("en", "light"):
        picture("date-widget", width=320, height=450)
    for control in page.locator("homeward-date").locator("select, input").all():
        assert control.evaluate("e => e.labels.length") == 1
        box = control.bounding_box()
        assert box is not None
        assert box["height"] >= 44


def test_merchant_sees_it_alive_and_copies_it(
    page: Page,
    live_server: LiveServer,
    merchant: Merchant,
    key: PublishableKey,
    shoot: Callable[[str], None],
) -> None:
    factories.user(merchant, email="owner@noor.example")
    page.goto(f"{live_server.url}/app/noor/settings/keys/")
    page.get_by_label("E-mail").fill("owner@noor.example")
    page.get_by_label("Password").fill("correct horse battery")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="In your shop").click()
    expect(page.locator("homeward-date [part=place]")).to_have_text(
        "Delivery to United Arab Emirates"
    )
    shoot("embed-dashboard-date")
    for tab in ("Order page", "Look-up box", "Your app"):
        page.get_by_role("link", name=tab).click()
        expect(page.get_by_role("heading", name="How it looks")).to_be_visible()
        shoot(f"embed-dashboard-{tab.split()[0].lower()}")
