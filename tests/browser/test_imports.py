"""A merchant imports a file: drops it, looks at the columns, starts, mends, undoes."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from merchants.models import Merchant, Role, User
from merchants.scope import merchant_scope
from stores.models import OrderImport
from tests import factories
from tests.browser.conftest import in_background
from tests.browser.test_merchant import enter
from tests.dashboard.test_imports import carry_on
from tests.stores.csv.files import BAD, HEADER, OMAR, SARA, SARA_TOO

pytestmark = pytest.mark.browser

Shoot = Callable[[str], None]
ARABIC = (
    "1004,2026-11-03 12:00,مريم حداد,maryam@shopper.example,+971502223344,شارع 9,Sharjah,UAE,"
    "Notebook,NOTE,3,12.50,37.50,iMile,6100000123456"
)
SHORTENED = (
    "1005,2026-11-04,James Okafor,james@shopper.example,9.71503E+11,Tower 2,Abu Dhabi,UAE,"
    "Field boots,BOOT,1,320,320,Aramex,3456789013"
)


@pytest.fixture
def shop(transactional_db: None, merchant: Merchant) -> Merchant:
    owner = factories.user(merchant)
    User.objects.filter(pk=owner.pk).update(name="Layla Haddad")
    factories.user(merchant, role=Role.VIEWER, email="viewer@noor.example")
    return merchant


@pytest.fixture
def file(tmp_path: Path) -> Path:
    found = tmp_path / "november orders.csv"
    found.write_text("\n".join((HEADER, SARA, BAD, OMAR, ARABIC, SARA_TOO, SHORTENED, "")))
    return found


def arabic(page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    page.get_by_role("button", name="العربية").click()
    expect(page.locator("html")).to_have_attribute("dir", "rtl")


@pytest.mark.parametrize("language", ["en", "ar"])
def test_import_from_upload_to_undo(
    page: Page, live_server: LiveServer, shop: Merchant, shoot: Shoot, file: Path, language: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr("dashboard.imports.mapping.carry_on_import", lambda job_id: None)
    monkeypatch.setattr("dashboard.imports.running.carry_on_import", lambda job_id: None)
    enter(page, live_server)
    if language == "ar":
        arabic(page)
    page.goto(f"{live_server.url}/app/noor/orders/")
    page.locator(".toolbar__end").click()
    shoot(f"import-upload-{language}")

    page.locator("#f-file").set_input_files(file)
    page.locator("form[enctype] button[type=submit]").click()
    page.wait_for_url(re.compile(r"/import/\d+/$"))
    expect(page.locator("#preview tbody tr")).to_have_count(5)
    expect(page.locator("#preview .is-refused")).to_have_count(2)
    shoot(f"import-mapping-{language}")

    # Leaving a column out changes the preview at once.
    page.get_by_label("Qty").select_option("")
    expect(page.locator("#preview .is-refused").first).not_to_contain_text("Qty")
    page.get_by_label("Qty").select_option("item_quantity")
    expect(page.locator("#preview .is-refused").first).to_contain_text("Qty")

    page.locator("button[value=start]").click()
    expect(page.locator("progress")).to_have_count(1)
    _pretend(shop)
    expect(page.locator("progress")).to_have_attribute("value", "18200")
    shoot(f"import-progress-{language}")
    _pretend(shop, back=True)
    in_background(lambda: carry_on(shop))
    expect(page.locator("progress")).to_have_count(0)
    expect(page.locator(".fault")).to_have_count(2)
    shoot(f"import-result-{language}")

    page.goto(f"{live_server.url}/app/noor/orders/import/")
    expect(page.locator("tbody tr")).to_have_count(1)
    shoot(f"import-history-{language}")


def _pretend(shop: Merchant, *, back: bool = False) -> None:
    """A large import in the middle of its work, for the picture."""

    def write() -> None:
        values = (
            {"state": "reading", "rows": 6, "rows_done": 0, "orders_new": 0, "rows_refused": 0,
             "orders_merged": 0, "due_at": timezone.now()}
            if back
            else {"state": "saving", "rows": 48_000, "rows_done": 18_200, "orders_new": 15_120,
                  "orders_merged": 310, "rows_refused": 12, "due_at": None,
                  "started_at": timezone.now() - timedelta(seconds=21)}
        )  # fmt: skip
        with merchant_scope(shop.pk):
            OrderImport.objects.update(**values)

    in_background(write)


def test_without_javascript_the_same_is_possible(
    page: Page, live_server: LiveServer, shop: Merchant, file: Path
) -> None:
    browser = page.context.browser
    assert browser is not None
    context = browser.new_context(java_script_enabled=False, locale="en-GB")
    plain = context.new_page()
    enter(plain, live_server)
    plain.goto(f"{live_server.url}/app/noor/orders/import/")
    plain.locator("#f-file").set_input_files(file)
    plain.get_by_role("button", name="Upload and check").click()
    plain.get_by_role("button", name="Import 6 rows").click()
    expect(plain.get_by_text("3 orders imported, all of them new.")).to_be_visible(timeout=15_000)
    context.close()
