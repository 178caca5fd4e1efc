"""What a shop offers on its shoppers' pages, the goods it sells, and how often offers were seen."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from merchants.owned import MerchantOwned


class Product(MerchantOwned):
    """One thing the shop sells, as its orders, a file or a person named it.

    `key` is what it is known by (`selling.keys`). `goes_with` are keys that a person picked,
    `bought_with` those that orders show. `sold` counts orders of the last half year.
    `selling.catalogue` is the only writer.
    """

    key = models.CharField(max_length=200)
    external_id = models.CharField(max_length=100, blank=True)
    sku = models.CharField(max_length=120, blank=True)
    title = models.CharField(max_length=300)
    #: {"ar": "…"}: the title in the shop's other languages.
    titles = models.JSONField(default=dict)
    url = models.URLField(max_length=500, blank=True)
    image_url = models.URLField(max_length=500, blank=True)
    price = models.DecimalField(max_digits=14, decimal_places=3, null=True)
    currency = models.CharField(max_length=3, blank=True)
    #: After so many days somebody needs another one; None where it does not run out.
    lasts_days = models.PositiveSmallIntegerField(null=True)
    goes_with = models.JSONField(default=list)
    bought_with = models.JSONField(default=list)
    sold = models.PositiveIntegerField(default=0)
    #: Whether pages may offer it.
    is_on = models.BooleanField(default=True)
    #: A person or a file said what it is: orders change it no more.
    is_kept = models.BooleanField(default=False)
    updated_at = models.DateTimeField(db_default=Now())

    class Meta(MerchantOwned.Meta):
        constraints = [
            *MerchantOwned.Meta.constraints,
            models.UniqueConstraint(fields=["merchant", "key"], name="product_once"),
        ]
        indexes = [models.Index(fields=["merchant", "-sold", "id"], name="products_by_sold")]

    def __str__(self) -> str:
        return self.title


class Promotion(MerchantOwned):
    """One offer and the rule by which a page shows it; `selling.promoting` is the only writer.

    Texts are in the shop's own language; `translations` has them by language
    ({"ar": {"title": "…", "text": "…", "button": "…"}}). Empty lists of the rule mean everybody.
    """

    class Kind(models.TextChoices):
        OFFER = "offer", pgettext_lazy("kind of promotion", "Something of your own")
        GOES_WITH = "goes_with", pgettext_lazy("kind of promotion", "What goes with the order")
        RUNS_OUT = "runs_out", pgettext_lazy("kind of promotion", "What will run out soon")

    class Stage(models.TextChoices):
        BEFORE = "before", _("Before it is sent")
        ON_ITS_WAY = "on_its_way", _("On its way")
        AT_THE_DOOR = "at_the_door", _("Out for delivery")
        DELIVERED = "delivered", _("Delivered")

    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.OFFER)
    title = models.CharField(max_length=80, blank=True)
    text = models.CharField(max_length=240, blank=True)
    button = models.CharField(max_length=40, blank=True)
    translations = models.JSONField(default=dict)
    url = models.URLField(max_length=500, blank=True)
    image_url = models.URLField(max_length=500, blank=True)

    countries = models.JSONField(default=list)
    languages = models.JSONField(default=list)
    stages = models.JSONField(default=list)
    #: Folded tags of an order, and folded SKUs or titles of what was bought.
    tags = models.JSONField(default=list)
    bought = models.JSONField(default=list)
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    #: Of a hundred orders that it fits, so many see it; the others the next that fits.
    share = models.PositiveSmallIntegerField(default=100)

    is_on = models.BooleanField(default=True)
    #: The first that fits is shown.
    position = models.PositiveSmallIntegerField(default=0)
    #: When it begins or ends next, so that kept pages are made anew (`selling.turning`).
    turns_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta(MerchantOwned.Meta):
        ordering = ["position", "id"]
        indexes = [
            models.Index(fields=["merchant", "position"], name="promotions_in_order"),
            models.Index(
                fields=["turns_at"],
                name="promotions_that_turn",
                condition=models.Q(turns_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title or str(self.get_kind_display())

    def text_in(self, name: str, language: str) -> str:
        """A text in this language, "" where there is none; the shop's own are the columns."""
        own: dict[str, Any] = self.translations.get(language, {})
        return str(own.get(name, ""))


class PromotionCount(MerchantOwned):
    """How often a promotion was seen and clicked on one day of the shop, at one stage.

    Sums, and nobody in them. The writer is `selling.counting`.
    """

    promotion = models.ForeignKey(Promotion, on_delete=models.CASCADE, related_name="counts")
    day = models.DateField()
    stage = models.CharField(max_length=12)
    views = models.PositiveIntegerField(default=0)
    clicks = models.PositiveIntegerField(default=0)
    #: The last batch that was added, so that none is added twice.
    batch = models.UUIDField()

    class Meta(MerchantOwned.Meta):
        constraints = [
            *MerchantOwned.Meta.constraints,
            models.UniqueConstraint(
                fields=["merchant", "promotion", "day", "stage"], name="promotion_count_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.views} seen, {self.clicks} clicked"


class Paired(MerchantOwned):
    """When it was last counted which of the shop's goods are bought together."""

    at = models.DateTimeField()

    class Meta(MerchantOwned.Meta):
        constraints = [
            *MerchantOwned.Meta.constraints,
            models.UniqueConstraint(fields=["merchant"], name="paired_once"),
        ]

    def __str__(self) -> str:
        return f"{self.merchant_id} at {self.at}"


class Collected(models.Model):
    """How far the lines of all merchants' orders were read for their catalogues; one row."""

    last_item = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"up to {self.last_item}"
