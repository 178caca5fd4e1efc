"""How a Magento shop is called: searches, and lists that may be closed to us."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from carriers.shapes import mappings, text
from stores.talk import Answer, Call, Talk

ROOT: Final = "/rest/V1"
#: Rows in one answer of what belongs to a page of orders.
_PAGE: Final = 200
#: Not permitted to our integration (401 as well as 403), not there, or broken by a module.
_CLOSED: Final = frozenset({400, 401, 403, 404, 500})

Filter = tuple[str, str, str]
"""Field, condition ("eq", "gt", "in" …), value; all of them must hold."""


def search(
    path: str,
    filters: Iterable[Filter],
    *,
    fields: str = "",
    size: int = _PAGE,
    more: tuple[tuple[str, str], ...] = (),
    readable: frozenset[int] = frozenset(),
) -> Call:
    """A search by increasing id. https://developer.adobe.com/commerce/webapi/rest/use-rest/"""
    params: list[tuple[str, str]] = []
    for number, (field, condition, value) in enumerate(filters):
        base = f"searchCriteria[filterGroups][{number}][filters][0]"
        params += [
            (f"{base}[field]", field),
            (f"{base}[conditionType]", condition),
            (f"{base}[value]", value),
        ]
    params += [
        ("searchCriteria[sortOrders][0][field]", "entity_id"),
        ("searchCriteria[sortOrders][0][direction]", "ASC"),
        ("searchCriteria[pageSize]", str(size)),
        *more,
    ]
    if fields:
        params.append(("fields", fields))
    return Call("GET", ROOT + path, params=tuple(params), readable=readable)


def all_of(path: str, field: str, ids: Iterable[str], *, fields: str) -> Talk[list[dict[str, Any]]]:
    """Everything whose `field` is one of these ids: pages by the rows' own id, so that nothing
    slips away while rows are added."""
    wanted = ",".join(ids)
    found: list[dict[str, Any]] = []
    last = "0"
    while wanted:
        filters: list[Filter] = [(field, "in", wanted), ("entity_id", "gt", last)]
        answer = yield search(path, filters, fields=fields)
        rows = answer.listing("items")
        found += rows
        if len(rows) < _PAGE:
            break
        last = text(rows[-1].get("entity_id"))
    return found


def optional(call: Call) -> Talk[list[Mapping[str, Any]]]:
    """The rows of an answer that the shop may refuse us; none where it does."""
    answer = yield Call(call.method, call.path, params=call.params, readable=_CLOSED)
    return _rows(answer) if answer.status == 200 else []


def _rows(answer: Answer) -> list[Mapping[str, Any]]:
    found = answer.json()
    return mappings(found.get("items") if isinstance(found, dict) else found)
