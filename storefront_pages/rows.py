"""The page's rows by SQL that is written out, made into the usual model instances.

Everywhere else the ORM asks. Here it took more than twice as long to write the same five
statements anew for every look as PostgreSQL took to answer them, and an open page looks every
twenty seconds. Columns come from the models, so that a new field needs nothing here. Row-level
security holds for these statements as for any other; only the ORM's own refusal of a query
outside a scope does not, so callers open one.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import JSONField, Model

M = TypeVar("M", bound=Model)


def columns(model: type[Model], alias: str) -> str:
    """The columns of a model's table under this alias, as `made` takes them."""
    return ", ".join(f'{alias}."{field.column}"' for field in model._meta.concrete_fields)


def width(model: type[Model]) -> int:
    """How many columns that is."""
    return len(model._meta.concrete_fields)


def made(model: type[M], values: Sequence[Any]) -> M:
    """The instance with these values, one for each of `columns`."""
    names, json_at = _fields(model)
    found = list(values)
    for index in json_at:
        found[index] = decoded(found[index])
    return model.from_db(DEFAULT_DB_ALIAS, names, found)


def decoded(value: str | None) -> Any:
    """What a JSON column holds: Django has psycopg2 hand out its text."""
    return None if value is None else json.loads(value)


def asked(sql: str, parameters: Sequence[int | str]) -> Iterator[tuple[Any, ...]]:
    """The answer's rows."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        yield from cursor.fetchall()


@lru_cache(maxsize=32)
def _fields(model: type[Model]) -> tuple[list[str], tuple[int, ...]]:
    fields = model._meta.concrete_fields
    return (
        [field.attname for field in fields],
        tuple(index for index, field in enumerate(fields) if isinstance(field, JSONField)),
    )
