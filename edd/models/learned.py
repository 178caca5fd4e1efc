"""What was learned from parcels: sums and fitted numbers, never a parcel."""

from __future__ import annotations

from django.db import models

from merchants.owned import MerchantOwned


class Clock(models.TextChoices):
    """Which time is counted: in the warehouse, on the road, or since the newest scan."""

    PROCESSING = "processing"
    TRANSIT = "transit"
    STATE = "state"


class Learned(models.Model):
    """How far one clock has been learned, and the model fitted last. One row a clock.

    No row of a merchant. `edd.learned_rows` is the only writer of the tables in this file.
    """

    clock = models.CharField(max_length=12, choices=Clock.choices, unique=True)
    #: Days before this one are counted; each is counted once.
    until = models.DateField()
    fitted_on = models.DateField(null=True)
    #: `edd.learning.saved`: the location model without any merchant's own effects.
    model = models.JSONField(null=True)
    #: How many parcels the model was fitted on.
    parcels = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.clock} until {self.until}"


class TableRow(models.Model):
    """Days at risk and ends of one node by business day; see `edd.learning.tables`."""

    clock = models.CharField(max_length=12, choices=Clock.choices)
    #: `edd.learning.nodes.node(name)`.
    node = models.BigIntegerField()
    name = models.CharField(max_length=250)
    #: float32, `edd.learning.knobs.DAYS` of each.
    at_risk = models.BinaryField()
    ended = models.BinaryField()
    #: Ends in all: how many parcels speak, faded to `until`.
    parcels = models.FloatField()
    until = models.DateField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.clock} {self.name}"


class PooledNode(TableRow):
    """A node that all merchants' parcels fill: a carrier, a lane, a postal prefix.

    `givers` marks how many merchants do, without saying which: `edd.givers`.
    """

    givers = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["clock", "node"], name="pooled_node_once")]
        indexes = [models.Index(fields=["clock", "-parcels"], name="pooled_nodes_largest")]


class OwnNode(MerchantOwned, TableRow):
    """A node of one merchant: its warehouse, its classes of goods, its own lanes."""

    class Meta(MerchantOwned.Meta):
        constraints = [  # type: ignore[misc]  # TableRow's Meta has none, and says so
            *MerchantOwned.Meta.constraints,
            models.UniqueConstraint(fields=["merchant", "clock", "node"], name="own_node_once"),
        ]


class OwnEffects(MerchantOwned):
    """One merchant's own effects in a location model: for each kind, node to size."""

    clock = models.CharField(max_length=12, choices=Clock.choices)
    sizes = models.JSONField(default=list)
    fitted_on = models.DateField()

    class Meta(MerchantOwned.Meta):
        verbose_name_plural = "own effects"
        constraints = [
            *MerchantOwned.Meta.constraints,
            models.UniqueConstraint(fields=["merchant", "clock"], name="own_effects_once"),
        ]

    def __str__(self) -> str:
        return f"{self.clock} effects of {self.merchant_id}"
