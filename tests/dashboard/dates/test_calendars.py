"""The page of calendars: whose, what is special, what a merchant says, who may."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from edd import day_rules
from edd.calendars import Day, DayRule
from edd.models import MerchantDayRule
from merchants.models import AuditEntry, Merchant, Role
from merchants.scope import merchant_scope
from tests import factories
from tests.dashboard.conftest import SignIn

CLOSED = DayRule(part="warehouse", first=date(2027, 3, 1), last=date(2027, 3, 2), name="Moving")


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    """All pages are read on Thursday 12 November 2026."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: factories.NOW)
    monkeypatch.setattr("dashboard.clock.django_timezone.now", lambda: factories.NOW)


def address(merchant: Merchant, route: str = "dates_calendars", *args: object) -> str:
    return reverse(f"dashboard:{route}", args=[merchant.slug, *args])


def read(client: Client, merchant: Merchant, **query: str) -> str:
    response = client.get(address(merchant), query)
    assert response.status_code == 200
    return re.sub(r"\s+", " ", response.content.decode())


def rows() -> list[DayRule]:
    (merchant,) = Merchant.objects.all()
    with merchant_scope(merchant.pk):
        return [stored.rule for stored in day_rules.merchants_rules(merchant.pk)]


def sentence(html: str) -> str:
    (found,) = re.findall(r'page-head__sentence">([^<]*)<', html)
    return str(found)


def day(html: str, iso: str) -> str:
    """What a day's cell says."""
    (cell,) = re.findall(rf'<time class="day[^"]*" datetime="{iso}"[^>]*>(.*?)</time>', html)
    return re.sub(r"<[^>]+>", "", str(cell))


def test_page_opens_with_the_weekly_rest_and_the_next_closed_day(
    merchant: Merchant, sign_in: SignIn
) -> None:
    html = read(sign_in(Role.VIEWER), merchant)
    assert sentence(html) == (
        "Rests on Saturday and Sunday. Next without dispatch: National Day, Wed 2 – Thu 3 Dec."
    )
    assert day(html, "2026-12-02") == "2 Rest, National Day"
    assert day(html, "2026-11-13") == "13 Until noon"
    assert day(html, "2026-11-16") == "16"


def test_feast_to_come_is_one_uncertain_line(merchant: Merchant, sign_in: SignIn) -> None:
    html = read(sign_in(Role.VIEWER), merchant)
    assert day(html, "2027-03-08") == "8 Not certain yet, Eid al-Fitr"
    lines = re.findall(r'month__when">([^<]*)</span><span class="month__name"><bdi>Eid al-F', html)
    assert lines == ["8–12 Mar"]


def test_carriers_days_in_a_country_that_the_shop_sends_to(
    merchant: Merchant, sign_in: SignIn
) -> None:
    with merchant_scope(merchant.pk):
        factories.shipment(merchant, carrier="aramex", country="SA", city="Riyadh")
    html = read(sign_in(Role.VIEWER), merchant, of="SA", carrier="aramex")
    assert "<h1>Aramex in Saudi Arabia</h1>" in html
    assert sentence(html).startswith("Rests on Friday. Next without delivery: ")


def test_unknown_wishes_show_the_warehouse(merchant: Merchant, sign_in: SignIn) -> None:
    html = read(sign_in(Role.VIEWER), merchant, of="zz", carrier="<script>")
    assert "<h1>The warehouse’s days</h1>" in html


def test_closure_is_added_shown_counted_and_removed(merchant: Merchant, sign_in: SignIn) -> None:
    client = sign_in(Role.ADMIN)
    typed = {"of": "warehouse", "kind": "rest", "first": "2027-03-01", "last": "2027-03-02",
             "name": "Moving"}  # fmt: skip
    assert client.post(address(merchant, "dates_calendar_add"), typed).status_code == 303
    assert rows() == [CLOSED]
    html = read(client, merchant)
    assert day(html, "2027-03-01") == "1 Rest, Moving"
    assert "<strong>The warehouse</strong><span>Mon 1 – Tue 2 Mar (2027)</span>" in html
    with merchant_scope(merchant.pk):
        number = MerchantDayRule.objects.get().pk
    gone = client.post(address(merchant, "dates_calendar_remove", number), {"of": "warehouse"})
    assert gone.status_code == 303
    assert rows() == []
    with merchant_scope(merchant.pk):
        actions = list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))
    assert actions == ["days.added", "days.removed"]


def test_one_day_needs_no_last_day(merchant: Merchant, sign_in: SignIn) -> None:
    typed = {"of": "warehouse", "kind": "half", "first": "2027-03-01"}
    sign_in(Role.ADMIN).post(address(merchant, "dates_calendar_add"), typed)
    one = date(2027, 3, 1)
    assert rows() == [DayRule(part="warehouse", first=one, last=one, kind=Day.HALF)]


def test_weekday_of_a_carrier_is_told_and_counts(merchant: Merchant, sign_in: SignIn) -> None:
    client = sign_in(Role.ADMIN)
    typed = {"of": "AE", "carrier": "aramex", "kind": "works", "weekday": "7"}
    client.post(address(merchant, "dates_calendar_add"), typed)
    assert rows() == [
        DayRule(country="AE", carrier="aramex", part="delivery", weekday=7, kind=Day.WORKS)
    ]
    html = read(client, merchant, of="AE", carrier="aramex")
    assert sentence(html).startswith("Works on every day of the week.")
    assert (
        "<strong>Aramex in United Arab Emirates</strong><span>Every week on Sunday</span>" in html
    )


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"kind": "rest"}, "Choose a day, or a weekday above."),
        (
            {"kind": "rest", "first": "2027-03-02", "last": "2027-03-01"},
            "The last day is before the first.",
        ),
        (
            {"kind": "rest", "first": "2027-03-01", "last": "2027-06-01"},
            "Nobody rests longer than 60 days. Choose a shorter period.",
        ),
    ],
)
def test_what_makes_no_rule_is_said_beside_its_field(
    merchant: Merchant, sign_in: SignIn, typed: dict[str, str], said: str
) -> None:
    response = sign_in(Role.ADMIN).post(
        address(merchant, "dates_calendar_add"), {"of": "warehouse"} | typed
    )
    assert response.status_code == 400
    assert f"<span>{said}</span>" in response.content.decode()
    assert rows() == []


def test_merchant_cannot_say_when_a_feast_is(merchant: Merchant, sign_in: SignIn) -> None:
    typed = {"of": "warehouse", "kind": "rest", "first": "2027-03-01", "name": "eid_al_fitr"}
    sign_in(Role.ADMIN).post(address(merchant, "dates_calendar_add"), typed)
    assert [rule.name for rule in rows()] == [""]


def test_who_may_only_look_finds_no_form(merchant: Merchant, sign_in: SignIn) -> None:
    assert 'id="say"' not in read(sign_in(Role.AGENT), merchant)


def test_page_asks_the_same_questions_however_much_is_said(
    merchant: Merchant, sign_in: SignIn, django_assert_num_queries: object
) -> None:
    client, counts = sign_in(Role.ADMIN), []
    for rules in (1, 29):
        with merchant_scope(merchant.pk):
            for _ in range(rules):
                day_rules.add_for_merchant(merchant_id=merchant.pk, rule=CLOSED)
        read(client, merchant)
        with django_assert_num_queries(12) as asked:  # type: ignore[operator]
            read(client, merchant)
        counts.append(len(asked))
    assert counts == [12, 12]
