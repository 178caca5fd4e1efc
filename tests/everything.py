"""One row of every merchant-owned table, for one merchant: what the tenancy tests look for.

A new table must be added here; `tests/test_tenancy.py` fails until it is.
"""

from __future__ import annotations

import uuid
import zlib
from typing import Any

from django.db import models

from carriers.models import CarrierAccount, CarrierFailure
from edd.models import (
    Calibration,
    DateRules,
    DateScore,
    Guarded,
    HandlingRule,
    LaneDays,
    MerchantDayRule,
    MerchantDisruption,
    OwnEffects,
    OwnNode,
    QuoteCount,
)
from help_texts.models import Banner, Question, QuestionsPage
from helpdesk.models import Case, CaseEntry, Note
from inbox.models import Delivery, Door
from lib.encryption import seal
from merchants.access import issue_api_key
from merchants.models import (
    ApiKey,
    AuditEntry,
    Brand,
    BrandDraft,
    Domain,
    Membership,
    Merchant,
    PublishableKey,
)
from merchants.scope import merchant_scope
from notifications.dry_run.plain import plain
from notifications.models import (
    Answer,
    AnswerRules,
    Calm,
    ChannelSetting,
    DryRun,
    Handle,
    Message,
    MessagePrice,
    PageCode,
    PageView,
    Preference,
    PushSubscription,
    RegisteredText,
    Rule,
    Suppression,
    Template,
    TemplateVersion,
    Voucher,
    VoucherRule,
    WebhookAttempt,
    WebhookDelivery,
    WebhookEndpoint,
    WhatsAppTemplate,
)
from notifications.rules import default_of
from notifications.triggers import TRIGGERS
from selling.models import Paired, Product, Promotion, PromotionCount
from stores.connect import connect_store
from stores.models import (
    ApiReply,
    FeedModel,
    Gap,
    ImportedOrder,
    ImportMapping,
    ImportPiece,
    ImportRow,
    OrderImport,
    OrderVersion,
    PartnerOrder,
    PrivacyRequest,
    Pull,
    StoreConnection,
    StoreFailure,
    StoreWrite,
    WantedOrder,
)
from tests import factories
from tests.factories import NOW
from tracking.links import link_for
from tracking.models import (
    AddressCheck,
    AddressPolicy,
    BackTest,
    CalendarEntry,
    CarrierDate,
    CashPolicy,
    CashQuestion,
    Change,
    CodeOverride,
    Consent,
    DateOutcome,
    DeliveryAnswer,
    Event,
    Feedback,
    FeedbackPolicy,
    Judgement,
    Leg,
    Link,
    Order,
    OrderItem,
    Outbox,
    Promise,
    RawAnswer,
    Recipient,
    Redating,
    Refund,
    Reminder,
    Shipment,
    ShipmentItem,
    ShownDate,
    Slowness,
    SlownessDismissal,
    Watch,
)

#: A word that no page of another merchant may ever show.
MARK = "zzsecretzz"


