"""Every state of the page, looked at in a browser: nothing for axe-core to find at WCAG 2.2 AA,
nothing wider than the window, one heading.

Three looks at each state are such that every width is met with every scheme and direction, and
each state with every one of them; `make matrix` takes all twelve. HOMEWARD_STATES=folder keeps
pictures for people to read.
"""

from __future__ import annotations

import os
from itertools import product
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, Page

from merchants.models import Brand, Merchant
from merchants.scope import merchant_scope
from tests import factories
from tests.browser.axe import problems
from tests.browser.in_process import ORIGIN, looking
from tests.factories import NOW
from tests.storefront_pages import clock
from tests.storefront_pages.states import STATES, State, make_page

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

SCHEMES: Final = ("light", "dark")
LANGUAGES: Final = ("en", "ar")
WIDTHS: Final = (320, 390, 1280)
WHOLE: Final = tuple(product(SCHEMES, LANGUAGES, WIDTHS))
#: Rows of which each holds every width, both schemes and both directions.
PAIRWISE: Final = (
    (("light", "en", 320), ("dark", "ar", 390), ("light", "ar", 1280)),
    (("dark", "ar", 320), ("light", "en", 390), ("dark", "en", 1280)),
    (("light", "ar", 320), ("dark", "en", 390), ("light", "en", 1280)),
    (("dark", "en", 320), ("light", "ar", 390), ("dark", "ar", 1280)),
)
PICTURES: Final = os.environ.get("HOMEWARD_STATES", "")


@pytest.fixture(autouse=True)
def frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    clock.stop(monkeypatch)


@pytest.fixture
def shop(db: None) -> Merchant:
    made = factories.merchant(support_email="care@noor.example", support_phone="+97141234567")
    with merchant_scope(made.pk):
        Brand.objects.update(accent="#b4551d", radius=12)
    return made


def looks_at(number: int) -> tuple[tuple[str, str, int], ...]:
    return WHOLE if "HOMEWARD_MATRIX" in os.environ else PAIRWISE[number % len(PAIRWISE)]


@pytest.mark.parametrize("state", STATES, ids=[state.name for state in STATES])
def test_state_is_open_to_everybody(chromium: Browser, shop: Merchant, state: State) -> None:
    made = make_page(shop, state)
    found: dict[str, Any] = {}
    with looking(chromium, made.client) as page:
        page.clock.set_fixed_time(NOW)
        for scheme, language, width in looks_at(STATES.index(state)):
            page.set_viewport_size({"width": width, "height": 844})
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            see(page, made.path, state, language)
            found[f"{scheme} {language} {width}"] = problems(page)
        for language in LANGUAGES if PICTURES else ():
            page.set_viewport_size({"width": 390, "height": 844})
            page.emulate_media(color_scheme="light")
            see(page, made.path, state, language)
            page.screenshot(path=Path(PICTURES) / f"{state.name}-{language}.png", full_page=True)
    assert {look: wrong for look, wrong in found.items() if wrong} == {}


def see(page: Page, path: str, state: State, language: str) -> None:
    """Open the page in this language; where the state has a form, send it as the reader would."""
    page.goto(f"{ORIGIN}{path}?lang={language}")
    if state.posts is None:
        return
    below, fields = state.posts
    page.evaluate(
        """([action, fields]) => {
             const form = document.createElement('form');
             form.method = 'post'; form.action = action;
             for (const [name, value] of Object.entries(fields)) {
               const field = document.createElement('input');
               field.name = name; field.value = value; form.append(field);
             }
             document.body.append(form); form.submit();
           }""",
        [f"{ORIGIN}{path}{below}?lang={language}", dict(fields)],
    )
    page.wait_for_url(f"**{below}?lang={language}")


def test_looks_cover_every_pair() -> None:
    for row in PAIRWISE:
        assert [set(column) for column in zip(*row, strict=True)] == [
            set(SCHEMES), set(LANGUAGES), set(WIDTHS),
        ]  # fmt: skip
    for one, other in ((0, 1), (0, 2), (1, 2)):
        met = {(look[one], look[other]) for row in PAIRWISE for look in row}
        assert met == {(look[one], look[other]) for look in WHOLE}
