"""The REST API of the WooCommerce shop, as far as an app asks it.

https://woocommerce.github.io/woocommerce-rest-api-docs/
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse

from demo.models import WooHook, WooOrder, WooWritten
from demo.woo import books
from demo.woo.orders import TRACKING, shipped

_MOST: Final = 100


def answer(request: HttpRequest, route: str) -> HttpResponse:
    """Answer a route such as "/wc/v3/orders"."""
    if books.is_down():
        return HttpResponse("Service Unavailable", status=503, content_type="text/plain")
    if route in {"/", "/wc/v3"}:
        return _index(route)
    if not books.knows(request.headers.get("authorization", "")):
        return _no(401, "woocommerce_rest_cannot_view", "Sorry, you cannot list resources.")
    try:
        return _known(request, route.strip("/").split("/"))
    except (ValueError, KeyError, TypeError):
        return _no(400, "rest_invalid_param", "Invalid parameter(s).")


def _index(route: str) -> HttpResponse:
    if route == "/":
        return JsonResponse({
            "name": books.NAME, "timezone_string": "Asia/Dubai",
            "namespaces": ["wp/v2", "wc/v3", "wc-shipment-tracking/v3"],
        })  # fmt: skip
    root = f"{settings.BASE_URL}{books.PATH}/wp-json/"
    return JsonResponse({"namespace": "wc/v3", "_links": {"up": [{"href": root}]}})


def _known(request: HttpRequest, path: list[str]) -> HttpResponse:
    match (str(request.method), *path):
        case ("GET", "wc", "v3", "orders"):
            return _list(request)
        case ("GET", "wc", "v3", "settings", "general"):
            return _listing([
                {"id": "woocommerce_default_country", "value": "AE:DU"},
                {"id": "woocommerce_currency", "value": "AED"},
            ])  # fmt: skip
        case (_, "wc", "v3", "webhooks", *rest):
            return _webhooks(request, rest)
        case (_, "wc" | "wc-shipment-tracking", "v3", "orders", number, *rest):
            order = WooOrder.objects.filter(pk=int(number)).first()
            if order is None:
                return _no(404, "woocommerce_rest_shop_order_invalid_id", "Invalid ID.")
            return _order(request, order, rest)
    return _no_route()


def _list(request: HttpRequest) -> HttpResponse:
    """One page, newest first; both bounds are exclusive."""
    asked = request.GET
    field = "changed_at" if "modified_after" in asked else "placed_at"
    prefix = "modified_" if field == "changed_at" else ""
    found = WooOrder.objects.all()
    for name, sign in (("after", "gt"), ("before", "lt")):
        if bound := asked.get(prefix + name):
            when = datetime.fromisoformat(bound).replace(tzinfo=UTC)
            found = found.filter(**{f"{field}__{sign}": when})
    size, number = min(int(asked.get("per_page", "10")), _MOST), int(asked.get("page", "1"))
    total = found.count()
    names = asked["_fields"].split(",") if "_fields" in asked else None
    rows = [
        {name: value for name, value in books.as_json(one).items() if not names or name in names}
        for one in found[(number - 1) * size : number * size]
    ]
    counts = {"X-WP-Total": str(total), "X-WP-TotalPages": str(-(-total // size))}
    return JsonResponse(rows, safe=False, headers=counts)


def _order(request: HttpRequest, order: WooOrder, rest: list[str]) -> HttpResponse:
    match (str(request.method), *rest):
        case ("GET",):
            return JsonResponse(books.as_json(order))
        case ("PUT",):
            return _change(order, json.loads(request.body))
        case ("GET", "refunds"):
            return _listing(order.refunds)
        case ("POST", "notes"):
            note = json.loads(request.body)["note"]
            made = WooWritten.objects.create(order=order, kind="note", words=str(note)[:2000])
            return JsonResponse({"id": made.pk, "note": made.words}, status=201)
        case ("GET", "shipment-trackings"):
            return _listing(_trackings(order))
        case ("POST", "shipment-trackings"):
            return _track(order, json.loads(request.body))
    return _no_route()


def _change(order: WooOrder, given: dict[str, Any]) -> HttpResponse:
    """A corrected address, and the checkout's fields with it."""
    shipping = order.values["shipping"] | given.get("shipping", {})
    changed = {row["key"]: row for row in given.get("meta_data", [])}
    meta = [row | changed.get(row["key"], {}) for row in order.values["meta_data"]]
    _save(order, order.values | {"shipping": shipping, "meta_data": meta})
    parts = (shipping[name] for name in ("address_1", "address_2", "city", "country"))
    WooWritten.objects.create(order=order, kind="address", words=", ".join(filter(None, parts)))
    books.tell(order, "order.updated")
    return JsonResponse(books.as_json(order))


def _track(order: WooOrder, given: dict[str, Any]) -> HttpResponse:
    carrier, number = str(given["custom_tracking_provider"]), str(given["tracking_number"])
    values = order.values
    shipped(values, carrier=carrier, number=number, at=datetime.now(UTC))
    _save(order, values)
    WooWritten.objects.create(order=order, kind="parcel", words=f"{carrier} {number}")
    books.tell(order, "order.updated")
    return JsonResponse(_trackings(order)[-1], status=201)


def _save(order: WooOrder, values: dict[str, Any]) -> None:
    order.values, order.changed_at = values, datetime.now(UTC)
    order.save(update_fields=["values", "changed_at"])


def _trackings(order: WooOrder) -> list[dict[str, Any]]:
    kept = [row["value"] for row in order.values["meta_data"] if row["key"] == TRACKING]
    return [entry for entries in kept for entry in entries]


def _webhooks(request: HttpRequest, rest: list[str]) -> HttpResponse:
    if request.method == "GET":
        size, number = int(request.GET.get("per_page", "10")), int(request.GET.get("page", "1"))
        hooks = WooHook.objects.all()[(number - 1) * size : number * size]
        return _listing([_hook_json(hook) for hook in hooks])
    if request.method == "DELETE":
        deleted, _ = WooHook.objects.filter(pk=int(rest[0])).delete()
        return JsonResponse({}) if deleted else _no_route()
    given = json.loads(request.body)
    if not books.is_ours(given["delivery_url"]):
        return _no(400, "woocommerce_rest_invalid_delivery_url", "Invalid delivery URL.")
    known = WooHook.objects.get_or_create(
        pk=int(rest[0]) if rest else None,
        defaults={"topic": given.get("topic", ""), "delivery_url": "", "secret": ""},
    )[0]
    for name in ("delivery_url", "secret", "status"):
        setattr(known, name, given.get(name, getattr(known, name)))
    known.save()
    return JsonResponse(_hook_json(known), status=200 if rest else 201)


def _hook_json(hook: WooHook) -> dict[str, Any]:
    """The secret is never given back."""
    return {
        "id": hook.pk,
        "topic": hook.topic,
        "delivery_url": hook.delivery_url,
        "status": hook.status,
    }


def _listing(rows: list[dict[str, Any]]) -> HttpResponse:
    return JsonResponse(rows, safe=False)


def _no_route() -> HttpResponse:
    return _no(404, "rest_no_route", "No route was found.")


def _no(status: int, code: str, message: str) -> HttpResponse:
    return JsonResponse(
        {"code": code, "message": message, "data": {"status": status}}, status=status
    )
