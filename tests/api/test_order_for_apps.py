"""The schema of the order for apps is that of the orders that apps get."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest
from django.test import Client

from api.order_for_apps import NAME, PATH, SCHEMA
from merchants.models import Merchant
from merchants.scope import merchant_scope
from tests.storefront_pages import scenes

SCENES = [
    scenes.placed, scenes.in_transit, scenes.late, scenes.attempt_failed, scenes.pickup,
    scenes.delivered, scenes.unreadable, scenes.two_of_three, scenes.cancelled,
]  # fmt: skip


def closed(schema: Any) -> Any:
    """The same, where a property that is not named is wrong."""
    if isinstance(schema, list):
        return [closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    found = {name: closed(value) for name, value in schema.items()}
    return found | {"additionalProperties": False} if "properties" in schema else found


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.__name__)
def test_order_has_the_shape_of_the_schema(
    client: Client, merchant: Merchant, scene: scenes.Scene
) -> None:
    with merchant_scope(merchant.pk):
        path = scenes.path(merchant, scene(merchant))
    jsonschema.validate(client.get(f"{path}order.json").json(), closed(SCHEMA))


def test_schema_is_among_those_of_the_api(client: Client, db: None) -> None:
    found = client.get("/api/v1/schema/", {"format": "json"}).json()
    operation = found["paths"][PATH]["get"]
    assert operation["security"] == []
    content = operation["responses"]["200"]["content"]["application/json"]
    assert content["schema"] == {"$ref": f"#/components/schemas/{NAME}"}
    assert sorted(found["components"]["schemas"][NAME]["required"]) == sorted(SCHEMA["properties"])