def make(merchant: Merchant) -> dict[type[models.Model], Any]:
    """Make the rows; returns one of each model."""
    store = connect_store(
        merchant=merchant,
        platform="shopify",
        name=f"{MARK} store",
        secret="whsec-1234",
        external_id=f"{merchant.slug}.myshopify.com",
    )
    key, _ = issue_api_key(merchant=merchant, name=f"{MARK} key", by=None)
    publishable = PublishableKey.objects.create(
        merchant=merchant, key=f"pk_{MARK}-{merchant.slug}", origins=[f"https://{MARK}.example"]
    )
    domain = Domain.objects.create(
        host=f"{MARK}.{merchant.slug}.example", merchant=merchant, proof_seen=MARK
    )
    member = factories.user(merchant, email=f"{MARK}@{merchant.slug}.example")
    with merchant_scope(merchant.pk):
        rows = _tracking(merchant)
        order, shipment, recipient = rows[Order], rows[Shipment], rows[Recipient]
        account = CarrierAccount.objects.create(
            merchant=merchant, carrier="sandbox", name=MARK, secrets=seal({"client_id": MARK})
        )
        own = {"merchant": merchant}
        rows |= {
            Brand: Brand.objects.get(),
            BrandDraft: BrandDraft.objects.create(
                **own, name=MARK, tagline=MARK, saved_at=NOW, saved_by=member
            ),
            AuditEntry: AuditEntry.objects.create(**own, action="test", subject=MARK),
            CarrierAccount: account,
            CarrierFailure: CarrierFailure.objects.create(
                **own, account=account, at=NOW, kind="unavailable", message=MARK
            ),
            DateRules: DateRules.objects.create(**own),
            Answer: Answer.objects.create(
                **own, channel="whatsapp", sender=MARK, kind="text", text=MARK, provider_id=MARK
            ),
            AnswerRules: AnswerRules.objects.create(**own),
            HandlingRule: HandlingRule.objects.create(
                **own, kind="sku", match=MARK, handling_days=3
            ),
            MerchantDisruption: MerchantDisruption.objects.create(
                **own, days=3, starts=NOW.date(), ends=NOW.date(), to_region=MARK, to_country="AE"
            ),
            QuoteCount: QuoteCount.objects.create(
                **own, day=NOW, country="AE", carrier=MARK, promised_last=NOW, level=90,
                source="engine", quotes=1, batch=uuid.uuid4(),
            ),
            LaneDays: LaneDays.objects.create(**own, carrier=MARK, fastest=1, slowest=2),
            OwnEffects: OwnEffects.objects.create(
                **own, clock="transit", sizes=[{MARK: 0.5}], fitted_on=NOW.date()
            ),
            OwnNode: OwnNode.objects.create(
                **own, clock="transit", node=1, name=MARK, at_risk=b"", ended=b"", parcels=0,
                until=NOW.date(),
            ),
            MerchantDayRule: MerchantDayRule.objects.create(
                **own, part="warehouse", first=NOW.date(), last=NOW.date(), kind="rest", name=MARK
            ),
            Calibration: Calibration.objects.create(
                **own, carrier=MARK, level=90, adjusted=93, before=90, since=NOW, came=0.86, n=412
            ),
            DateScore: DateScore.objects.create(
                **own, week=NOW, whose="ours", carrier=MARK, lane="AE>SA", stage="order", level=90,
                n=1, in_time=1, inside=1, arrived=1, days_off=0, told=1, told_in_time=1,
            ),
            Guarded: Guarded.objects.create(**own, due_at=NOW),
            Delivery: Delivery.objects.create(
                **own, kind="store", slug="shopify", unique_key=MARK, body=MARK.encode(),
                connection_id=store.pk,
            ),
            StoreConnection: store,
            FeedModel: FeedModel.objects.create(
                **own, store=store, counts=[0.0] * 168, hours=[0.0] * 168, level_orders=1,
                level_expected=1, learned_until=NOW, built_at=NOW,
            ),
            Gap: Gap.objects.create(
                **own, store=store, silent_since=NOW, suspected_at=NOW, problem=MARK
            ),
            OrderVersion: OrderVersion.objects.create(**own, order=order, said_at=NOW),
            ApiReply: ApiReply.objects.create(
                **own, errand="order", key=MARK, fingerprint="0" * 64
            ),
            PrivacyRequest: PrivacyRequest.objects.create(
                **own, store=store, topic="customers/redact", delivery_id=1
            ),
            **_store(merchant, store, order),
            Calm: Calm.objects.create(**own),
            **_voucher(merchant, order),
            **_help_texts(merchant),
            RegisteredText: RegisteredText.objects.create(
                **own, country="IN", topic="delivered", language="en", entity_id=MARK,
                header="NOORHM", template_id=MARK, body=MARK,
            ),
            TemplateVersion: TemplateVersion.objects.create(
                **own, topic="delivered", channel="email", language="en", version=1, body=MARK
            ),
            WhatsAppTemplate: WhatsAppTemplate.objects.create(
                **own, topic="delivered", language="en", name=MARK, content_sid="HX1",
                category="UTILITY", body=MARK,
            ),
            MessagePrice: MessagePrice.objects.create(
                **own, channel="sms", country="AE", amount=1, currency="AED"
            ),
            Rule: Rule.objects.create(**own, trigger="delivered", name=MARK),
            Template: Template.objects.create(
                **own, topic="delivered", language="en", body=MARK
            ),
            Message: Message.objects.create(
                **own, order=order, shipment=shipment, change=rows[Change], recipient=recipient,
                topic="delivered", language="en", to=f"{MARK}@x.example", text=MARK,
            ),
            PageCode: _page_code(merchant, rows),
            PageView: PageView.objects.create(
                **own, order=order, recipient=recipient, opened_at=NOW, seen_at=NOW, proof="beacon"
            ),
            Suppression: Suppression.objects.create(
                **own, channel="email", address=f"{MARK}@x.example", reason="bounced"
            ),
            ChannelSetting: ChannelSetting.objects.create(
                **own, channel="sms", is_on=True, sender=MARK
            ),
            Handle: Handle.objects.create(
                **own, person=f"{MARK}@x.example", channel="line", address=MARK
            ),
            Preference: Preference.objects.create(
                **own, person=f"{MARK}@x.example", channels=["email"]
            ),
            PushSubscription: PushSubscription.objects.create(
                **own, order=order, recipient=recipient, endpoint=f"https://push.example/{MARK}",
                endpoint_key=MARK, p256dh=MARK, auth=MARK,
            ),
            DryRun: DryRun.objects.create(
                **own, state="failed",
                ruling=plain(default_of(TRIGGERS["delivered"], shop_writes=False)) | {"name": MARK},
            ),
            **_webhooks(merchant, order, rows[Change]),
            **_case(merchant, order),
            **_import(merchant, order),
            **_selling(merchant),
            Note: Note.objects.create(**own, order=order, author=member, text=MARK),
        }  # fmt: skip
    return rows | {
        Door: Door.objects.get(merchant=merchant),
        ApiKey: key,
        PublishableKey: publishable,
        Domain: domain,
        Membership: Membership.objects.get(merchant=merchant),
    }


