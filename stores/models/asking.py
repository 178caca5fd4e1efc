"""What is asked of shops: windows of orders, single orders, and the calls that failed."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from merchants.owned import MerchantOwned
from stores.models.connections import StoreConnection


class Pull(MerchantOwned):
    """Orders of one window, asked page by page; each page is saved together with `cursor`.

    A worker that dies over a page leaves the pull due again at the same page.
    """

    class Kind(models.TextChoices):
        #: History: the last weeks at connecting, older orders when the merchant asks.
        BACKFILL = "backfill"
        #: What changed since the last time, by the shop's own `updated_at`.
        SWEEP = "sweep"

    class State(models.TextChoices):
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"

    store = models.ForeignKey(StoreConnection, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    #: Why a sweep was made out of turn: "silence", "person"; empty: it was due.
    reason = models.CharField(max_length=20, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.RUNNING)
    since = models.DateTimeField()
    until = models.DateTimeField()
    cursor = models.TextField(blank=True)
    #: Orders read, of these new to us, of these such as a webhook should have brought.
    found = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    recovered = models.PositiveIntegerField(default=0)
    unread = models.PositiveIntegerField(default=0)
    #: How many the shop says there are, where it says so.
    total = models.PositiveIntegerField(null=True)
    due_at = models.DateTimeField(null=True)
    failures = models.PositiveSmallIntegerField(default=0)
    problem = models.CharField(max_length=300, blank=True)
    started_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True)

    class Meta(MerchantOwned.Meta):
        indexes = [
            models.Index(fields=["merchant", "store", "-started_at"], name="pulls_of_store"),
            models.Index(fields=["due_at"], name="pull_due", condition=models.Q(state="running")),
        ]


class WantedOrder(MerchantOwned):
    """An order to be fetched fresh: a webhook told no more than its id.

    Several webhooks about one order are one row. `asked_for` counts them: an order that is told
    of again while it is fetched is fetched once more.
    """

    store = models.ForeignKey(StoreConnection, on_delete=models.CASCADE, related_name="+")
    external_id = models.CharField(max_length=100)
    asked_for = models.PositiveIntegerField(default=1)
    wanted_at = models.DateTimeField()
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    problem = models.CharField(max_length=300, blank=True)

    class Meta(MerchantOwned.Meta):
        constraints = [
            *MerchantOwned.Meta.constraints,
            models.UniqueConstraint(
                fields=["merchant", "store", "external_id"], name="wanted_once"
            ),
        ]
        indexes = [models.Index(fields=["due_at"], name="wanted_due")]


class StoreFailure(MerchantOwned):
    """One call to a shop that failed, as it came: what a merchant looks at."""

    store = models.ForeignKey(StoreConnection, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    kind = models.CharField(max_length=20)
    message = models.CharField(max_length=300)
    #: What we were about: "sweep", "backfill", "order", "hooks", "write", "setup", "refresh".
    doing = models.CharField(max_length=20)
    http_status = models.PositiveSmallIntegerField(null=True)
    retry_after = models.FloatField(null=True)
    raw = models.BinaryField(default=b"")

    class Meta(MerchantOwned.Meta):
        indexes = [models.Index(fields=["merchant", "store", "-at"], name="store_failures")]
