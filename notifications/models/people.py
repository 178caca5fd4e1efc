"""What shoppers chose, where they are reached, and who must not be written to."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from merchants.owned import MerchantOwned
from tracking.models import Order, Recipient


class Preference(MerchantOwned):
    """How one shopper wants to hear from one merchant, for this order and those to come.

    `person` is the folded e-mail address, or the phone number's digits where there is none;
    no row means that nothing was chosen.
    """

    person = models.CharField(max_length=254)
    #: Slugs of the channels that the shopper wants; a channel that is not here is not used.
    channels = models.JSONField(default=list)
    language = models.CharField(max_length=10, blank=True)
    is_muted = models.BooleanField(default=False)
    #: Topics that this person does not want, of those that one can do without.
    muted_topics = models.JSONField(default=list, db_default=[])
    #: Ids of orders that this person does not want to hear of any more.
    muted_orders = models.JSONField(default=list, db_default=[])
    #: Whether this person agreed to be written to about other things than orders.
    wants_marketing = models.BooleanField(default=False, db_default=False)
    changed_at = models.DateTimeField(db_default=Now())

    class Meta(MerchantOwned.Meta):
        constraints = [
            *MerchantOwned.Meta.constraints,
            models.UniqueConstraint(fields=["merchant", "person"], name="preference_once"),
        ]


class PushSubscription(MerchantOwned):
    """One browser that wants to hear of one order (W3C Push API: endpoint and its two keys)."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="+")
    recipient = models.ForeignKey(Recipient, on_delete=models.CASCADE, related_name="+")
    endpoint = models.TextField()
    #: SHA-256 of the endpoint: endpoints are long, and only equality matters.
    endpoint_key = models.CharField(max_length=64)
    p256dh = models.CharField(max_length=120)
    auth = models.CharField(max_length=60)
    created_at = models.DateTimeField(db_default=Now())
    #: The push service said that the browser is gone.
    gone_at = models.DateTimeField(null=True)

    class Meta(MerchantOwned.Meta):
        constraints = [
            *MerchantOwned.Meta.constraints,
            models.UniqueConstraint(
                fields=["merchant", "order", "endpoint_key"], name="push_subscription_once"
            ),
        ]


class Suppression(MerchantOwned):
    """An address that must not be written to again, and why."""

    channel = models.CharField(max_length=10)
    address = models.CharField(max_length=254)
    reason = models.CharField(max_length=60)
    at = models.DateTimeField(db_default=Now())

    class Meta(MerchantOwned.Meta):
        constraints = [
            *MerchantOwned.Meta.constraints,
            models.UniqueConstraint(
                fields=["merchant", "channel", "address"], name="suppression_once"
            ),
        ]
