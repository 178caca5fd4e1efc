"""The import pages: upload, columns, preview, result, refused rows, undo; and who may do what."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoCaptureOnCommitCallbacks

from merchants.models import AuditEntry, Merchant, Role
from merchants.scope import merchant_scope
from stores.csv.work import work
from stores.models import ImportRow, OrderImport
from tests.dashboard.conftest import SignIn
from tests.stores.csv.files import BAD, OMAR, SARA, SARA_TOO, csv_of
from tracking.models import Order

PAGE = "/app/noor/orders/import/"


def upload(client: Client, body: bytes, name: str = "orders.csv") -> Any:
    return client.post(PAGE, {"file": SimpleUploadedFile(name, body, "text/csv")})


def begun(client: Client, body: bytes) -> str:
    """The address of an uploaded file's page."""
    response = upload(client, body)
    assert response.status_code == 303, response.content.decode()
    return response.headers["Location"]


def done(client: Client, merchant: Merchant, body: bytes) -> str:
    """The same, imported."""
    there = begun(client, body)
    response = client.post(f"{there}columns/", {"do": "start"})
    assert response.status_code == 303
    carry_on(merchant)
    return there


def carry_on(merchant: Merchant) -> None:
    """What a worker would do."""
    with merchant_scope(merchant.pk):
        ids = list(OrderImport.objects.filter(due_at__isnull=False).values_list("pk", flat=True))
    for job_id in ids:
        while work(job_id, now=timezone.now()):
            pass


def shown(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def actions(merchant: Merchant) -> list[str]:
    with merchant_scope(merchant.pk):
        return list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))


def test_file_goes_from_upload_to_orders(merchant: Merchant, sign_in: SignIn) -> None:
    client = sign_in(Role.ADMIN)
    there = begun(client, csv_of(SARA, OMAR, SARA_TOO))
    page = shown(client, there)
    for text in ("3 rows in 15 columns", "Sara Al Mansoori", "AED", "Import 3 rows", "Rows 2, 4"):
        assert text in page
    with merchant_scope(merchant.pk):
        assert not Order.objects.exists()
    client.post(f"{there}columns/", {"do": "start"})
    assert 'hx-trigger="every 2s"' in shown(client, there)
    assert '<meta http-equiv="refresh"' in shown(client, there)
    carry_on(merchant)
    page = shown(client, there)
    assert "2 orders imported, all of them new." in page
    assert "hx-trigger" not in page
    assert actions(merchant) == ["import.uploaded", "import.started"]


def test_started_import_is_asked_of_a_worker_at_once(
    merchant: Merchant,
    sign_in: SignIn,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    client = sign_in(Role.ADMIN)
    there = begun(client, csv_of(OMAR))
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"{there}columns/", {"do": "start"})
    assert "1 order imported" in shown(client, there)


def test_same_file_again_says_that_all_is_known(merchant: Merchant, sign_in: SignIn) -> None:
    client = sign_in(Role.ADMIN)
    done(client, merchant, csv_of(SARA, OMAR))
    again = done(client, merchant, csv_of(SARA, OMAR))
    assert "All 2 orders are known already. Nothing was changed." in shown(client, again)


def test_preview_shows_what_is_wrong_in_place(sign_in: SignIn, merchant: Merchant) -> None:
    client = sign_in(Role.ADMIN)
    page = shown(client, begun(client, csv_of(SARA, BAD)))
    assert "Row 3 · stays out" in page
    assert "Email: “lina@” is no e-mail address; one looks like name@example.com." in page
    assert "1 stays out" in page


def test_columns_can_be_chosen_and_are_kept(sign_in: SignIn, merchant: Merchant) -> None:
    client = sign_in(Role.ADMIN)
    there = begun(client, b"Number,Who\n1001,Sara\n")
    client.post(f"{there}columns/", {"column-0": "order_number", "column-1": "customer_name"})
    page = shown(client, there)
    assert '<option value="customer_name" selected>' in page
    assert "Sara" in page.partition('id="preview"')[2]


def test_field_chosen_twice_is_told(sign_in: SignIn, merchant: Merchant) -> None:
    client = sign_in(Role.ADMIN)
    there = begun(client, b"Number,Who\n1001,Sara\n")
    client.post(f"{there}columns/", {"column-0": "order_number", "column-1": "order_number"})
    page = shown(client, there)
    assert "“Order number” is another column already, so “Who” is left out." in page


