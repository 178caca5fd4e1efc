"""Files of orders: as they were uploaded, as rows, and what became of them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from merchants.models import User
from merchants.owned import MerchantOwned
from tracking.models import Order


class OrderImport(MerchantOwned):
    """One uploaded file. `stores.csv` is its only writer.

    A draft waits for a person; what is queued has a `due_at` and is claimed by a worker, who holds
    it as long as `claim` is his. `settings` is `stores.csv.settings.Settings`.
    """

    class State(models.TextChoices):
        DRAFT = "draft"
        READING = "reading"
        SAVING = "saving"
        DONE = "done"
        FAILED = "failed"
        UNDOING = "undoing"
        UNDONE = "undone"

    created_at = models.DateTimeField(db_default=Now())
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    file_name = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    settings = models.JSONField(default=dict)
    #: What the survey found and the mapping page shows: samples, and what dates prove.
    found = models.JSONField(default=dict)

    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    claim = models.PositiveIntegerField(default=0)
    #: Claims without progress since the last batch.
    attempts = models.PositiveSmallIntegerField(default=0)
    #: A `FileProblem`'s code and row, or "failed".
    problem = models.CharField(max_length=30, blank=True)
    problem_row = models.PositiveIntegerField(default=0)

    #: Rows below the header; of them read, saved or refused, and refused.
    rows = models.PositiveIntegerField(default=0)
    rows_read = models.PositiveIntegerField(default=0)
    rows_done = models.PositiveIntegerField(default=0)
    rows_refused = models.PositiveIntegerField(default=0)
    orders_new = models.PositiveIntegerField(default=0)
    orders_merged = models.PositiveIntegerField(default=0)
    orders_unchanged = models.PositiveIntegerField(default=0)
    orders_removed = models.PositiveIntegerField(default=0)
    orders_kept = models.PositiveIntegerField(default=0)
    #: How far saving or undoing has come.
    last_key = models.CharField(max_length=100, blank=True)
    last_id = models.BigIntegerField(default=0)

    class Meta(MerchantOwned.Meta):
        indexes = [
            models.Index(fields=["merchant", "-created_at"], name="imports_recent"),
            models.Index(fields=["due_at"], name="imports_due", condition=Q(due_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def orders(self) -> int:
        return self.orders_new + self.orders_merged + self.orders_unchanged


class ImportPiece(MerchantOwned):
    """A piece of the uploaded bytes. The web server that took them is not the worker that reads."""

    job = models.ForeignKey(OrderImport, on_delete=models.CASCADE, related_name="pieces")
    position = models.PositiveIntegerField()
    body = models.BinaryField()

    class Meta(MerchantOwned.Meta):
        constraints = [
            *MerchantOwned.Meta.constraints,
            models.UniqueConstraint(
                fields=["merchant", "job", "position"], name="import_piece_once"
            ),
        ]


class ImportRow(MerchantOwned):
    """A row of the file while it is worked on, and afterwards if it was refused.

    `order_key` brings the rows of an order together, wherever they stood. A row that went in is
    deleted with the batch that took it.
    """

    job = models.ForeignKey(OrderImport, on_delete=models.CASCADE, related_name="staged")
    number = models.PositiveIntegerField()
    order_key = models.CharField(max_length=100)
    cells = models.JSONField()
    #: `stores.csv.problems.Problem`s, of a refused row.
    problems = models.JSONField(null=True)

    class Meta(MerchantOwned.Meta):
        constraints = [
            *MerchantOwned.Meta.constraints,
            models.UniqueConstraint(fields=["merchant", "job", "number"], name="import_row_once"),
        ]
        indexes = [
            models.Index(
                fields=["merchant", "job", "order_key", "number"],
                name="import_rows_waiting",
                condition=Q(problems__isnull=True),
            )
        ]


class ImportedOrder(MerchantOwned):
    """What one import said about one order, and how the order stood afterwards.

    `digest` is of what was said: said again, it changes nothing. `standing` is of the order: as
    long as it is the same, nobody else has changed it.
    """

    class Outcome(models.TextChoices):
        NEW = "new"
        MERGED = "merged"
        #: Said in other words than before, and nothing changed.
        SAME = "same"

    job = models.ForeignKey(OrderImport, on_delete=models.CASCADE, related_name="imported")
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="imports")
    outcome = models.CharField(max_length=6, choices=Outcome.choices)
    digest = models.CharField(max_length=64)
    standing = models.CharField(max_length=64)

    class Meta(MerchantOwned.Meta):
        constraints = [
            *MerchantOwned.Meta.constraints,
            models.UniqueConstraint(
                fields=["merchant", "job", "order"], name="imported_order_once"
            ),
        ]
        indexes = [models.Index(fields=["merchant", "digest"], name="imported_by_digest")]


class ImportMapping(MerchantOwned):
    """What a merchant chose for files with these headers: remembered for the next one."""

    headers_key = models.CharField(max_length=64)
    #: Header → field, and the choices that belong to the file's kind.
    columns = models.JSONField()
    choices = models.JSONField(default=dict)

    class Meta(MerchantOwned.Meta):
        constraints = [
            *MerchantOwned.Meta.constraints,
            models.UniqueConstraint(fields=["merchant", "headers_key"], name="import_mapping_once"),
        ]
