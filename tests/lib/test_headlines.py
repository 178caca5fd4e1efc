"""The table of DESIGN, "Voice", row by row, and the days around it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from lib.headlines import (
    HeadlineState,
    checked,
    code_advice,
    headline,
    names_window,
    pay_on_delivery,
)
from lib.vocabulary import SUB_STATUSES, Milestone, Status

NOV = {day: date(2026, 11, day) for day in range(1, 31)}
TODAY = NOV[11]
DUBAI = ZoneInfo("Asia/Dubai")
ARAMEX = {"en": "Aramex", "ar": "أرامكس"}


def state(status: Status, **fields: Any) -> HeadlineState:
    values: dict[str, Any] = {"today": TODAY, "first": NOV[12], "last": NOV[14]}
    return HeadlineState(status, **(values | fields))


ROWS = [
    (state(Status.PENDING), "We have your order", "استلمنا طلبك"),
    (
        state(Status.PENDING, order_milestone=Milestone.CONFIRMED),
        "Confirmed. We are preparing it",
        "تم تأكيد طلبك، وجارٍ تجهيزه",
    ),
    (
        state(Status.INFO_RECEIVED, order_milestone=Milestone.PACKED),
        "Packed and waiting for the courier",
        "طلبك جاهز وبانتظار شركة الشحن",
    ),
    (state(Status.PICKED_UP), "Handed to Aramex", "سلّمنا شحنتك إلى أرامكس"),
    (
        state(Status.IN_TRANSIT),
        "On its way, expected Thu 12 – Sat 14 Nov",
        "شحنتك في الطريق إليك، ونتوقع وصولها بين الخميس 12 والسبت 14 نوفمبر",
    ),
    (
        state(Status.IN_TRANSIT, last=NOV[13]),
        "On its way, expected Thu 12 – Fri 13 Nov",
        "شحنتك في الطريق إليك، ونتوقع وصولها الخميس 12 أو الجمعة 13 نوفمبر",
    ),
    (
        state(Status.IN_TRANSIT, first=NOV[14]),
        "On its way, expected Sat 14 Nov",
        "شحنتك في الطريق إليك، ونتوقع وصولها يوم السبت 14 نوفمبر",
    ),
    (
        state(Status.IN_TRANSIT, last=NOV[12]),
        "On its way, expected tomorrow",
        "شحنتك في الطريق إليك، ونتوقع وصولها غدًا",
    ),
    (
        state(Status.IN_TRANSIT, quiet_since=NOV[9]),
        "No new scan since Monday, which is usual on this route",
        "لا تحديث جديد منذ يوم الاثنين، وهذا معتاد في هذا المسار",
    ),
    (
        state(Status.IN_TRANSIT, feed_down_since=datetime(2026, 11, 11, 14, 5, tzinfo=DUBAI)),
        "No updates from Aramex since 2:05 pm. That does not mean your parcel has stopped",
        "لم تصلنا تحديثات من أرامكس منذ الساعة 2:05 م، ولا يعني ذلك أن شحنتك توقفت",
    ),
    (
        state(Status.IN_TRANSIT, is_late=True, was_first=NOV[10], was_last=NOV[10]),
        "Later than we said: was Tue 10, now Thu 12 – Sat 14 Nov. We are sorry",
        "ستتأخر شحنتك عن الموعد الذي أبلغناك به: كان الثلاثاء 10، "
        "وأصبح بين الخميس 12 والسبت 14 نوفمبر. نعتذر عن التأخير",
    ),
    (
        state(Status.IN_TRANSIT, is_late=True, is_likely=True, was_first=NOV[10], was_last=NOV[10]),
        "Probably later than we said: was Tue 10, now Thu 12 – Sat 14 Nov. We are sorry",
        "من المرجّح أن تتأخر شحنتك عن الموعد الذي أبلغناك به: كان الثلاثاء 10، "
        "وأصبح بين الخميس 12 والسبت 14 نوفمبر. نعتذر عن التأخير",
    ),
    (
        state(Status.IN_TRANSIT, kind="guaranteed", first=NOV[14], last=NOV[14]),
        "On its way. Guaranteed by the carrier: Sat 14 Nov",
        "شحنتك في الطريق إليك. تضمن شركة الشحن وصولها يوم السبت 14 نوفمبر",
    ),
    (
        state(Status.IN_TRANSIT, kind="appointment", first=NOV[14], last=NOV[14]),
        "On its way. Appointment with the carrier: Sat 14 Nov",
        "شحنتك في الطريق إليك. الموعد المتفق عليه مع شركة الشحن: يوم السبت 14 نوفمبر",
    ),
    (
        state(Status.OUT_FOR_DELIVERY, first=TODAY, last=TODAY),
        "Out for delivery, expected today",
        "خرجت شحنتك للتوصيل، ونتوقع وصولها اليوم",
    ),
    (
        state(Status.ATTEMPT_FAILED, attempt_on=TODAY),
        "Aramex says it could not deliver today. Choose another time, or tell us if nobody came",
        "أبلغتنا أرامكس بأنها لم تتمكن من تسليم شحنتك اليوم. "
        "يمكنك اختيار موعد آخر، أو إبلاغنا إن لم يأتِ أحد",
    ),
    (
        state(Status.AVAILABLE_FOR_PICKUP, pickup_place="Noor Mall", pickup_until=NOV[15]),
        "Ready to collect at Noor Mall until Sun 15 Nov",
        "شحنتك جاهزة للاستلام من Noor Mall حتى الأحد 15 نوفمبر",
    ),
    (
        state(Status.CUSTOMS, sub_status="customs.information_required"),
        "Customs needs a document from you",
        "تطلب الجمارك منك مستندًا لإتمام التخليص",
    ),
    (
        state(Status.DELIVERED, delivered_at=datetime(2026, 11, 5, 15, 40, tzinfo=DUBAI)),
        "Delivered on Thursday at 3:40 pm",
        "تم تسليم شحنتك يوم الخميس الساعة 3:40 م",
    ),
    (state(Status.RETURNING), "Going back to the shop", "شحنتك في طريق العودة إلى المتجر"),
    (
        state(Status.LOST_OR_DESTROYED),
        "We believe this parcel is lost, and we are sorry. Here is what happens now",
        "نعتقد أن شحنتك قد فُقدت، ونعتذر عن ذلك. إليك الخطوات التالية",
    ),
]


@pytest.mark.parametrize(("given", "english", "arabic"), ROWS)
def test_heading_is_the_table_of_the_design(
    given: HeadlineState, english: str, arabic: str
) -> None:
    assert headline(replace(given, carrier=ARAMEX["en"]), "en") == english
    assert headline(replace(given, carrier=ARAMEX["ar"]), "ar") == arabic


def test_lines_beside_the_heading() -> None:
    now = datetime(2026, 11, 11, 8, tzinfo=UTC)
    assert code_advice("en") == "Give the code only once you hold the parcel"
    assert code_advice("ar") == "لا يُعطى رمز التسليم إلا بعد استلام الشحنة"
    assert checked(now - timedelta(minutes=12), now, "en") == "Checked 12 minutes ago"
    assert checked(now - timedelta(minutes=12), now, "ar") == "تحققنا قبل 12 دقيقة"
    assert pay_on_delivery(Decimal(149), "AED", "en") == "To pay on delivery: AED\u00a0149.00"


def test_weekday_alone_is_only_used_for_the_last_seven_days() -> None:
    long_ago = state(Status.DELIVERED, delivered_at=datetime(2026, 11, 4, 15, 40, tzinfo=DUBAI))
    assert headline(long_ago, "en") == "Delivered on Wed 4 Nov at 3:40 pm"


def test_old_window_of_another_month_names_its_month() -> None:
    late = state(
        Status.IN_TRANSIT, is_late=True, was_first=date(2026, 10, 29), was_last=date(2026, 10, 31)
    )
    assert headline(late, "en") == (
        "Later than we said: was Thu 29 – Sat 31 Oct, now Thu 12 – Sat 14 Nov. We are sorry"
    )


def test_every_sub_status_has_a_heading_in_both_languages() -> None:
    for row in SUB_STATUSES.values():
        bare = HeadlineState(row.status, TODAY, sub_status=row.code)
        for language in ("en", "ar"):
            for one in (bare, replace(bare, is_late=True, first=NOV[12], last=NOV[14])):
                text = headline(one, language)
                assert text.strip() == text != ""
                assert "%(" not in text and "!" not in text  # noqa: PT018


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"status": Status.IN_TRANSIT}, True),
        ({"status": Status.IN_TRANSIT, "quiet_since": date(2026, 11, 9)}, False),
        ({"status": Status.OUT_FOR_DELIVERY}, True),
        ({"status": Status.PICKED_UP}, False),
        ({"status": Status.PICKED_UP, "is_late": True}, True),
        ({"status": Status.PICKED_UP, "is_late": True, "was_last": date(2026, 11, 20)}, False),
        ({"status": Status.DELIVERED}, False),
        ({"status": Status.CUSTOMS, "sub_status": "customs.delay"}, False),
        ({"status": Status.IN_TRANSIT, "first": None}, False),
    ],
)
def test_heading_is_known_to_name_the_window(changes: dict[str, Any], named: bool) -> None:
    values: dict[str, Any] = {
        "today": date(2026, 11, 12), "first": date(2026, 11, 12), "last": date(2026, 11, 14),
        "carrier": "Aramex",
    }  # fmt: skip
    assert names_window(HeadlineState(**(values | changes))) is named
