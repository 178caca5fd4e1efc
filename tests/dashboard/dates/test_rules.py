"""The rules for dates: the answer first, who may change what, and what follows."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any

import pytest
from django.utils import timezone

from edd.estimate import Handling, Rules
from edd.lanes import Lane, Transit
from edd.models import DateRules, HandlingRule, LaneDays
from edd.rules import load_rules
from merchants.models import AuditEntry, Merchant, Role
from merchants.scope import merchant_scope
from tests import factories
from tests.dashboard.conftest import SignIn, scanned
from tracking.models import OrderItem, Redating

PATH = "/app/noor/dates/"
THURSDAY = datetime(2026, 11, 26, 6, 0, tzinfo=UTC)  # ten in the morning in Dubai
USUAL = {
    "cut_off": "16:30", "zone": "Asia/Dubai", "handling_days": "2", "announce_days": "3",
    "rest_days": ["5"], "level": "95",
}  # fmt: skip


@pytest.fixture(autouse=True)
def on_a_thursday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: THURSDAY)


def rules_of(merchant: Merchant) -> Rules:
    with merchant_scope(merchant.pk):
        return load_rules(merchant.pk)


def audit(merchant: Merchant) -> list[tuple[str, str, dict[str, Any]]]:
    with merchant_scope(merchant.pk):
        return list(AuditEntry.objects.order_by("pk").values_list("action", "subject", "detail"))


def is_dating(merchant: Merchant) -> bool:
    with merchant_scope(merchant.pk):
        return Redating.objects.exists()


def test_page_opens_with_what_an_order_placed_now_is_promised(
    sign_in: SignIn, merchant: Merchant
) -> None:
    with merchant_scope(merchant.pk):
        for _ in range(2):
            factories.shipment(merchant, city="Dubai")
        factories.shipment(merchant, country="SA", city="Riyadh")
    context = sign_in(Role.VIEWER).get(PATH).context
    assert context["title"] == (
        "An order placed now is promised Sat 28 Nov – Tue 1 Dec in Dubai, by the days usual on such"
        " a lane"
    )
    assert context["sentence"] == "It holds for orders until Thu 26 Nov, 2:00 pm."


def test_shop_without_parcels_sees_its_own_country(sign_in: SignIn, merchant: Merchant) -> None:
    title = sign_in().get(PATH).context["title"]
    assert title.partition(", by ")[0].endswith(" in United Arab Emirates")


def test_levels_say_what_they_cost_and_that_they_agree_so_far(sign_in: SignIn) -> None:
    context = sign_in().get(PATH).context
    assert [(one["label"], one["chosen"]) for one in context["levels"]] == [
        ("8 of 10 come by the last day", False),
        ("9 of 10 come by the last day", True),
        ("19 of 20 come by the last day", False),
    ]
    assert len({one["window"] for one in context["levels"]}) == 1
    assert context["levels_note"].startswith("To United Arab Emirates all three")


def test_usual_values_are_kept_written_down_and_dated_by(
    sign_in: SignIn, merchant: Merchant
) -> None:
    assert sign_in(Role.ADMIN).post(PATH + "save/", USUAL).status_code == 303
    found = rules_of(merchant)
    assert (found.cut_off, found.handling_days, found.rest_days) == (time(16, 30), 2, (5,))
    assert (found.level, found.announce_days, found.zone) == (95, 3, "Asia/Dubai")
    ((action, _subject, detail),) = audit(merchant)
    assert (action, detail["cut_off"], detail["level"]) == (
        "dates.changed", ["14:00", "16:30"], [90, 95],
    )  # fmt: skip
    assert is_dating(merchant) is True


def test_saving_the_same_again_changes_and_dates_nothing(
    sign_in: SignIn, merchant: Merchant
) -> None:
    client = sign_in()
    client.post(PATH + "save/", USUAL)
    with merchant_scope(merchant.pk):
        Redating.objects.all().delete()
    client.post(PATH + "save/", USUAL)
    assert (len(audit(merchant)), is_dating(merchant)) == (1, False)


def test_clock_of_the_shop_itself_needs_no_word(sign_in: SignIn, merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        factories.shipment(merchant, ship_from_country="SA")
    client = sign_in()
    client.post(PATH + "save/", USUAL | {"zone": "Asia/Riyadh"})
    assert rules_of(merchant).zone == "Asia/Riyadh"
    client.post(PATH + "save/", USUAL)
    with merchant_scope(merchant.pk):
        assert DateRules.objects.get().zone == ""


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"cut_off": "25:00"}, "cut_off"),
        ({"zone": "Mars/Olympus"}, "zone"),
        ({"handling_days": "61"}, "handling_days"),
        ({"announce_days": "0"}, "announce_days"),
        ({"rest_days": ["1", "2", "3", "4", "5", "6", "7"]}, "rest_days"),
    ],
)
def test_what_cannot_be_kept_is_refused_beside_its_field(
    sign_in: SignIn, merchant: Merchant, wrong: dict[str, Any], field: str
) -> None:
    response = sign_in().post(PATH + "save/", USUAL | wrong)
    assert (response.status_code, is_dating(merchant)) == (400, False)
    assert response.context["fields"][field]["error"] != ""
    assert response.context["fields"]["handling_days"]["value"] == (USUAL | wrong)["handling_days"]


def test_sources_change_places_by_buttons(sign_in: SignIn, merchant: Merchant) -> None:
    client = sign_in(Role.ADMIN)
    assert client.post(PATH + "order/", {"move": "carrier:up"}).status_code == 303
    assert rules_of(merchant).sources == ("carrier", "merchant", "engine", "configuration")
    client.post(PATH + "order/", {"move": "carrier:up"})  # is first already
    assert rules_of(merchant).sources == ("carrier", "merchant", "engine", "configuration")
    assert [action for action, *_ in audit(merchant)] == ["dates.order_changed"]
    assert client.post(PATH + "order/", {"move": "scan:up"}).status_code == 404


def test_readers_see_the_rules_and_no_form(sign_in: SignIn) -> None:
    html = sign_in(Role.AGENT).get(PATH).content.decode()
    assert ("dates/save/" in html, "dates/order/" in html, "handling/new/" in html) == (
        False, False, False,
    )  # fmt: skip
    assert "The warehouse rests on" in html


def test_handling_is_added_changed_and_removed(sign_in: SignIn, merchant: Merchant) -> None:
    client = sign_in(Role.ADMIN)
    typed = {"kind": "tag", "match": " Fragile ", "handling_days": "5", "cut_off": ""}
    assert client.post(PATH + "handling/new/", typed).status_code == 303
    assert rules_of(merchant).handling == (Handling("tag", "fragile", 5),)
    with merchant_scope(merchant.pk):
        pk = HandlingRule.objects.get().pk
    client.post(PATH + f"handling/{pk}/", typed | {"handling_days": "4", "cut_off": "10:00"})
    assert rules_of(merchant).handling == (Handling("tag", "fragile", 4, time(10)),)
    client.post(PATH + f"handling/{pk}/remove/")
    assert rules_of(merchant).handling == ()
    assert [(action, subject) for action, subject, _ in audit(merchant)] == [
        ("handling.added", "tag fragile: 5 days"),
        ("handling.changed", "tag fragile: 4 days"),
        ("handling.removed", "tag fragile: 4 days"),
    ]


def test_second_rule_for_the_same_goods_is_refused(sign_in: SignIn, merchant: Merchant) -> None:
    client = sign_in()
    typed = {"kind": "tag", "match": "fragile", "handling_days": "5", "cut_off": ""}
    client.post(PATH + "handling/new/", typed)
    response = client.post(PATH + "handling/new/", typed | {"match": "FRAGILE"})
    assert response.status_code == 400
    assert response.context["form_error"] == "There is a rule for this already."


def test_rules_say_how_many_parcels_they_fit(sign_in: SignIn, merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        made = factories.shipment(merchant, tags=["Fragile"], ship_from={"city": "Al Ain"})
        OrderItem.objects.filter(order_id=made.order_id).update(sku="SOFA-3")
        factories.shipment(merchant)
        for kind, match in (("tag", "fragile"), ("sku", "sofa"), ("warehouse", "al ian")):
            HandlingRule.objects.create(
                merchant=merchant, kind=kind, match=match, handling_days=2
            )  # fmt: skip
    rows = sign_in(Role.VIEWER).get(PATH).context["handling"]
    assert [(row["match"], row["fits"]) for row in rows] == [
        ("sofa", "1 of the last 2"), ("fragile", "1 of the last 2"), ("al ian", "0 of the last 2"),
    ]  # fmt: skip


def test_form_offers_the_names_that_parcels_have(sign_in: SignIn, merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        factories.shipment(merchant, tags=["Fragile"], ship_from={"name": "Dubai South"})
    known = sign_in().get(PATH + "handling/new/").context["known"]
    assert known == ["dubai south", "fragile"]


def test_days_on_a_lane_are_added_changed_and_removed(sign_in: SignIn, merchant: Merchant) -> None:
    client = sign_in(Role.ADMIN)
    typed = {
        "carrier": "Aramex", "service": "", "from_country": "", "to_country": "SA",
        "fastest": "2", "slowest": "4",
    }  # fmt: skip
    assert client.post(PATH + "lanes/new/", typed).status_code == 303
    assert rules_of(merchant).lanes == (Lane("aramex", "", "", "SA", Transit(2, 4)),)
    with merchant_scope(merchant.pk):
        pk = LaneDays.objects.get().pk
    fields = client.get(f"{PATH}lanes/{pk}/").context["fields"]
    shown = {one["name"]: one["value"] for one in fields}
    assert (shown["carrier"], shown["to_country"], shown["slowest"]) == ("Aramex", "SA", 4)
    client.post(f"{PATH}lanes/{pk}/", typed | {"slowest": "5"})
    assert rules_of(merchant).lanes[0].transit == Transit(2, 5)
    client.post(f"{PATH}lanes/{pk}/remove/")
    assert rules_of(merchant).lanes == ()
    assert [(action, subject) for action, subject, _ in audit(merchant)] == [
        ("lane.added", "aramex *→SA: 2–4 days"),
        ("lane.changed", "aramex *→SA: 2–5 days"),
        ("lane.removed", "aramex *→SA: 2–5 days"),
    ]


def test_lane_slower_first_or_known_already_is_refused(sign_in: SignIn, merchant: Merchant) -> None:
    client = sign_in()
    typed = {
        "carrier": "", "service": "", "from_country": "", "to_country": "", "fastest": "3",
        "slowest": "2",
    }  # fmt: skip
    assert client.post(PATH + "lanes/new/", typed).status_code == 400
    assert client.post(PATH + "lanes/new/", typed | {"slowest": "3"}).status_code == 303
    response = client.post(PATH + "lanes/new/", typed | {"slowest": "4"})
    assert response.context["form_error"] == "There are days for this lane already."


def test_own_days_of_the_main_lane_change_the_answer(sign_in: SignIn, merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        scanned(merchant, (30, "PU", "picked_up.accepted"))
        LaneDays.objects.create(merchant=merchant, to_country="AE", fastest=1, slowest=1)
    assert sign_in().get(PATH).context["title"] == (
        "An order placed now is promised Sat 28 Nov in Dubai, by your own days for this lane"
    )


def test_page_asks_few_questions_however_many_rules(
    sign_in: SignIn, merchant: Merchant, django_assert_max_num_queries: Any
) -> None:
    client = sign_in()
    with merchant_scope(merchant.pk):
        for number in range(20):
            factories.shipment(merchant)
            HandlingRule.objects.create(
                merchant=merchant, kind="sku", match=f"s{number}", handling_days=2
            )
    with django_assert_max_num_queries(22):
        client.get(PATH)


def test_activity_is_found_beside_the_team(sign_in: SignIn) -> None:
    client = sign_in(Role.ADMIN)
    rail = client.get(PATH).context["nav"]
    assert (len(rail), [one["url"] for one in rail if one["current"]]) == (10, [PATH])
    views = client.get("/app/noor/settings/team/").context["views"]
    assert [one["url"] for one in views] == ["/app/noor/settings/team/", "/app/noor/audit/"]
