"""How a PrestaShop web service is called: filtered lists as JSON, changes as XML.

https://devdocs.prestashop-project.org/8/webservice/cheat-sheet/. It understands XML only, and
answers in JSON where asked to; a list without rows is `[]`, one with rows an object.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final
from xml.etree.ElementTree import Element, SubElement, tostring

from carriers.shapes import mappings, text
from stores.payload import part
from stores.self_hosted import no
from stores.shop import Shop
from stores.talk import Answer, Call, ShopError, Talk

#: The shop's server may be small, and each row costs it several queries.
PAGE: Final = 50
_JSON: Final = (("output_format", "JSON"),)
_DENIED: Final = frozenset({401, 403})
_ANSWERS: Final = frozenset({400, 401, 403, 404, 405, 500, 501})

Filters = Iterable[tuple[str, str]]
"""Field and value in PrestaShop's notation: "[7]", "[1|5]", "[1,10]"."""


def listed(
    resource: str,
    filters: Filters,
    *,
    display: str = "full",
    limit: int = 0,
    readable: frozenset[int] = frozenset(),
) -> Call:
    """Rows by increasing id; `date=1` lets dates be filtered."""
    params = [*_JSON, ("display", display), ("sort", "[id_ASC]"), ("date", "1")]
    params += [(f"filter[{field}]", value) for field, value in filters]
    if limit:
        params.append(("limit", str(limit)))
    return Call("GET", f"/api/{resource}", params=tuple(params), readable=readable)


def rows_of(answer: Answer) -> list[dict[str, Any]]:
    """The rows, whatever the list is called ("order_slip" answers with "order_slips")."""
    found = answer.json()
    if isinstance(found, dict):
        found = next((value for value in found.values() if isinstance(value, list)), None)
    if not isinstance(found, list):
        raise ShopError("The shop’s answer is not a list", kind="unreadable")
    return [row for row in found if isinstance(row, dict)]


def of(resource: str, field: str, ids: Iterable[str], *, display: str = "full"
       ) -> Talk[list[dict[str, Any]]]:  # fmt: skip
    """All rows whose `field` is one of these ids; none without ids, and none where the key may
    not see the resource."""
    wanted = "|".join(sorted({one for one in ids if one not in {"", "0"}}))
    if not wanted:
        return []
    call = listed(resource, [(field, f"[{wanted}]")], display=display, readable=_DENIED)
    answer = yield call
    return rows_of(answer) if answer.status == 200 else []


def by_id(rows: Iterable[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """Rows by their own id."""
    return {text(row.get("id")): row for row in rows}


def change(method: str, resource: str, tag: str, values: Mapping[str, object]) -> Talk[Answer]:
    """Make (POST) or change (PUT: whole, PATCH: only these fields) one row. Raises ShopError in
    the shop's words."""
    root = Element("prestashop")
    row = SubElement(root, tag)
    for name, value in values.items():
        SubElement(row, name).text = text(value)
    answer = yield Call(
        method,
        f"/api/{resource}",
        params=_JSON,
        body=tostring(root, encoding="utf-8", xml_declaration=True),
        headers={"content-type": "text/xml"},
        readable=_ANSWERS,
    )
    if answer.status >= 400:
        raise no(answer, f"The shop says: {errors_of(answer)}")
    return answer


def made_id(answer: Answer) -> str:
    """The id of the row that was just made."""
    found = answer.mapping()
    named = (text(part(found, name).get("id")) for name in found)
    return next(filter(None, named), "") or text(found.get("id"))


def errors_of(answer: Answer) -> str:
    """What the web service says went wrong."""
    try:
        told = answer.json()
    except ShopError:
        told = None
    errors = mappings(told.get("errors")) if isinstance(told, dict) else []
    said = "; ".join(filter(None, (text(one.get("message")) for one in errors)))
    return said[:200] or f"status {answer.status}"


def refused_access(answer: Answer, *, resource: str) -> ShopError:
    """The key is wrong, switched off, or lacks this permission."""
    words = f"The web service key may not read “{resource}”: {errors_of(answer)}"
    return ShopError(words, kind="credentials", http_status=answer.status, raw=answer.body[:2000])


def zone_name(shop: Shop) -> str:
    """The shop's own clock; everything it says is in local time."""
    return shop.credentials.get("time_zone", "UTC")
