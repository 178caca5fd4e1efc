"""What a merchant pays for a message; nobody's price is invented."""

from __future__ import annotations

from django.db import models

from merchants.owned import MerchantOwned


class MessagePrice(MerchantOwned):
    """The price of one part on one channel to one country, as the merchant entered it."""

    channel = models.CharField(max_length=10)
    #: ISO 3166; "" is every country that has no row of its own.
    country = models.CharField(max_length=2, blank=True)
    amount = models.DecimalField(max_digits=10, decimal_places=5)
    currency = models.CharField(max_length=3)

    class Meta(MerchantOwned.Meta):
        constraints = [
            *MerchantOwned.Meta.constraints,
            models.UniqueConstraint(
                fields=["merchant", "channel", "country"], name="message_price_once"
            ),
        ]
