"""The page by keyboard, to a screen reader, on paper, and in every language on a small phone."""

from __future__ import annotations

import itertools
import os
import re
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, expect

from carriers.updates import TrackingUpdate
from lib.languages import SHOPPERS
from merchants.models import Merchant
from merchants.scope import merchant_scope
from tests import factories
from tests.browser.in_process import ORIGIN, looking
from tests.factories import NOW
from tests.storefront_pages import clock, scenes, states
from tests.storefront_pages.states import State, make_page
from tracking.ingest import Heard, ingest
from tracking.models import DeliveryAnswer, Order, Shipment

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

#: Pages of a PDF file.
_SHEET: Final = re.compile(rb"/Type\s*/Page\b(?!s)")
_FOCUSED: Final = """() => {
  const at = document.activeElement, style = getComputedStyle(at);
  const seen = at.matches('input[type=radio]') ? getComputedStyle(at.nextElementSibling) : style;
  return [at.getAttribute('name') || at.textContent.trim().replace(/\\s+/g, ' ').slice(0, 40),
          seen.outlineStyle !== 'none' || seen.boxShadow !== 'none'];
}"""


@pytest.fixture(autouse=True)
def frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    clock.stop(monkeypatch)


@pytest.fixture
def shop(db: None) -> Merchant:
    return factories.merchant(support_email="care@noor.example", support_phone="+97141234567")


def read(page: Page, path: str, language: str = "en") -> None:
    page.clock.set_fixed_time(NOW)
    page.goto(f"{ORIGIN}{path}?lang={language}")


def test_another_day_is_asked_for_by_keyboard_alone(chromium: Browser, shop: Merchant) -> None:
    made = make_page(shop, State(scenes.attempt_failed))
    with looking(chromium, made.client) as page:
        read(page, made.path)
        met = []
        while not met or met[-1][0] != "Send to the shop":
            page.keyboard.press("Tab")
            met.append(page.evaluate(_FOCUSED))
            assert len(met) < 60, met
            if met[-1][0] == "day":
                page.keyboard.press("Space")
        assert [name for name, is_seen in met if not is_seen] == []
        page.keyboard.press("Enter")
        heading = page.get_by_role("heading", level=1)
        expect(heading).to_contain_text("has your wish: Friday 13 November")
    with merchant_scope(shop.pk):
        assert DeliveryAnswer.objects.get().day is not None


def test_everything_is_met_in_the_order_in_which_it_is_read(
    chromium: Browser, shop: Merchant
) -> None:
    made = make_page(shop, State(states.everything_sold))
    for language in ("en", "ar"):
        with looking(chromium, made.client) as page:
            read(page, made.path, language)
            tops = page.eval_on_selector_all(
                "main :is(h1, h2, a, button, input:not([type=hidden]), select, summary)",
                """all => all.filter(one => one.checkVisibility())
                     .map(one => Math.round(one.getBoundingClientRect().top))""",
            )
            # Beside one another within a line, never back up the page by more than that.
            backwards = [(a, b) for a, b in itertools.pairwise(tops) if b < a - 48]
            assert backwards == []


def test_screen_reader_hears_the_answer_first(chromium: Browser, shop: Merchant) -> None:
    made = make_page(shop, State(states.courier_named))
    with looking(chromium, made.client) as page:
        read(page, made.path)
        heard = page.locator("main").aria_snapshot().splitlines()
    said = [line.strip().removeprefix("- ") for line in heard]
    assert said[:4] == [
        "main:",
        'paragraph: "Order #1001 · for Sara in Dubai"',
        'heading "Out for delivery, expected today" [level=1]',
        'paragraph: "Please keep your phone near you: the courier may call."',
    ]


def sheets(page: Page) -> int:
    return len(_SHEET.findall(page.pdf(format="A4")))


def many_scans(merchant: Merchant) -> Order:
    """A parcel with 25 scans, as one from afar has."""
    first = scenes.parcel(merchant, scenes.scan(200, "picked_up.accepted"))
    scans = tuple(scenes.scan(190 - 6 * n, "transit.arrived_facility") for n in range(24))
    ingest(heard=[Heard(first.pk, TrackingUpdate(first.tracking_number, scans))],
           source="poll", now=NOW)  # fmt: skip
    scenes.window(Shipment.objects.get(pk=first.pk), 14, 16)
    return first.order


@pytest.mark.parametrize(
    "scene",
    [
        scenes.in_transit, scenes.attempt_failed, states.pickup_point, states.everything_sold,
        states.items_in_parcels, many_scans,
    ],
)  # fmt: skip
def test_prints_on_one_sheet(chromium: Browser, shop: Merchant, scene: scenes.Scene) -> None:
    made = make_page(shop, State(scene))
    with looking(chromium, made.client) as page:
        read(page, made.path)
        assert sheets(page) == 1


@pytest.mark.parametrize("turn", [0, 1])
def test_no_language_is_wider_than_a_small_phone(
    chromium: Browser, shop: Merchant, turn: int
) -> None:
    """Every second language on the page with the most forms, the others on that with all blocks."""
    Merchant.objects.update(languages=[])
    scene = (scenes.attempt_failed, states.everything_sold)[turn]
    made = make_page(shop, State(scene))
    wider = {}
    with looking(chromium, made.client, viewport={"width": 320, "height": 640}) as page:
        for language in SHOPPERS if "HOMEWARD_MATRIX" in os.environ else SHOPPERS[turn::2]:
            read(page, made.path, language)
            assert page.evaluate("document.documentElement.lang").lower() == language
            wider[language] = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert {language: by for language, by in wider.items() if by > 0} == {}


def test_one_request_blocks_the_first_paint(chromium: Browser, shop: Merchant) -> None:
    made = make_page(shop, State(states.everything_sold))
    with looking(chromium, made.client) as page:
        read(page, made.path)
        blocking = page.eval_on_selector_all(
            "link[rel=stylesheet], script[src]:not([defer]):not([async]):not([type=module])",
            "all => all.map(one => new URL(one.href || one.src).pathname)",
        )
    assert [re.sub(r"/style/.*", "/style/", path) for path in blocking] == ["/p/noor/style/"]


def test_reads_without_javascript(chromium: Browser, shop: Merchant) -> None:
    made = make_page(shop, State(scenes.out))
    with looking(chromium, made.client, java_script_enabled=False) as page:
        page.goto(f"{ORIGIN}{made.path}?lang=en")
        page.get_by_role("link", name="Look for news now").click()
        expect(page.get_by_role("heading", level=1)).to_have_text(
            "Out for delivery, expected today"
        )
