"""The heart's tables: what was bought, who waits for it, the parcels, and what became of them."""

from tracking.models.addresses import AddressCheck, AddressPolicy
from tracking.models.answers import DeliveryAnswer
from tracking.models.answers_kept import RawAnswer
from tracking.models.back_tests import BackTest
from tracking.models.calendar import CalendarEntry
from tracking.models.cash import CashPolicy, CashQuestion
from tracking.models.feedback import Feedback, FeedbackPolicy
from tracking.models.gaps import GapCount
from tracking.models.ledger import CarrierDate, DateOutcome, Judgement, ShownDate, Verdict
from tracking.models.orders import Consent, Link, Order, OrderItem, Recipient, Refund
from tracking.models.outages import CarrierPulse, Outage
from tracking.models.outcomes import Change, CodeOverride, OperatorOverride, Outbox, Promise
from tracking.models.parcels import Event, Leg, Ruling, Shipment, ShipmentItem, Watch
from tracking.models.redating import Redating
from tracking.models.reminders import Reminder
from tracking.models.slowness import Slowness, SlownessDismissal

__all__ = [
    "AddressCheck",
    "AddressPolicy",
    "BackTest",
    "CalendarEntry",
    "CarrierDate",
    "CarrierPulse",
    "CashPolicy",
    "CashQuestion",
    "Change",
    "CodeOverride",
    "Consent",
    "DateOutcome",
    "DeliveryAnswer",
    "Event",
    "Feedback",
    "FeedbackPolicy",
    "GapCount",
    "Judgement",
    "Leg",
    "Link",
    "OperatorOverride",
    "Order",
    "OrderItem",
    "Outage",
    "Outbox",
    "Promise",
    "RawAnswer",
    "Recipient",
    "Redating",
    "Refund",
    "Reminder",
    "Ruling",
    "Shipment",
    "ShipmentItem",
    "ShownDate",
    "Slowness",
    "SlownessDismissal",
    "Verdict",
    "Watch",
]
