"""Many rows quickly: one row made by the product, then copies of it made by PostgreSQL.

Copying a real row keeps the seeds true when a table gains a column; only what must differ
is given as SQL.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import connection, models

from merchants.models import Merchant
from merchants.scope import merchant_scope
from tests import factories
from tests.factories import NOW
from tracking.models import Order, Shipment, Watch


def copies(row: models.Model, source: str, **expressions: str) -> None:
    """Insert a copy of `row` for every row of the query `source`, which is called `i`.

    `expressions` are SQL for the columns that differ; they see `t` (the row) and `i`.
    Call it in the merchant's scope.
    """
    quote = connection.ops.quote_name
    columns = [f.column for f in row._meta.concrete_fields if not f.primary_key]
    values = [expressions.get(column, f"t.{quote(column)}") for column in columns]
    table = quote(row._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(map(quote, columns))})"
            f" SELECT {', '.join(values)} FROM {table} AS t CROSS JOIN ({source}) AS i"
            f" WHERE t.id = %s",
            [row.pk],
        )


def numbers(count: int) -> str:
    """A source of the numbers 1 to `count`, as `i.n`."""
    return f"SELECT n FROM generate_series(1, {count:d}) AS n"


def parcels(merchant: Merchant, count: int, *, orders: int | None = None) -> list[int]:
    """`count` followed parcels (of as many orders unless told), oldest first: their ids.

    Numbers are `B<merchant>-<n>` with n from 0. Each has its Watch; none is due.
    """
    orders = orders or count
    with merchant_scope(merchant.pk):
        first = factories.shipment(
            merchant, placed_at=NOW - timedelta(days=4), number="first", tracking_number="first"
        )
        copies(first.order, numbers(orders), number="'B' || i.n", external_id="'B' || i.n")
        first_order = Order.objects.exclude(pk=first.order_id).order_by("pk").values_list("pk")[0][0]
        number = f"'B{merchant.pk}-' || i.n - 1"
        copies(
            first,
            numbers(count),
            order_id=f"{first_order} + (i.n - 1) % {orders}",
            tracking_number=number,
            number_key=f"'B{merchant.pk}' || i.n - 1",
        )
        watch = Watch.objects.get(shipment=first)
        Watch.objects.filter(pk=watch.pk).update(next_ask_at=None)
        parcel_ids = f"SELECT id FROM tracking_shipment WHERE id > {first.pk} ORDER BY id"
        copies(watch, parcel_ids, shipment_id="i.id")
        first.order.delete()
        if count > 100_000:
            return []
        return list(Shipment.objects.order_by("pk").values_list("pk", flat=True))


def refresh_statistics(*tables: str) -> None:
    """ANALYZE, as autovacuum would have done by itself in a database that has lived a while."""
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"ANALYZE {connection.ops.quote_name(table)}")