def _page_code(merchant: Merchant, rows: dict[type[models.Model], Any]) -> PageCode:
    order, recipient = rows[Order], rows[Recipient]
    carrier = Message.objects.create(
        merchant=merchant, order=order, change=rows[Change], recipient=recipient, topic="page_code",
        purpose="answer", language="en", to=f"{MARK}@x.example",
    )  # fmt: skip
    return PageCode.objects.create(
        merchant=merchant, link_id=rows[Link].pk, order=order, recipient=recipient, message=carrier,
        purpose="open", to=f"{MARK}@x.example", nonce=MARK, expires_at=NOW,
    )  # fmt: skip


def _selling(merchant: Merchant) -> dict[type[models.Model], Any]:
    own = {"merchant": merchant}
    promotion = Promotion.objects.create(
        **own, title=MARK, text=MARK, url=f"https://{MARK}.example", bought=[MARK]
    )
    return {
        Promotion: promotion,
        PromotionCount: PromotionCount.objects.create(
            **own, promotion=promotion, day=NOW, stage="before", batch=uuid.uuid4()
        ),
        Product: Product.objects.create(
            **own, key=f"t:{MARK}", title=MARK, url=f"https://{MARK}.example/1"
        ),
        Paired: Paired.objects.create(**own, at=NOW),
    }


def _voucher(merchant: Merchant, order: Order) -> dict[type[models.Model], Any]:
    rule = VoucherRule.objects.create(merchant=merchant, name=MARK, worth=MARK)
    voucher = Voucher.objects.create(
        merchant=merchant, rule=rule, code=MARK, order=order, given_at=NOW
    )
    return {VoucherRule: rule, Voucher: voucher}


