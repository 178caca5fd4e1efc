"""The report on dates: its sentence, its charts and tables, its file, and what it costs."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from edd.models import Calibration, DateScore
from edd.scoring import BINS
from merchants.models import Merchant, Role
from merchants.scope import merchant_scope
from tests.dashboard.conftest import SignIn
from tracking.verdicts import week_of

PATH = "/app/noor/reports/dates/"


def score(merchant: Merchant, n: int, in_time: int, *, weeks_ago: int = 1, **fields: Any) -> None:
    """Sums as `tracking.judging` writes them; in scope."""
    week = week_of(timezone.now().date()) - timedelta(weeks=weeks_ago)
    values: dict[str, Any] = {
        "whose": "ours", "carrier": "aramex", "lane": "AE>SA", "stage": "order", "level": 90,
        "source": "engine", "inside": in_time, "arrived": n, "days_off": n - in_time, "told": 0,
        "told_in_time": 0,
    }  # fmt: skip
    DateScore.objects.create(
        merchant=merchant, week=week, n=n, in_time=in_time, **(values | fields)
    )


@pytest.fixture
def judged(merchant: Merchant) -> Merchant:
    with merchant_scope(merchant.pk):
        score(merchant, 904, 825, told=200, told_in_time=180, needed=[20] * BINS)
        score(merchant, 300, 273, weeks_ago=2, carrier="smsa", lane="AE>AE")
        score(merchant, 14, 9, carrier="dhl_express", lane="AE>IN")
        score(merchant, 500, 460, stage="handover")
        score(merchant, 412, 292, whose="carrier", stage="handover", level=0, source="carrier")
        score(merchant, 400, 10, weeks_ago=30)
        Calibration.objects.create(
            merchant=merchant, carrier="aramex", level=90, before=90, adjusted=93, came=0.86,
            n=412, since=timezone.now().date().replace(month=1, day=5),
        )  # fmt: skip
    return merchant


def context(client: Client, query: str = "") -> dict[str, Any]:
    found: dict[str, Any] = client.get(PATH + query).context
    return found


def test_sentence_says_what_was_promised_and_what_came(judged: Merchant, sign_in: SignIn) -> None:
    found = context(sign_in(Role.VIEWER))
    assert found["sentence"] == (
        "We said 9 of 10 by the last day; 90.9\u00a0% came in time (1,218 parcels, 89.1–92.4). "
        "The carriers’ own dates: 70.9\u00a0%."
    )
    assert found["told"] == (
        "200 of these dates were seen by a customer on a page or in a message: 90\u00a0% came in "
        "time."
    )


def test_period_widens_what_is_counted(judged: Merchant, sign_in: SignIn) -> None:
    client = sign_in(Role.VIEWER)
    year = context(client, "?days=365")["sentence"]
    assert year.startswith("We said 9 of 10 by the last day; 69\u00a0% came in time (1,618 ")
    assert context(client, "?days=7%27")["sentence"] == context(client)["sentence"]


def test_tables_put_the_carriers_dates_beside_ours(judged: Merchant, sign_in: SignIn) -> None:
    found = context(sign_in(Role.VIEWER))
    rows = [(row["label"], row["n"], row["share"] or row["few"], row["theirs"])
            for row in found["carriers"]]  # fmt: skip
    assert rows == [
        ("Aramex", "904", "91.3\u00a0%", "70.9\u00a0% of 412"),
        ("SMSA Express", "300", "91\u00a0%", "–"),
        ("DHL Express", "14", "too few", "–"),
    ]
    assert [row["label"] for row in found["lanes"]] == [
        "United Arab Emirates → Saudi Arabia", "United Arab Emirates",
        "United Arab Emirates → India",
    ]  # fmt: skip
    assert [(row["label"], row["n"]) for row in found["stages"]] == [
        ("At the order", "1,218"), ("At hand-over to the carrier", "500"),
    ]  # fmt: skip


def test_chart_has_each_level_and_says_which_was_not_asked_for(
    judged: Merchant, sign_in: SignIn
) -> None:
    rows = context(sign_in(Role.VIEWER))["calibration"]["rows"]
    assert [(row["label"], row["share"], bool(row["note"])) for row in rows] == [
        ("Asked for 8 of 10", "80\u00a0%", True),
        ("Asked for 9 of 10", "90.9\u00a0%", False),
        ("Asked for 19 of 20", "95\u00a0%", True),
        ("The carriers’ own dates", "70.9\u00a0%", False),
    ]
    for row in rows:
        low, at, width = (float(row[name]) for name in ("low", "x", "width"))
        assert low <= at <= low + width


def test_chart_is_drawn_the_same_in_every_language(judged: Merchant, sign_in: SignIn) -> None:
    """A point that is written as a comma draws nothing."""
    client = sign_in(Role.VIEWER)
    client.cookies["django_language"] = "ar"
    page = client.get(PATH).content.decode()
    drawn = re.findall(r' (?:d|x|y|cy|width)="([^"]*)"', page[page.index("kept__rows") :])
    assert len(drawn) > 20
    assert [one for one in drawn if "," in one] == []


def test_corrections_are_said(judged: Merchant, sign_in: SignIn) -> None:
    [line] = context(sign_in(Role.VIEWER))["corrections"]
    assert line.endswith(
        "we ask for 93 instead of 90 on Aramex, because 86\u00a0% of 412 came in time."
    )


def test_little_is_said_to_be_little(merchant: Merchant, sign_in: SignIn) -> None:
    with merchant_scope(merchant.pk):
        score(merchant, 14, 13)
    found = context(sign_in(Role.VIEWER))
    assert found["sentence"] == "14 parcels: too few to judge; at least 30 are needed."
    assert [row["share"] for row in found["calibration"]["rows"]] == [""]


def test_nothing_yet_is_one_calm_sentence(merchant: Merchant, sign_in: SignIn) -> None:
    response = sign_in(Role.VIEWER).get(PATH)
    assert response.status_code == 200
    assert b"As soon as parcels arrive" in response.content
    assert b"All figures as CSV" not in response.content


def test_file_has_every_kind_of_date(judged: Merchant, sign_in: SignIn) -> None:
    response = sign_in(Role.VIEWER).get("/app/noor/reports/dates.csv?days=90")
    lines = response.content.decode().splitlines()
    assert response.headers["Content-Disposition"] == 'attachment; filename="dates-90-days.csv"'
    assert lines[0].split(",")[:7] == [
        "whose", "carrier", "lane", "stage", "level", "source", "dates",
    ]  # fmt: skip
    assert "carrier,aramex,AE>SA,handover,,carrier,412,292,292,412,120,0,0" in lines
    assert len(lines) == 6


def test_report_costs_the_same_however_much_was_judged(judged: Merchant, sign_in: SignIn) -> None:
    client = sign_in(Role.VIEWER)

    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(PATH).status_code == 200
        return len([one for one in asked if "edd_" in one["sql"]])

    few = cost()
    with merchant_scope(judged.pk):
        for n in range(40):
            score(judged, 25_000, 22_000, carrier=f"c{n}", weeks_ago=n % 12)
    assert (few, cost()) == (4, 4)


def test_another_shops_figures_are_not_in_it(
    judged: Merchant, other: Merchant, sign_in: SignIn
) -> None:
    client = sign_in(Role.VIEWER, at=other)
    assert client.get(PATH.replace("noor", "other")).context["is_empty"] is True
    assert client.get(PATH).status_code == 404
