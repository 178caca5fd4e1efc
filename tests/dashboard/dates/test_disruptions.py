"""The disruption switch in the dashboard, and where else a disruption is read."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from edd.disruption_rows import Wanted, switch_on, switch_on_for_all
from edd.models import MerchantDisruption
from merchants.models import AuditEntry, Merchant, Role
from merchants.scope import merchant_scope
from notifications.compose import compose_due
from notifications.models import Message
from tests.dashboard.conftest import SignIn, scanned
from tracking.disrupting import sweep_round
from tracking.links import link_for, page_path
from tracking.models import Shipment, Slowness

DAY = timedelta(days=1)


def today() -> date:
    """The shop's."""
    return datetime.now(ZoneInfo("Asia/Dubai")).date()


def url(name: str, merchant: Merchant, *args: object) -> str:
    return reverse(f"dashboard:{name}", args=[merchant.slug, *args])


def typed(**fields: Any) -> dict[str, Any]:
    values = {
        "carrier": "", "service": "", "from_country": "", "to_country": "AE", "to_region": "",
        "days": "3", "starts": str(today()), "ends": str(today() + 6 * DAY), "cause": "weather",
        "sentence_en": "", "sentence_ar": "",
    }  # fmt: skip
    return values | fields


def look(browser: Client, merchant: Merchant, **fields: Any) -> tuple[str, str]:
    """The form with what it would do: its text and the mark of what was looked at."""
    response = browser.post(url("dates_disruption_new", merchant), typed(**fields))
    text = response.content.decode()
    seen = re.search(r'name="seen" value="(\w+)"', text)
    assert response.status_code == 200
    return text, seen[1] if seen else ""


@pytest.fixture
def parcel(merchant: Merchant) -> Shipment:
    """On its way since yesterday; what is shown is what was told first."""
    with merchant_scope(merchant.pk):
        made = scanned(merchant, (20, "PU", "picked_up.accepted"), number="1042")
        made.promised_first, made.promised_last = made.edd_first, made.edd_last
        made.save(update_fields=["promised_first", "promised_last"])
        return made


@pytest.fixture
def storm(merchant: Merchant, parcel: Shipment) -> MerchantDisruption:
    """Switched on, and the parcel follows."""
    wanted = Wanted(3, today(), today() + 6 * DAY, to_country="AE", cause="weather")
    now = timezone.now()
    with merchant_scope(merchant.pk):
        row = switch_on(wanted, merchant_id=merchant.pk, author=None, now=now)
    sweep_round(now=now)
    return row


SENTENCE = (
    "Parcels to the United Arab Emirates are delayed by the weather."
    " We have added 3 working days to the date."
)


def test_form_shows_what_it_does_before_it_is_saved(
    merchant: Merchant, parcel: Shipment, sign_in: SignIn
) -> None:
    browser = sign_in()
    text, seen = look(browser, merchant)
    assert "1 open parcel is on such a way." in text
    assert "1 of them is expected later than before." in text
    assert "1 customer will be told." in text
    assert SENTENCE in text
    with merchant_scope(merchant.pk):
        assert MerchantDisruption.objects.count() == 0

    answer = browser.post(url("dates_disruption_new", merchant), typed(seen=seen))
    assert (answer.status_code, answer.url) == (303, url("dates_disruptions", merchant))
    with merchant_scope(merchant.pk):
        row = MerchantDisruption.objects.get()
        entry = AuditEntry.objects.get(action="disruption.on")
    assert (row.days, row.to_country, row.cause, row.due_at is not None) == (
        3, "AE", "weather", True,
    )  # fmt: skip
    assert entry.subject == "+3 working days · every carrier · to the United Arab Emirates"


def test_what_was_changed_after_the_look_is_shown_again(
    merchant: Merchant, parcel: Shipment, sign_in: SignIn
) -> None:
    browser = sign_in()
    _, seen = look(browser, merchant)
    text, again = look(browser, merchant, days="5", seen=seen)
    assert ("We have added 5 working days" in text, again != seen) == (True, True)
    with merchant_scope(merchant.pk):
        assert MerchantDisruption.objects.count() == 0