def _help_texts(merchant: Merchant) -> dict[type[models.Model], Any]:
    own = {"merchant": merchant}
    texts = {"en": {"question": MARK, "answer": MARK}}
    banner = Banner.objects.create(
        **own, texts={"en": MARK}, first=NOW.date(), last=NOW.date(), places=["page", "lookup"]
    )
    return {
        Question: Question.objects.create(**own, texts=texts),
        Banner: banner,
        QuestionsPage: QuestionsPage.objects.create(**own),
    }


def _store(
    merchant: Merchant, store: StoreConnection, order: Order
) -> dict[type[models.Model], Any]:
    own = {"merchant": merchant, "store": store}
    return {
        Pull: Pull.objects.create(**own, kind="sweep", since=NOW, until=NOW, problem=MARK),
        PartnerOrder: PartnerOrder.objects.create(**own, external_id=MARK, order=order),
        WantedOrder: WantedOrder.objects.create(**own, external_id=MARK, wanted_at=NOW, due_at=NOW),
        StoreFailure: StoreFailure.objects.create(
            **own, at=NOW, kind="unavailable", message=MARK, doing="sweep", raw=MARK.encode()
        ),
        StoreWrite: StoreWrite.objects.create(
            **own, order=order, kind="note", key=MARK, values={"text": MARK}
        ),
    }


def _webhooks(merchant: Merchant, order: Order, change: Change) -> dict[type[models.Model], Any]:
    own = {"merchant": merchant}
    endpoint = WebhookEndpoint.objects.create(
        **own, url=f"https://{MARK}.example/hooks", description=MARK, events=["*"],
        secrets=seal({"current": "whsec_" + "A" * 32}),
    )  # fmt: skip
    delivery = WebhookDelivery.objects.create(
        **own, endpoint=endpoint, change=change, order=order, webhook_id=MARK,
        event="parcel.shipped", body=f'{{"note": "{MARK}"}}', due_at=NOW, began_at=NOW,
    )  # fmt: skip
    attempt = WebhookAttempt.objects.create(
        **own, delivery=delivery, endpoint=endpoint, at=NOW, took_ms=1, is_success=False,
        response_body=MARK,
    )  # fmt: skip
    return {WebhookEndpoint: endpoint, WebhookDelivery: delivery, WebhookAttempt: attempt}


def _case(merchant: Merchant, order: Order) -> dict[type[models.Model], Any]:
    case = Case.objects.create(merchant=merchant, order=order, kind="concern", text=MARK)
    entry = CaseEntry.objects.create(merchant=merchant, case=case, kind="note", text=MARK)
    return {Case: case, CaseEntry: entry}


def _import(merchant: Merchant, order: Order) -> dict[type[models.Model], Any]:
    own: dict[str, Any] = {"merchant": merchant}
    job = OrderImport.objects.create(**own, file_name=f"{MARK}.csv", size=4, state="done")
    of_job = own | {"job": job}
    return {
        OrderImport: job,
        ImportPiece: ImportPiece.objects.create(**of_job, position=0, body=MARK.encode()),
        ImportRow: ImportRow.objects.create(
            **of_job, number=2, order_key=MARK, cells=[MARK], problems=[]
        ),
        ImportedOrder: ImportedOrder.objects.create(
            **of_job, order=order, outcome="new", digest="d", standing="s"
        ),
        ImportMapping: ImportMapping.objects.create(**own, headers_key=MARK, columns={}),
    }


def _slowness() -> Slowness:
    row, _ = Slowness.objects.get_or_create(
        carrier="ups", to_country="ZZ", closed_at=None,
        defaults={
            "since": NOW.date(), "seen_on": NOW.date(), "late": 0.6, "usual": 0.1,
            "parcels": 60, "merchants": 3, "days": 2,
        },
    )  # fmt: skip
    return row


