"""Many rows in one statement: what ingest and polling write in batches.

Django's `bulk_update` builds a CASE per column and row; `UPDATE … FROM (VALUES …)` is
several times cheaper. Row-level security applies to these statements like to any other.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django.db import connection, models
from psycopg2.extras import execute_values


def insert_many(
    model: type[models.Model],
    columns: Sequence[str],
    rows: Sequence[Sequence[Any]],
    *,
    returning: Sequence[str] = (),
) -> list[tuple[Any, ...]]:
    """INSERT … ON CONFLICT DO NOTHING; returns the named columns of the rows that were new."""
    if not rows:
        return []
    quote = connection.ops.quote_name
    names = ", ".join(quote(column) for column in columns)
    tail = f" RETURNING {', '.join(quote(column) for column in returning)}" if returning else ""
    statement = (
        f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES %s"  # noqa: S608 - names are ours
        f" ON CONFLICT DO NOTHING{tail}"
    )
    with connection.cursor() as cursor:
        found = execute_values(
            cursor.cursor,
            statement,
            _plain([_field(model, column) for column in columns], rows),
            page_size=1000,
            fetch=bool(tail),
        )
    return list(found or [])


def update_many(
    model: type[models.Model],
    columns: Sequence[str],
    rows: Sequence[Sequence[Any]],
    *,
    held: tuple[str, Any] | None = None,
) -> None:
    """Set `columns` of many rows at once; each row is (id, value, …) in the order of `columns`.

    `held` is one of the columns with what we left in it: where somebody else has written another
    value meanwhile, theirs stays.
    """
    if not rows:
        return
    quote = connection.ops.quote_name
    fields = [_field(model, column) for column in columns]
    values = {
        column: f"v.{quote(column)}::{field.db_type(connection)}"
        for column, field in zip(columns, fields, strict=True)
    }
    with connection.cursor() as cursor:
        if held is not None:
            column, ours = held[0], cursor.cursor.mogrify("%s", [held[1]]).decode()
            mine = f"t.{quote(column)}"
            values[column] = f"CASE WHEN {mine} = {ours} THEN {values[column]} ELSE {mine} END"
    sets = ", ".join(f"{quote(column)} = {value}" for column, value in values.items())
    names = ", ".join(quote(column) for column in ("id", *columns))
    statement = (
        f"UPDATE {quote(model._meta.db_table)} AS t SET {sets}"  # noqa: S608 - names are ours
        f" FROM (VALUES %s) AS v ({names}) WHERE t.id = v.id"
    )
    with connection.cursor() as cursor:
        plain = _plain([_field(model, "id"), *fields], rows)
        execute_values(cursor.cursor, statement, plain, page_size=1000)


def _field(model: type[models.Model], column: str) -> models.Field[Any, Any]:
    for field in model._meta.concrete_fields:
        if field.column == column:
            return field
    raise LookupError(f"{model.__name__} has no column {column}")


def _plain(
    fields: Sequence[models.Field[Any, Any]], rows: Sequence[Sequence[Any]]
) -> Sequence[Sequence[Any]]:
    """The rows with the values of JSON columns as text; the very rows where there are none."""
    places = [n for n, field in enumerate(fields) if isinstance(field, models.JSONField)]
    if not places:
        return rows
    plain = [list(row) for row in rows]
    for row in plain:
        for n in places:
            row[n] = None if row[n] is None else json.dumps(row[n], ensure_ascii=False)
    return plain