def test_without_messages_of_delays_nobody_is_counted(
    merchant: Merchant, parcel: Shipment, sign_in: SignIn
) -> None:
    browser = sign_in()
    for topic in ("date_later", "will_be_late", "delayed"):
        browser.post(url("rule_switch", merchant, topic), {})
    text, _ = look(browser, merchant)
    assert "No customer is written to because of it; their pages say it." in text


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"ends": "2020-01-01"}, "It ends before it begins."),
        ({"starts": "2020-01-01", "ends": "2020-01-02"}, "This day is over."),
        ({"ends": "2099-01-01"}, "At most four months."),
        ({"to_country": "", "to_region": "Bahia"}, "Choose the country that the region is in."),
        ({"days": "31"}, "less than or equal to 30"),
        ({"carrier": "Pigeons of Fire"}, "We know no carrier called"),
        ({"cause": "boredom"}, "boredom"),
    ],
)
def test_form_says_what_cannot_be(
    merchant: Merchant, sign_in: SignIn, fields: dict[str, str], problem: str
) -> None:
    response = sign_in().post(url("dates_disruption_new", merchant), typed(**fields))
    assert response.status_code == 400
    assert problem in response.content.decode()


def test_list_shows_ours_and_the_operators(
    merchant: Merchant, storm: MerchantDisruption, sign_in: SignIn
) -> None:
    wanted = Wanted(2, today() + 9 * DAY, today() + 12 * DAY, carrier="sandbox", cause="strike")
    row = switch_on_for_all(wanted, now=timezone.now())
    text = sign_in().get(url("dates_disruptions", merchant)).content.decode()
    assert "1 open parcel has its days" in text
    assert "for all shops, by whoever runs Homeward" in text
    assert text.index("Running") < text.index("Planned")
    assert url("dates_disruption", merchant, storm.pk) in text
    # What is the operator's is read only: one form to end, ours.
    assert text.count("/end/") == 1
    row.delete()


def test_edit_compares_and_keeps_the_audit(
    merchant: Merchant, storm: MerchantDisruption, sign_in: SignIn
) -> None:
    browser, address = sign_in(), url("dates_disruption", merchant, storm.pk)
    assert 'value="3"' in browser.get(address).content.decode()
    text = browser.post(address, typed(days="1")).content.decode()
    assert "1 of them is expected earlier than before." in text
    seen = re.search(r'name="seen" value="(\w+)"', text)
    assert seen is not None
    assert browser.post(address, typed(days="1", seen=seen[1])).status_code == 303
    with merchant_scope(merchant.pk):
        storm.refresh_from_db()
        entry = AuditEntry.objects.get(action="disruption.changed")
    assert (storm.days, storm.version, entry.detail) == (1, 2, {"days": ["3", "1"]})


def test_end_takes_back_what_has_not_run_a_day(
    merchant: Merchant, storm: MerchantDisruption, sign_in: SignIn
) -> None:
    browser, address = sign_in(), url("dates_disruption_end", merchant, storm.pk)
    assert browser.post(address).status_code == 303
    assert browser.post(address).status_code == 303
    with merchant_scope(merchant.pk):
        storm.refresh_from_db()
        assert AuditEntry.objects.filter(action="disruption.ended").count() == 1
    assert storm.withdrawn_at is not None
    assert "Taken back" in browser.get(url("dates_disruptions", merchant)).content.decode()
    # It cannot be changed any more.
    assert browser.get(url("dates_disruption", merchant, storm.pk)).status_code == 303


@pytest.mark.parametrize("role", [Role.VIEWER, Role.AGENT])
def test_who_may_not_change_reads_only(
    merchant: Merchant, storm: MerchantDisruption, sign_in: SignIn, role: Role
) -> None:
    browser = sign_in(role)
    text = browser.get(url("dates_disruptions", merchant)).content.decode()
    assert ("Running" in text, "/end/" in text, "Add days" in text) == (True, False, False)
    for name, args in (("dates_disruption_new", ()), ("dates_disruption", (storm.pk,))):
        assert browser.get(url(name, merchant, *args)).status_code == 403
    assert browser.post(url("dates_disruption_end", merchant, storm.pk)).status_code == 403


