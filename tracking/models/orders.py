"""What was bought and who waits for it."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from merchants.models import Merchant
from merchants.owned import MerchantOwned


class Order(MerchantOwned):
    """One order of one shop. `stores.ingest` and `tracking.ingest` are its only writers.

    Known again by (source, external_id): `source` is "api", "form", "csv" or
    "<platform>:<store id>". The `*_key` columns hold folded values, because only plain
    `=` uses an index under row-level security.
    """

    class GiftTells(models.TextChoices):
        NOTHING = "nothing"
        DELIVERY_DAY = "delivery_day"
        EVERYTHING = "everything"

    source = models.CharField(max_length=60)
    external_id = models.CharField(max_length=100)
    number = models.CharField(max_length=60)
    number_key = models.CharField(max_length=60)
    placed_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    packed_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    #: Nothing older than this is announced: orders imported with history keep quiet about it.
    announce_from = models.DateTimeField()

    currency = models.CharField(max_length=3, blank=True)
    total = models.DecimalField(max_digits=14, decimal_places=3, null=True)
    cod_amount = models.DecimalField(max_digits=14, decimal_places=3, null=True)
    payment_method = models.CharField(max_length=60, blank=True)
    language = models.CharField(max_length=10, blank=True)
    tags = models.JSONField(default=list)
    #: The shop's own word for where the order stands.
    shop_status = models.CharField(max_length=60, blank=True, default="", db_default="")
    #: The shop itself waits: "on_hold" or "out_of_stock" (`tracking.order_changes`); how often it
    #: did, and since when it is so or goes on again.
    hold = models.CharField(max_length=12, blank=True, default="", db_default="")
    holds = models.PositiveSmallIntegerField(default=0, db_default=0)
    hold_changed_at = models.DateTimeField(null=True)
    #: The receiver is not to see prices.
    is_gift = models.BooleanField(default=False, db_default=False)
    #: Of a gift: what its receiver hears; empty is the day of delivery alone.
    gift_tells = models.CharField(
        max_length=12, choices=GiftTells.choices, blank=True, default="", db_default=""
    )
    #: The external id of the order that this one makes good.
    replaces = models.CharField(max_length=100, blank=True, default="", db_default="")

    customer_name = models.CharField(max_length=200, blank=True)
    customer_email = models.EmailField(blank=True)
    customer_phone = models.CharField(max_length=40, blank=True)
    name_key = models.CharField(max_length=200, blank=True)
    email_key = models.CharField(max_length=254, blank=True)
    phone_key = models.CharField(max_length=40, blank=True)

    ship_to_name = models.CharField(max_length=200, blank=True)
    ship_to_phone = models.CharField(max_length=40, blank=True, default="", db_default="")
    line1 = models.CharField(max_length=255, blank=True)
    line2 = models.CharField(max_length=255, blank=True)
    landmark = models.CharField(max_length=255, blank=True)
    city = models.CharField(max_length=120, blank=True)
    region = models.CharField(max_length=120, blank=True)
    postcode = models.CharField(max_length=20, blank=True)
    country = models.CharField(max_length=2)
    #: The area; Dubai's ten digits; Saudi Arabia's short form; three words; degrees.
    district = models.CharField(max_length=120, blank=True, default="", db_default="")
    makani = models.CharField(max_length=40, blank=True, default="", db_default="")
    national_address = models.CharField(max_length=40, blank=True, default="", db_default="")
    what3words = models.CharField(max_length=100, blank=True, default="", db_default="")
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    ship_from_country = models.CharField(max_length=2, blank=True)
    #: Where it is sent from: the parts of `stores.vocabulary.Origin` that were said.
    ship_from = models.JSONField(default=dict, db_default={})
    #: What the shop told the shopper at the checkout: local dates there; no first day: "by".
    promised_first = models.DateField(null=True)
    promised_last = models.DateField(null=True)
    #: When the shopper wants it: day, start, end (ISO), note; those that were said.
    wish = models.JSONField(default=dict, db_default={})

    #: The parcel that needs attention most decides: derived in `tracking.orders`.
    status = models.CharField(max_length=24, default="pending")
    needs_attention = models.BooleanField(default=False)
    #: Everything fragment search looks through, folded. A trigger copies it to the table that
    #: `helpdesk.search` asks; see migration 0002.
    search_text = models.TextField(blank=True)
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(db_default=Now())

    class Meta(MerchantOwned.Meta):
        constraints = [
            *MerchantOwned.Meta.constraints,
            models.UniqueConstraint(
                fields=["merchant", "source", "external_id"], name="order_once"
            ),
        ]
        indexes = [
            models.Index(fields=["merchant", "-placed_at", "-id"], name="order_recent"),
            models.Index(
                fields=["merchant", "status", "-placed_at", "-id"], name="order_by_status"
            ),
            models.Index(fields=["merchant", "number_key"], name="order_by_number"),
            models.Index(fields=["merchant", "email_key"], name="order_by_email"),
            models.Index(fields=["merchant", "phone_key"], name="order_by_phone"),
            # Few rows: for the page of the order that they make good.
            models.Index(
                fields=["merchant", "replaces"],
                name="order_by_replaced",
                condition=~models.Q(replaces=""),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class OrderItem(MerchantOwned):
    """One line of an order."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="items")
    external_id = models.CharField(max_length=100, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    sku = models.CharField(max_length=120, blank=True)
    title = models.CharField(max_length=300)
    quantity = models.PositiveIntegerField(default=1)
    price = models.DecimalField(max_digits=14, decimal_places=3, null=True)
    image_url = models.URLField(max_length=500, blank=True)
    url = models.URLField(max_length=500, blank=True, default="", db_default="")

    class Meta(MerchantOwned.Meta):
        ordering = ["position", "id"]
        indexes = [models.Index(fields=["merchant", "order"], name="items_of_order")]

    def __str__(self) -> str:
        return self.title


class Recipient(MerchantOwned):
    """Somebody who is told: the buyer, the receiver, or the front desk.

    `is_added`: an agent or a program named them, so the order's own word changes them no more.
    """

    class Role(models.TextChoices):
        BUYER = "buyer"
        RECEIVER = "receiver"
        FRONT_DESK = "front_desk"

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="recipients")
    role = models.CharField(max_length=12, choices=Role.choices, default=Role.BUYER)
    name = models.CharField(max_length=200, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    language = models.CharField(max_length=10, blank=True)
    is_added = models.BooleanField(default=False, db_default=False)
    #: The phone is one that they gave on the order's page, and proved to be theirs.
    has_own_phone = models.BooleanField(default=False, db_default=False)
    #: When the buyer asked us to tell this person; null for everybody else.
    shared_at = models.DateTimeField(null=True)
    #: The buyer wants it to be a surprise until the day it comes (`notifications.gifts`).
    is_surprise = models.BooleanField(default=False, db_default=False)

    class Meta(MerchantOwned.Meta):
        constraints = [
            *MerchantOwned.Meta.constraints,
            models.UniqueConstraint(fields=["merchant", "order", "role"], name="recipient_once"),
        ]

    def __str__(self) -> str:
        return f"{self.role} of order {self.order_id}"


class Refund(MerchantOwned):
    """Money given back, known again by the shop's own id."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="refunds")
    external_id = models.CharField(max_length=100)
    amount = models.DecimalField(max_digits=14, decimal_places=3, null=True)
    at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True)
    #: [a line's external id, how many], …
    lines = models.JSONField(default=list)

    class Meta(MerchantOwned.Meta):
        constraints = [
            *MerchantOwned.Meta.constraints,
            models.UniqueConstraint(
                fields=["merchant", "order", "external_id"], name="refund_once"
            ),
        ]

    def __str__(self) -> str:
        return f"refund {self.external_id} of order {self.order_id}"


class Consent(MerchantOwned):
    """What the buyer agreed to or refused, and where that was said; the newest word counts."""

    class Channel(models.TextChoices):
        EMAIL = "email"
        SMS = "sms"
        WHATSAPP = "whatsapp"

    class Purpose(models.TextChoices):
        MARKETING = "marketing"
        TRACKING = "tracking"

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="consents")
    channel = models.CharField(max_length=10, choices=Channel.choices)
    purpose = models.CharField(max_length=10, choices=Purpose.choices)
    given = models.BooleanField()
    source = models.CharField(max_length=80, blank=True)
    at = models.DateTimeField()

    class Meta(MerchantOwned.Meta):
        constraints = [
            *MerchantOwned.Meta.constraints,
            models.UniqueConstraint(
                fields=["merchant", "order", "channel", "purpose"], name="consent_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.purpose} of order {self.order_id}"


class Link(models.Model):
    """An opaque link to one order's page. A door table: the token is how the merchant is known.

    The token is random, never derived from anybody's data, and can be revoked. It ends some days
    after the order has (`Merchant.links_last_days`), or at `until` where that is set.
    """

    token = models.CharField(max_length=40, unique=True)
    merchant = models.ForeignKey(Merchant, on_delete=models.CASCADE, related_name="+")
    order_id = models.BigIntegerField()
    recipient_id = models.BigIntegerField(null=True)
    #: Somebody looked the order up; it was not sent to anybody.
    by_lookup = models.BooleanField(default=False, db_default=False)
    created_at = models.DateTimeField(db_default=Now())
    until = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["merchant", "order_id"], name="links_of_order")]

    def __str__(self) -> str:
        return f"link to order {self.order_id}"
