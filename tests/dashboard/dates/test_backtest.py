"""The page that tries our dates on past orders: asking, watching, the result; who may do what."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from dashboard.clock import clock_for
from dashboard.dates.backtest_result import days, of_100, result
from dashboard.dates.tradeoff import HEIGHT, WIDTH, Point, tradeoff
from merchants.models import AuditEntry, Merchant, Role
from merchants.scope import merchant_scope
from tests.dashboard.conftest import SignIn
from tests.edd.backtest.files import HEADER, steady
from tracking.back_tests import ask
from tracking.models import BackTest

PAGE = "/app/noor/dates/backtest/"
SMALL = f"{HEADER}\n2025-01-01,,,,".encode()

#: What a run of some shop has found.
_OURS = {"80": [0.82, 3.1], "90": [0.91, 4.1], "95": [0.96, 5.0]}
_PROMISE = {"n": 900, "on_time": 0.81, "lead": 5.2, "ours": _OURS}
_GROUP = {"n": 400, "ours": _OURS, "promise": _PROMISE}
_STAGE: dict[str, Any] = {
    "n": 1000,
    "levels": {name: {"on_time": kept, "lead": lead} for name, (kept, lead) in _OURS.items()},
    "lead_at_peer_on_time": 3.0,
    "window90": {"coverage": 0.903, "width": 3.4},
    "exact": 0.3,
    "within_1": 0.7,
    "alerts": {"recall": 0.8, "precision": 0.5},
    "curve": [[50.0, 0.55, 2.0], *([float(name), *ours] for name, ours in _OURS.items())],
    "promise": _PROMISE,
    "carrier": {"n": 300, "on_time": 0.71, "lead": 4.4, "ours": _OURS},
    "months": {"2026-10": _GROUP, "2026-11": _GROUP | {"promise": None}},
    "places": {"AE": _GROUP},
}
FOUND: dict[str, Any] = {
    "order": _STAGE, "handover": _STAGE | {"carrier": None}, "level": 90, "first": "2026-08-03",
    "last": "2026-11-01", "looked_at": 100_000, "is_cut": True, "by_country": True,
}  # fmt: skip


def post(client: Client, **values: Any) -> Any:
    return client.post(PAGE, {"months": "6", "what": "stored"} | values)


def upload(client: Client, body: bytes) -> Any:
    return post(client, what="file", file=SimpleUploadedFile("past.csv", body, "text/csv"))


def shown(client: Client, address: str = PAGE) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def kept(merchant: Merchant, **values: Any) -> BackTest:
    """A run as it stands."""
    with merchant_scope(merchant.pk):
        test = ask(merchant=merchant, user=None, months=6, now=timezone.now())
        BackTest.objects.filter(pk=test.pk).update(**values)
    return test


def test_page_says_what_it_does_and_what_there_is(sign_in: SignIn) -> None:
    page = shown(sign_in(Role.ADMIN))
    assert "What you promised, and what we would have promised" in page
    assert "0 parcels of the last two years are here." in page
    assert "At least 200 delivered ones are needed" in page
    assert "seller_ship_by" in page


def test_asking_makes_a_run_that_the_page_follows(merchant: Merchant, sign_in: SignIn) -> None:
    client = sign_in(Role.ADMIN)
    assert post(client).status_code == 303
    page = shown(client)
    assert "Waiting for its turn" in page
    assert 'hx-trigger="every 2s"' in page
    assert '<meta http-equiv="refresh"' in page
    assert "Try it</button>" not in page
    with merchant_scope(merchant.pk):
        assert AuditEntry.objects.get().action == "backtest.started"


def test_running_one_says_what_it_does_and_how_long(merchant: Merchant, sign_in: SignIn) -> None:
    kept(
        merchant, state="running", doing="walking", progress=50,
        started_at=timezone.now() - timezone.timedelta(seconds=20),
    )  # fmt: skip
    page = shown(sign_in(Role.VIEWER))
    assert "Going through them week by week" in page
    assert "50 % · about 20 seconds left" in page


def test_worker_is_asked_at_once(
    merchant: Merchant,
    sign_in: SignIn,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    client = sign_in(Role.ADMIN)
    with django_capture_on_commit_callbacks(execute=True):
        post(client)
    page = shown(client)
    assert "Too few orders: 0 of this period were delivered, and 200 are needed" in page
    assert "hx-trigger" not in page


def test_second_one_waits_for_the_first(merchant: Merchant, sign_in: SignIn) -> None:
    client = sign_in(Role.ADMIN)
    post(client)
    assert post(client).status_code == 303
    assert "A run is at work already." in shown(client)
    with merchant_scope(merchant.pk):
        assert BackTest.objects.count() == 1


def test_file_is_tried_from_end_to_end(
    merchant: Merchant,
    sign_in: SignIn,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    client = sign_in(Role.ADMIN)
    body = "\n".join([HEADER, *steady(weeks=24, promised=9)]).encode()
    with django_capture_on_commit_callbacks(execute=True):
        assert upload(client, body).status_code == 303
    page = shown(client)
    assert "You promised on average 9 days and kept 100 of 100." in page
    assert "past.csv" in page
    assert page.count('<svg class="tradeoff"') == 2


def test_fault_of_a_file_is_told_with_row_and_column(
    sign_in: SignIn, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    client = sign_in(Role.ADMIN)
    with django_capture_on_commit_callbacks(execute=True):
        upload(client, f"{HEADER}\n2025-01-01,,soon,,\n".encode())
    assert "Row 2, column handed_to_carrier_at: “soon” is no date." in shown(client)


@pytest.mark.parametrize(
    ("values", "said"),
    [({"months": "7"}, "Choose a period first."), ({"what": "file"}, "Choose a file first.")],
)
def test_incomplete_question_is_told(
    sign_in: SignIn, merchant: Merchant, values: dict[str, str], said: str
) -> None:
    response = post(sign_in(Role.ADMIN), **values)
    assert (response.status_code, said in response.content.decode()) == (400, True)


def test_file_that_is_too_large_is_refused_before_it_is_read(
    sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dashboard.dates.backtest.MOST_BYTES", 1_000)
    response = upload(sign_in(Role.ADMIN), b"x" * 50_000)
    assert (response.status_code, "has more than" in response.content.decode()) == (413, True)


def test_upload_needs_the_forms_token(sign_in: SignIn) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = sign_in(Role.ADMIN).cookies
    assert upload(strict, SMALL).status_code == 403


def test_too_many_a_day_are_refused(
    sign_in: SignIn, merchant: Merchant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracking.back_tests.A_DAY", 1)
    client = sign_in(Role.ADMIN)
    kept(merchant, state="done", results=FOUND)
    assert post(client).status_code == 429


def test_viewer_sees_but_does_not_ask(merchant: Merchant, sign_in: SignIn) -> None:
    kept(merchant, state="done", results=FOUND)
    viewer = sign_in(Role.VIEWER)
    page = shown(viewer)
    assert "kept 81 of 100" in page
    assert 'type="file"' not in page
    assert post(viewer).status_code == 403
    assert upload(Client(), SMALL).status_code == 302


def test_earlier_runs_stay_in_reach(merchant: Merchant, sign_in: SignIn) -> None:
    first = kept(merchant, state="done", results=FOUND)
    kept(merchant, state="failed", problem="too_long")
    client = sign_in(Role.VIEWER)
    assert "It took too long" in shown(client)
    assert "kept 81 of 100" in shown(client, f"{PAGE}{first.pk}/")


@pytest.mark.parametrize("problem", ["too_few", "gave_up", "empty", "columns", "number", "not_csv"])
def test_every_failure_has_its_sentence(merchant: Merchant, sign_in: SignIn, problem: str) -> None:
    about = {"found": 1, "needed": 200, "row": 2, "column": "price", "value": "x%s"}
    kept(merchant, state="failed", problem=problem, about=about)
    assert "note--wait" in shown(sign_in(Role.VIEWER))


# --- the result ----------------------------------------------------------------------------------


def test_answer_comes_first_and_the_rest_in_words(merchant: Merchant) -> None:
    told = result(FOUND, clock_for(merchant))
    assert told["sentence"] == (
        "You promised on average 5.2 days and kept 81 of 100."
        " We would have promised 4.1 days and kept 91 of 100."
    )
    assert told["facts"] == [
        "To keep 81 of 100, as you did, we would have needed 3 days.",
        "The carriers’ own first dates were 4.4 days after the order, and 71 of 100 were kept."
        " Ours for the same orders: 4.1 days, 91 of 100.",
        "The single likeliest day was right for 30 of 100 orders, and at most a day off for 70 of"
        " 100.",
        "Windows that should hold 90 of 100 held 90; they were 4.4 days wide on average.",
        "Of the promises that were broken, 80 of 100 would have been foreseen two days ahead or"
        " more. Of the warnings, 50 of 100 would have come true.",
    ]
    assert told["about"].startswith("1,000 delivered orders, placed between Mon 3 Aug and Sun 1")
    assert told["about"].endswith("There are more: only the newest 100,000 were looked at.")


def test_tables_stand_behind_the_charts(merchant: Merchant) -> None:
    told = result(FOUND, clock_for(merchant))
    rows = told["stages"][0]["rows"]
    assert [(row["label"], row["days"], row["kept"], row["is_chosen"]) for row in rows] == [
        ("Your promise", "5.2", "81", False),
        ("Carriers’ dates", "4.4", "71", False),
        ("Ours at 80", "3.1", "82", False),
        ("Ours at 90", "4.1", "91", True),
        ("Ours at 95", "5.0", "96", False),
    ]
    assert [(one["label"], one["kept"]) for one in told["months"]] == [
        ("Oct 2026", "81"),
        ("Nov 2026", "–"),
    ]
    assert told["places"][0]["label"] == "United Arab Emirates"


def test_states_of_a_file_are_no_countries(merchant: Merchant) -> None:
    order = _STAGE | {"places": {"CA": _GROUP, "": _GROUP}}
    told = result(FOUND | {"order": order, "by_country": False}, clock_for(merchant))
    assert [one["label"] for one in told["places"]] == ["CA", "Not said"]


def test_orders_without_a_promise_are_not_compared(merchant: Merchant) -> None:
    order = _STAGE | {"promise": None, "carrier": None, "lead_at_peer_on_time": None}
    told = result(FOUND | {"order": order}, clock_for(merchant))
    assert told["sentence"] == (
        "We would have promised 4.1 days on average and kept 91 of 100."
        " No date of yours is known for these orders."
    )
    assert len(told["facts"]) == 3


def test_almost_all_is_not_called_all(merchant: Merchant) -> None:
    assert [of_100(share) for share in (1.0, 0.9999, 0.905, 0.0)] == ["100", "99", "90", "0"]
    assert [days(n, clock_for(merchant)) for n in (1.0, 1.04, 4.06)] == [
        "1 day",
        "1 day",
        "4.1 days",
    ]


# --- the chart -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lead", "kept_share"), [(5.2, 0.81), (0.0, 0.0), (120.0, 1.0), (4.1, 0.91), (-3.0, 0.5)]
)
def test_every_mark_is_inside_the_drawing(lead: float, kept_share: float) -> None:
    ours = [Point(days, share, name, "dot") for name, (share, days) in _OURS.items()]
    chart = tradeoff(ours, [Point(lead, kept_share, "You", "square")])
    assert [mark["label"] for mark in chart["marks"]] == ["80", "90", "95", "You"]
    for mark in chart["marks"]:
        assert 0 < mark["x"] < WIDTH
        assert 0 < mark["y"] < HEIGHT


def test_later_and_surer_promises_stand_right_and_above() -> None:
    ours = [Point(days, share, name, "dot") for name, (share, days) in _OURS.items()]
    marks = tradeoff(ours, [])["marks"]
    assert [mark["x"] for mark in marks] == sorted(mark["x"] for mark in marks)
    assert [mark["y"] for mark in marks] == sorted((mark["y"] for mark in marks), reverse=True)


def test_labels_of_close_marks_do_not_cover_each_other() -> None:
    others = [Point(5.0, 0.8, "You", "square"), Point(5.1, 0.8, "Carrier", "diamond")]
    one, two = (mark["label_y"] for mark in tradeoff([], others)["marks"])
    assert abs(one - two) >= 13
