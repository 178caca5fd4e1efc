"""The order as apps read it, in the OpenAPI schema beside the API: it needs a link, and no key.

`storefront_pages.order_shape` makes it; a test compares the two.
"""

from __future__ import annotations

from typing import Any, Final

from lib.vocabulary import SUB_STATUSES, UNKNOWN, Status

Schema = dict[str, Any]
PATH: Final = "/p/{merchant}/t/{token}/order.json"
NAME: Final = "OrderForApps"

_TEXT: Final[Schema] = {"type": "string"}
_DAY: Final[Schema] = {"type": "string", "format": "date"}
_DAY_OR_NOT: Final[Schema] = {"type": ["string", "null"], "format": "date"}
_MOMENT: Final[Schema] = {"type": "string", "format": "date-time"}
_MOMENT_OR_NOT: Final[Schema] = {"type": ["string", "null"], "format": "date-time"}
_STATUS: Final[Schema] = {"type": "string", "enum": [status.value for status in Status]}
_SUB_STATUS: Final[Schema] = {"type": "string", "enum": [*SUB_STATUSES, UNKNOWN]}


def _object(**properties: Schema) -> Schema:
    """An object that always has all of these. `from_` stands for "from"."""
    named = {name.rstrip("_"): schema for name, schema in properties.items()}
    return {"type": "object", "required": list(named), "properties": named}


def _list(of: Schema) -> Schema:
    return {"type": "array", "items": of}


def _or_null(schema: Schema) -> Schema:
    return {"oneOf": [schema, {"type": "null"}]}


_ITEM: Final = _object(name=_TEXT, quantity={"type": "integer"}, image_url=_TEXT)
_PARCEL: Final = _object(
    title=_TEXT,
    status=_STATUS,
    sub_status=_SUB_STATUS,
    status_text=_TEXT,
    flags=_list(_TEXT),
    sentence=_TEXT,
    carrier=_TEXT,
    tracking_number=_TEXT,
    carrier_url=_TEXT,
    window=_or_null(_object(from_=_DAY, to=_DAY)),
    delivered_at=_MOMENT_OR_NOT,
    items=_list(_ITEM),
    timeline=_list(
        _object(
            at=_MOMENT_OR_NOT,
            time_text=_TEXT,
            sub_status=_SUB_STATUS,
            text=_TEXT,
            place=_TEXT,
            carrier_words=_TEXT,
            carrier_language=_TEXT,
        )
    ),
)
SCHEMA: Final = _object(
    version={"type": "integer", "const": 1},
    language=_TEXT,
    direction={"type": "string", "enum": ["ltr", "rtl"]},
    order=_object(
        number=_TEXT,
        placed_at=_MOMENT,
        zone=_TEXT,
        status=_STATUS,
        status_text=_TEXT,
        page_url=_TEXT,
    ),
    heading=_TEXT,
    lead=_TEXT,
    window=_or_null(_object(from_=_DAY_OR_NOT, to=_DAY_OR_NOT, text=_TEXT, was=_TEXT, sure=_TEXT)),
    facts=_list(_object(text=_TEXT, url=_TEXT)),
    notice={"type": ["string", "null"]},
    banner=_or_null(_object(text=_TEXT, tone=_TEXT)),
    milestones=_list(
        _object(
            key=_TEXT,
            text=_TEXT,
            state={"type": "string", "enum": ["done", "current", "next", "incident"]},
            date=_DAY_OR_NOT,
            date_text=_TEXT,
        )
    ),
    parcels=_list(_PARCEL),
    items_without_parcel=_list(_ITEM),
    freshness=_list(_object(text=_TEXT, at=_TEXT)),
    is_over={"type": "boolean"},
    ask_again_seconds={"type": ["integer", "null"]},
)


def add_order_for_apps(result: Schema, generator: object, request: object, public: bool) -> Schema:
    """Postprocessing hook of drf-spectacular."""
    result["components"]["schemas"][NAME] = SCHEMA
    result["paths"][PATH] = {"get": _operation()}
    return result


def _operation() -> Schema:
    answers = {
        "304": "Nothing changed since the ETag of `If-None-Match`.",
        "403": "Pages of this origin may not read it.",
        "404": "There is no such order, or its link has ended.",
        "429": "Too many looks at one link; see `Retry-After`.",
    }
    body = {"application/json": {"schema": {"$ref": f"#/components/schemas/{NAME}"}}}
    return {
        "operationId": "order_for_apps",
        "tags": ["apps"],
        "summary": "An order, for the shop's app",
        "description": "What the order's page says, in its words, with our codes beside them. The "
        "link is the proof (`tracking_url`): no key is needed. Scripts may read it on pages of the "
        "shop's listed origins.",
        "security": [],
        "parameters": [
            *(
                {"name": name, "in": "path", "required": True, "schema": _TEXT}
                for name in ("merchant", "token")
            ),
            {"name": "lang", "in": "query", "schema": _TEXT},
            {"name": "If-None-Match", "in": "header", "schema": _TEXT},
        ],
        "responses": {
            "200": {"description": "The order.", "content": body},
            **{status: {"description": text} for status, text in answers.items()},
        },
    }
