"""Many rows quickly: one row made by the product, then copies of it made by PostgreSQL.

Copying a real row keeps the seeds true when a table gains a column; only what must differ
is given as SQL.
"""

from __future__ import annotations

import os
from datetime import datetime, timedelta

import psycopg2
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


def parcels(
    merchant: Merchant,
    count: int,
    *,
    orders: int | None = None,
    now: datetime = NOW,
    listed: bool = True,
) -> list[int]:
    """`count` followed parcels, oldest first: their ids, if `listed`.

    They are of as many orders unless told. Call it once a merchant. Numbers are those of
    `number_of`; each has its Watch, none is due.
    """
    orders = orders or count
    with merchant_scope(merchant.pk):
        first = factories.shipment(
            merchant,
            placed_at=now - timedelta(days=4),
            number="first",
            tracking_number="first",
            now=now,
        )
        copies(first.order, numbers(orders), number="'B' || i.n", external_id="'B' || i.n")
        copied = Order.objects.exclude(pk=first.order_id)
        first_order = copied.order_by("pk").values_list("pk", flat=True)[0]
        number = f"'B{merchant.pk}N' || i.n - 1"
        copies(
            first,
            numbers(count),
            order_id=f"{first_order} + mod(i.n - 1, {orders})",
            tracking_number=number,
            number_key=number,
        )
        watch = Watch.objects.get(shipment=first)
        Watch.objects.filter(pk=watch.pk).update(next_ask_at=None)
        parcel_ids = f"SELECT id FROM tracking_shipment WHERE id > {first.pk} ORDER BY id"
        copies(watch, parcel_ids, shipment_id="i.id")
        first.order.delete()
        ids = Shipment.objects.order_by("pk").values_list("pk", flat=True)
        return list(ids) if listed else []


def number_of(merchant: Merchant, index: int) -> str:
    """The tracking number of a seeded parcel, from 0."""
    return f"B{merchant.pk}N{index}"


def as_owner(*statements: str) -> None:
    """Run statements that the application's role may not: tables of a benchmark's own."""
    link = psycopg2.connect(os.environ["DATABASE_OWNER_URL"])
    link.autocommit = True
    try:
        with link.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
    finally:
        link.close()


def settle(*tables: str) -> None:
    """VACUUM ANALYZE, as autovacuum has done in a database that has lived a while."""
    as_owner(*(f"VACUUM ANALYZE {table}" for table in tables))
