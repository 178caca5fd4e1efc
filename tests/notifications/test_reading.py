"""Whether messages were read, as far as anybody can know."""

from __future__ import annotations

from datetime import datetime, timedelta

from merchants.models import Merchant
from notifications.models import Message, PageView
from notifications.reading import Figures, figures
from tests.factories import NOW
from tests.notifications.test_receipts import LATER, receive
from tracking.models import Recipient, Shipment


def reading(message: Message) -> tuple[datetime | None, datetime | None, str]:
    message.refresh_from_db()
    return message.opened_at, message.clicked_at, message.state


def test_first_opening_counts_and_leaves_the_state_alone(message: Message) -> None:
    Message.objects.filter(pk=message.pk).update(state="delivered")
    receive("opened", metadata={"message": str(message.pk)})
    receive("opened", metadata={"message": str(message.pk)}, timestamp=LATER + timedelta(hours=1))
    assert reading(message) == (LATER, None, "delivered")


def test_click_is_an_opening_too(message: Message) -> None:
    receive("clicked", metadata={"message": str(message.pk)})
    assert reading(message) == (LATER, LATER, "waiting")


def test_opening_of_somebody_elses_mail_changes_nothing(message: Message) -> None:
    receive("opened", message_id="unknown")
    assert reading(message) == (None, None, "waiting")


def write(parcel: Shipment, rule: str, hours: float, **fields: object) -> Message:
    change = parcel.order.changes.first()
    at = NOW + timedelta(hours=hours)
    return Message.objects.create(
        merchant_id=parcel.merchant_id, order=parcel.order, shipment=parcel, change=change,
        recipient=Recipient.objects.get(order=parcel.order, role="buyer"), topic=rule, rule=rule,
        language="en", to="sara@shopper.example", sequence=Message.objects.count() + 10,
        **({"state": "sent", "sent_at": at, "created_at": at} | fields),
    )  # fmt: skip


def visit(parcel: Shipment, hours: float, *, seen: bool = True) -> None:
    at = NOW + timedelta(hours=hours)
    PageView.objects.create(
        merchant_id=parcel.merchant_id, order=parcel.order,
        recipient=Recipient.objects.get(order=parcel.order, role="buyer"),
        opened_at=at, seen_at=at if seen else None, proof="beacon" if seen else "",
    )  # fmt: skip


def test_figures_count_a_visit_for_the_message_before_it(scope: Merchant, message: Message) -> None:
    parcel = message.shipment
    assert parcel is not None
    Message.objects.all().delete()
    write(parcel, "shipped", 1, delivered_at=NOW, opened_at=NOW)
    write(parcel, "out_for_delivery", 5)
    write(parcel, "out_for_delivery", 9, clicked_at=NOW, opened_at=NOW)
    write(parcel, "out_for_delivery", 10, state="skipped", sent_at=None)
    visit(parcel, 0.5)
    visit(parcel, 2, seen=False)
    visit(parcel, 6)
    assert figures(since=NOW) == [
        Figures("out_for_delivery", sent=2, delivered=0, opened=1, visited=2),
        Figures("shipped", sent=1, delivered=1, opened=1, visited=0),
    ]
    assert figures(since=NOW + timedelta(days=1)) == []