def test_page_desk_and_order_say_why(
    merchant: Merchant, storm: MerchantDisruption, parcel: Shipment, sign_in: SignIn
) -> None:
    with merchant_scope(merchant.pk):
        path = page_path(link_for(order=parcel.order), merchant=merchant)
    page = Client().get(path)
    assert SENTENCE in page.content.decode()
    arabic = Client().get(f"{path}?lang=ar").content.decode()
    assert "سوء الأحوال الجوية" in arabic
    line = f"The weather: 3 working days were added to the date. Customers read: “{SENTENCE}”"
    browser = sign_in()
    order = browser.get(url("order", merchant, parcel.order_id)).content.decode()
    assert (line in order, "A disruption; business days added: 3" in order) == (True, True)
    desk = browser.get(reverse("helpdesk:story", args=[merchant.slug, parcel.order_id]))
    assert line in desk.content.decode()


def test_page_changes_when_the_sentence_does(
    merchant: Merchant, storm: MerchantDisruption, parcel: Shipment, sign_in: SignIn
) -> None:
    with merchant_scope(merchant.pk):
        path = page_path(link_for(order=parcel.order), merchant=merchant)
    before = Client().get(path)
    browser, address = sign_in(), url("dates_disruption", merchant, storm.pk)
    values = typed(sentence_en="Roads are under water.")
    seen = re.search(r'name="seen" value="(\w+)"', browser.post(address, values).content.decode())
    assert seen is not None
    browser.post(address, values | {"seen": seen[1]})
    sweep_round(now=timezone.now())
    after = Client().get(path, headers={"if-none-match": before.headers["ETag"]})
    assert (after.status_code, "Roads are under water." in after.content.decode()) == (200, True)


def test_message_of_the_delay_says_why(
    merchant: Merchant, storm: MerchantDisruption, parcel: Shipment
) -> None:
    compose_due(now=timezone.now())
    with merchant_scope(merchant.pk):
        (told,) = Message.objects.filter(topic="delayed")
    assert SENTENCE in told.text


@pytest.fixture
def slow(parcel: Shipment) -> Slowness:
    return Slowness.objects.create(
        carrier="sandbox", to_country="AE", since=today() - 3 * DAY, seen_on=today() - DAY,
        late=0.62, usual=0.08, parcels=80, merchants=4, days=2,
    )  # fmt: skip


def test_slow_network_is_suggested_on_home_and_fills_the_form(
    merchant: Merchant, slow: Slowness, sign_in: SignIn
) -> None:
    browser = sign_in()
    home = browser.get(url("home", merchant)).content.decode()
    assert "to the United Arab Emirates run 2 working days late since" in home
    assert "62 of 100 parcels miss their date; usually 8 do." in home
    add = f"{url('dates_disruption_new', merchant)}?slow={slow.pk}"
    assert add in home
    form = browser.get(add).content.decode()
    assert ('value="2"' in form, '<option value="AE" selected' in form) == (True, True)


def test_dismissed_hint_is_gone(merchant: Merchant, slow: Slowness, sign_in: SignIn) -> None:
    browser = sign_in()
    for _ in range(2):
        assert browser.post(url("dates_slow_dismiss", merchant, slow.pk)).status_code == 303
    assert browser.post(url("dates_slow_dismiss", merchant, slow.pk + 99)).status_code == 404
    assert "across shops" not in browser.get(url("home", merchant)).content.decode()
    with merchant_scope(merchant.pk):
        assert AuditEntry.objects.filter(action="disruption.dismissed").count() == 1


def test_viewer_sees_the_hint_without_buttons(
    merchant: Merchant, slow: Slowness, sign_in: SignIn
) -> None:
    home = sign_in(Role.VIEWER).get(url("home", merchant)).content.decode()
    assert ("across shops" in home, "dismiss" in home) == (True, False)
