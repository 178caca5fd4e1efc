"""A shop with a few parcels in trouble, and somebody signed in."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.core.mail import EmailMessage
from django.test import Client
from django.utils import timezone

from carriers.models import CarrierAccount, CarrierFailure
from carriers.updates import CarrierEvent, Place, TrackingUpdate
from inbox.models import Delivery, Outcome
from lib.encryption import seal
from lib.vocabulary import UNKNOWN
from merchants.models import Merchant, Role
from merchants.scope import merchant_scope
from notifications.models import Message
from stores.connect import connect_store
from tests import factories
from tracking.answers import Wish, take_wish
from tracking.ingest import Heard, ingest
from tracking.models import Change, Order, Shipment

SignIn = Callable[..., Client]


def link_in(sent: EmailMessage) -> str:
    """The path of the one link in a mail about an account."""
    (found,) = set(re.findall(r"http://127\.0\.0\.1:8000(/\S+)", str(sent.body)))
    return found


@pytest.fixture
def sign_in(merchant: Merchant) -> SignIn:
    """A browser of a member with this role."""

    def make(role: Role = Role.OWNER, *, at: Merchant = merchant) -> Client:
        client = Client()
        email = f"{role}@{at.slug}.example"
        client.force_login(factories.user(at, role=role, email=email))
        return client

    return make


def scanned(
    merchant: Merchant, *scans: tuple[float, str, str], carrier: str = "sandbox", **fields: object
) -> Shipment:
    """A parcel with scans of (hours ago, code, sub-status); in scope."""
    now = timezone.now()
    placed = fields.pop("placed_at", now - timedelta(days=4))
    made = factories.shipment(merchant, carrier=carrier, now=now, placed_at=placed, **fields)
    events = tuple(
        CarrierEvent(
            code=code, sub_status=sub_status, at=now - timedelta(hours=hours),
            description=f"Said {code}", place=Place(city="Dubai", country="AE"),
        )
        for hours, code, sub_status in scans
    )  # fmt: skip
    update = TrackingUpdate(made.tracking_number, events)
    ingest(heard=[Heard(made.pk, update)], source="poll", now=now)
    made.refresh_from_db()
    return made


@pytest.fixture
def shop(merchant: Merchant) -> Merchant:
    """One failed attempt, one unknown code, one delivered; a failing account and a store."""
    now = timezone.now()
    with merchant_scope(merchant.pk):
        scanned(
            merchant, (30, "PU", "picked_up.accepted"), (3, "NH", "attempt.nobody_home"),
            number="1042", customer_name="Noura Al Qahtani",
        )  # fmt: skip
        scanned(merchant, (30, "PU", "picked_up.accepted"), (2, "ZZ9", UNKNOWN), number="1043")
        scanned(
            merchant, (40, "PU", "picked_up.accepted"), (1, "OK", "delivered.generic"),
            number="1044",
        )  # fmt: skip
        _connections(merchant, now)
        failed = Shipment.objects.get(order__number="1042")
        take_wish(shipment=failed, wish=Wish(landmark="The pharmacy"), now=now)
        _message(Order.objects.get(number="1042"))
    return merchant


def _connections(merchant: Merchant, now: datetime) -> None:
    account = CarrierAccount.objects.create(
        merchant=merchant, carrier="sandbox", secrets=seal({"client_secret": "hunter22"}),
        failures=4, last_failure_at=now, last_problem="HTTP 503 from the carrier",
    )  # fmt: skip
    CarrierFailure.objects.create(
        merchant=merchant, account=account, at=now, kind="unavailable", message="HTTP 503",
        http_status=503, parcels=2, raw=b"<script>alert(1)</script>",
    )  # fmt: skip
    store = connect_store(
        merchant=merchant, platform="shopify", name="Noor", secret="shpss_topsecret",
        external_id="noor.myshopify.com",
    )  # fmt: skip
    Delivery.objects.create(
        merchant=merchant, kind="store", slug="shopify", connection_id=store.pk,
        topic="orders/create", unique_key="k1", body=b'{"id": 1}', outcome=Outcome.FAILED,
        problem="No order number. Given up after 6 attempts.", finished_at=now,
    )  # fmt: skip


def _message(order: Order) -> Message:
    change = Change.objects.filter(order=order).order_by("pk")[0]
    recipient = order.recipients.get()
    return Message.objects.create(
        merchant_id=order.merchant_id, order=order, change=change, recipient=recipient,
        topic="shipped", language="en", to=recipient.email, subject="On its way",
        text="Hello", html="<p>Hello</p><script>alert(1)</script>", state="failed",
        reason="Mailbox full",
    )  # fmt: skip