def test_dates_that_could_be_two_days_are_asked_about(sign_in: SignIn, merchant: Merchant) -> None:
    client = sign_in(Role.ADMIN)
    there = begun(client, b"Order,Date\n1001,03/04/2026\n")
    assert "could be read in two ways" in shown(client, there)
    client.post(f"{there}columns/", {"do": "start"})
    assert "Say whether the day or the month comes first" in shown(client, there)
    client.post(f"{there}columns/", {"do": "start", "days": "day"})
    carry_on(merchant)
    with merchant_scope(merchant.pk):
        assert str(Order.objects.get().placed_at)[:10] == "2026-04-02"


def test_file_can_be_read_in_another_way(sign_in: SignIn, merchant: Merchant) -> None:
    client = sign_in(Role.ADMIN)
    there = begun(client, "رقم الطلب,الاسم\n1,سارة\n".encode("cp1256"))
    assert "Windows-1256" in shown(client, there)
    client.post(f"{there}read/", {"encoding": "cp1252", "delimiter": ",", "header_row": "1"})
    assert "ÑÞã" in shown(client, there)
    client.post(f"{there}read/", {"encoding": "cp1252", "delimiter": "|", "header_row": "1"})
    assert "It cannot be read like this" in shown(client, there)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "The file is empty."),
        (b"PK\x03\x04", "This is an Excel workbook."),
        (bytes(range(256)) * 40, "This is no text file."),
        (b"x" * 10_000_000, "more than a million characters"),
        (b'Order,Name\n1,"open\n' + b"2,x\n" * 60_000, "A quotation mark there has no partner."),
        (b"a," * 5000 + b"\n", "5001 columns"),
        (b"Order,Name\n", "no orders below them"),
    ],
)
def test_hostile_file_is_refused_in_words(
    sign_in: SignIn, merchant: Merchant, body: bytes, said: str
) -> None:
    response = upload(sign_in(Role.ADMIN), body)
    assert response.status_code == 400
    assert said in response.content.decode()
    with merchant_scope(merchant.pk):
        assert not OrderImport.objects.exists()


def test_post_without_a_file_says_so(sign_in: SignIn) -> None:
    response = sign_in(Role.ADMIN).post(PAGE)
    assert (response.status_code, "Choose a file first." in response.content.decode()) == (
        400,
        True,
    )


def test_file_that_is_too_large_is_refused_before_it_is_read(
    sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dashboard.imports.listing.MOST", 1_000)
    response = upload(sign_in(Role.ADMIN), b"x" * 50_000)
    assert (response.status_code, "more than 100 MB" in response.content.decode()) == (413, True)


def test_upload_needs_the_forms_token(sign_in: SignIn, merchant: Merchant) -> None:
    client = sign_in(Role.ADMIN)
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    assert upload(strict, csv_of(OMAR)).status_code == 403


@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.binary(max_size=300))
def test_any_bytes_are_answered(sign_in: SignIn, merchant: Merchant, body: bytes) -> None:
    client = Client()
    client.force_login(_owner(merchant))
    response = upload(client, b"Order,Name\n" + body)
    assert response.status_code in {303, 400, 429}
    if response.status_code == 303:
        there = response.headers["Location"]
        assert client.get(there).status_code == 200
        assert client.post(f"{there}columns/", {"do": "start"}).status_code == 303
        carry_on(merchant)
        assert client.get(there).status_code == 200


def _owner(merchant: Merchant) -> Any:
    from merchants.models import Membership
    from tests import factories

    found = Membership.objects.filter(merchant=merchant).first()
    return found.user if found else factories.user(merchant)


# --- refused rows --------------------------------------------------------------------------------


def downloaded(client: Client, there: str) -> bytes:
    response = client.get(f"{there}refused.csv")
    assert response.headers["Content-Disposition"].startswith("attachment")
    return b"".join(response.streaming_content)


def test_refused_rows_come_back_with_reasons_and_go_in_when_mended(
    merchant: Merchant, sign_in: SignIn
) -> None:
    client = sign_in(Role.ADMIN)
    there = done(client, merchant, csv_of(SARA, BAD, OMAR))
    page = shown(client, there)
    assert "Row 3" in page
    file = downloaded(client, there)
    lines = file.decode("utf-8-sig").splitlines()
    assert lines[0].endswith(',"Why it was refused (Homeward)"')
    assert len(lines) == 2
    assert "Qty: “two” is no quantity; whole numbers only." in lines[1]
    assert '"\'+971501112222"' in lines[1]
    mended = file.replace(b"lina@", b"lina@x.example").replace(b"Atlantis", b"UAE")
    # The sentence repeats the wrong cells; mending the cell is what counts.
    mended = mended.replace(b'"two"', b'"2"')
    again = done(client, merchant, mended)
    assert "1 order imported, all of them new." in shown(client, again)
    with merchant_scope(merchant.pk):
        order = Order.objects.get(number="1003")
        assert (order.customer_phone, order.country) == ("+971501112222", "AE")