def _tracking(merchant: Merchant) -> dict[type[models.Model], Any]:
    own = {"merchant": merchant}
    order = factories.order(
        merchant, number=MARK, customer_name=f"{MARK} Smith", customer_email=f"{MARK}@x.example"
    )
    shipment = factories.shipment(merchant, order=order, tracking_number=f"1Z{MARK}")
    recipient = Recipient.objects.get(order=order)
    item = OrderItem.objects.get(order=order)
    change = Change.objects.create(
        **own, order=order, shipment=shipment, kind="milestone", key="shipped", at=NOW
    )
    return {
        Order: order,
        OrderItem: item,
        Recipient: recipient,
        Refund: Refund.objects.create(**own, order=order, external_id=MARK, reason=MARK),
        Consent: Consent.objects.create(
            **own, order=order, channel="sms", purpose="marketing", given=True, source=MARK, at=NOW
        ),
        Link: link_for(order=order, recipient=recipient),
        Shipment: shipment,
        ShipmentItem: ShipmentItem.objects.create(**own, shipment=shipment, item=item),
        Leg: Leg.objects.create(
            **own, shipment=shipment, position=1, carrier="ups", tracking_number=MARK
        ),
        Event: Event.objects.create(
            **own, shipment=shipment, key=MARK, code=MARK, sub_status="unknown", at=NOW,
            source="poll", received_at=NOW,
        ),
        Watch: Watch.objects.get(shipment=shipment),
        SlownessDismissal: SlownessDismissal.objects.create(**own, slowness=_slowness()),
        RawAnswer: RawAnswer.objects.create(
            **own, id=uuid.uuid4(), carrier="ups", at=NOW, body=zlib.compress(MARK.encode())
        ),
        Change: change,
        Outbox: Outbox.objects.create(**own, consumer="test", change=change),
        DeliveryAnswer: DeliveryAnswer.objects.create(
            **own, order=order, shipment=shipment, attempt=1, kind="wish", address=MARK,
            by_hand=True, key=uuid.uuid4(),
        ),
        Feedback: Feedback.objects.create(
            **own, order=order, shipment=shipment, about="carrier", role="buyer", mark=1,
            words=MARK, given_at=NOW, changed_at=NOW,
        ),
        FeedbackPolicy: FeedbackPolicy.objects.create(**own, opens_cases=True, changed_at=NOW),
        Promise: Promise.objects.filter(shipment=shipment).get(),
        ShownDate: ShownDate.objects.create(
            **own, order=order, shipment=shipment, where="page", who="buyer", first=NOW, last=NOW,
            stage="pending", first_at=NOW, last_at=NOW,
        ),
        CalendarEntry: CalendarEntry.objects.create(
            **own, shipment=shipment, what="delivery", first=NOW, last=NOW, state="tentative",
            changed_at=NOW,
        ),
        CarrierDate: CarrierDate.objects.create(
            **own, shipment=shipment, first=NOW, last=NOW, was_held=True, said_at=NOW
        ),
        Judgement: Judgement.objects.create(**own, shipment=shipment),
        DateOutcome: DateOutcome.objects.create(
            **own, shipment=shipment, week=NOW, whose="ours", carrier=MARK, lane="AE>SA",
            stage="order", level=90, first=NOW, last=NOW, verdict="inside", told=True,
        ),
        AddressCheck: AddressCheck.objects.create(
            **own, order=order, score=50, checked_at=NOW, answer={"now": {"landmark": MARK}}
        ),
        BackTest: BackTest.objects.create(
            **own, months=3, state="failed", problem="too_few", about={"found": 1, "needed": 200},
            file_name=f"{MARK}.csv",
        ),
        AddressPolicy: AddressPolicy.objects.create(
            **own, levels={MARK: {"spot": "must"}}, changed_at=NOW
        ),
        CashPolicy: CashPolicy.objects.create(**own, asks=True, changed_at=NOW),
        CashQuestion: CashQuestion.objects.create(**own, order=order, asked_at=NOW),
        Reminder: Reminder.objects.create(
            **own, order=order, what="not_dispatched", key=MARK, due_at=NOW
        ),
        Redating: Redating.objects.create(**own, wanted_at=NOW, due_at=NOW),
        CodeOverride: CodeOverride.objects.create(
            **own, carrier="ups", code=MARK, sub_status="customs.delay"
        ),
    }  # fmt: skip