def test_file_refused_twice_is_not_made_harmless_twice(merchant: Merchant, sign_in: SignIn) -> None:
    client = sign_in(Role.ADMIN)
    first = downloaded(client, done(client, merchant, csv_of(BAD)))
    second = downloaded(client, done(client, merchant, first))
    assert first == second


def test_refused_formula_is_harmless(merchant: Merchant, sign_in: SignIn) -> None:
    client = sign_in(Role.ADMIN)
    body = b'Order,Name,Qty,Product\n1,"=HYPERLINK(""http://x"")",two,Lamp\n'
    file = downloaded(client, done(client, merchant, body))
    assert b'"\'=HYPERLINK(""http://x"")"' in file


def test_refused_file_speaks_the_readers_language(merchant: Merchant, sign_in: SignIn) -> None:
    client = sign_in(Role.ADMIN)
    there = done(client, merchant, csv_of(BAD))
    client.post("/app/language/", {"language": "ar", "next": "/app/noor/"})
    assert "(Homeward)" in downloaded(client, there).decode()
    assert "سبب الرفض" in downloaded(client, there).decode()


# --- undo ---------------------------------------------------------------------------------------


def test_undo_asks_with_counts_and_says_what_stayed(merchant: Merchant, sign_in: SignIn) -> None:
    client = sign_in(Role.ADMIN)
    there = done(client, merchant, csv_of(SARA, OMAR))
    with merchant_scope(merchant.pk):
        Order.objects.filter(number="1002").update(line1="Elsewhere 1")
    asked = shown(client, f"{there}undo/")
    assert "1 order will be removed" in asked
    assert "1 order will stay" in asked
    client.post(f"{there}undo/")
    carry_on(merchant)
    page = shown(client, there)
    assert "Undone: 1 order removed, 1 order kept." in page
    assert ">1002<" in page
    assert actions(merchant)[-1] == "import.undone"


def test_discarded_draft_is_gone(merchant: Merchant, sign_in: SignIn) -> None:
    client = sign_in(Role.ADMIN)
    there = begun(client, csv_of(OMAR))
    client.post(f"{there}discard/")
    assert client.get(there).status_code == 404
    with merchant_scope(merchant.pk):
        assert not OrderImport.objects.exists()


# --- who may ------------------------------------------------------------------------------------


def test_viewer_sees_history_and_counts_but_no_cells(merchant: Merchant, sign_in: SignIn) -> None:
    admin = sign_in(Role.ADMIN)
    there = done(admin, merchant, csv_of(OMAR, BAD))
    drafted = begun(admin, csv_of(SARA))
    viewer = sign_in(Role.VIEWER)
    listing = shown(viewer, PAGE)
    assert "orders.csv" in listing
    assert 'type="file"' not in listing
    assert drafted not in listing
    assert "lina@" not in shown(viewer, there)
    assert viewer.get(drafted).status_code == 404
    assert upload(viewer, csv_of(SARA)).status_code == 403
    for path in ("refused.csv", "undo/"):
        assert viewer.get(f"{there}{path}").status_code == 403
    for path in ("columns/", "read/", "discard/", "undo/", "again/"):
        assert viewer.post(f"{drafted}{path}").status_code == 403
    with merchant_scope(merchant.pk):
        assert ImportRow.objects.count() == 1


def test_stranger_cannot_upload(merchant: Merchant) -> None:
    response = upload(Client(), csv_of(OMAR))
    assert response.status_code == 302
    with merchant_scope(merchant.pk):
        assert not OrderImport.objects.exists()


def test_history_says_who_and_what(merchant: Merchant, sign_in: SignIn) -> None:
    client = sign_in(Role.ADMIN)
    done(client, merchant, csv_of(OMAR))
    page = shown(client, PAGE)
    for text in ("orders.csv", "Imported", "Owner"):
        assert text in page


def test_sample_imports_without_a_fault(merchant: Merchant, sign_in: SignIn) -> None:
    client = sign_in(Role.ADMIN)
    for language, expected in (("en", "2 orders imported"), ("ar", "Sara")):
        client.post("/app/language/", {"language": language, "next": "/app/noor/"})
        body = client.get(f"{PAGE}sample.csv").content
        client.post("/app/language/", {"language": "en", "next": "/app/noor/"})
        page = shown(client, done(client, merchant, body))
        assert expected in page or "2 orders read, 0 of them new" in page


@pytest.mark.parametrize("place", ["orders/", "stores/", "stores/connect/", "orders/new/", ""])
def test_import_is_reachable(merchant: Merchant, sign_in: SignIn, place: str) -> None:
    assert PAGE in shown(sign_in(Role.ADMIN), f"/app/noor/{place}")
