"""`/api/v1/orders/bulk/`: up to a thousand orders, each answered for itself."""

from __future__ import annotations

from typing import Any, Final

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api import idempotency
from api.base import REFUSED, WRONG, MerchantView, Mistake, Strict
from api.order_input import OrderInput, order_form, order_update
from api.problems import mistakes
from stores import replies
from stores.ingest import Refused, save_orders
from stores.vocabulary import OrderUpdate

MOST_ORDERS: Final = 1_000


class BulkInput(Strict):
    orders = OrderInput(many=True, help_text=f"Up to {MOST_ORDERS:,}.")


class OneResult(serializers.Serializer[Any]):
    """What became of one order."""

    index = serializers.IntegerField(help_text="Its place in `orders`, from 0.")
    status = serializers.IntegerField(help_text="201 new, 200 known, 400 refused.")
    id = serializers.IntegerField(allow_null=True)
    external_id = serializers.CharField()
    problem = serializers.CharField(help_text="What is wrong; empty when all is well.")

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        # DRF has a property `errors` of its own.
        errors = Mistake(many=True, help_text="The same, field by field.")
        return super().get_fields() | {"errors": errors}


class BulkOutput(serializers.Serializer[Any]):
    created = serializers.IntegerField()
    known = serializers.IntegerField()
    refused = serializers.IntegerField()
    orders = OneResult(many=True)


class BulkOrders(MerchantView):
    serializer_class = BulkOutput
    most_bytes = 25_000_000

    @extend_schema(
        request=BulkInput,
        parameters=[idempotency.KEY],
        responses={200: BulkOutput, **WRONG, **idempotency.USED, **REFUSED},
        summary="Make or merge many orders",
        description="Each order as for `POST /orders/`. One that is wrong loses none of the "
        "others: the answer is 200, and every order has its own `status`.",
    )
    def post(self, request: Request) -> Response:
        now = timezone.now()
        given = _orders(request.data)
        reply, is_new = idempotency.begin(request, merchant=self.merchant, errand="bulk", now=now)
        if reply is not None and not is_new:
            return Response(reply.body)
        results, updates = _read(given)
        saved = save_orders(
            merchant=self.merchant, source="api", updates=list(updates.values()), now=now
        )
        for index, one in zip(updates, saved, strict=True):
            if isinstance(one, Refused):
                results[index] |= {"status": 400, "problem": one.problem}
            else:
                results[index] |= {"status": 201 if one.created else 200, "id": one.order.pk}
        body = _body(results)
        if reply is not None:
            replies.keep(reply, body=body)
        return Response(body)


def _orders(data: Any) -> list[Any]:
    orders = data.get("orders") if isinstance(data, dict) else None
    if not isinstance(orders, list) or set(data) != {"orders"}:
        raise serializers.ValidationError({"orders": ['Send {"orders": […]}.']})
    if len(orders) > MOST_ORDERS:
        words = f"At most {MOST_ORDERS:,} orders at a time; these are {len(orders):,}."
        raise serializers.ValidationError({"orders": [words]})
    return orders


def _read(given: list[Any]) -> tuple[list[dict[str, Any]], dict[int, OrderUpdate]]:
    """A result for each, and what the good ones say by their places."""
    form = order_form()
    results: list[dict[str, Any]] = []
    updates: dict[int, OrderUpdate] = {}
    for index, one in enumerate(given):
        result: dict[str, Any] = {
            "index": index, "status": 400, "id": None, "external_id": "", "problem": "",
            "errors": [],
        }  # fmt: skip
        results.append(result)
        try:
            updates[index] = order_update(form.run_validation(one))
        except serializers.ValidationError as error:
            found = list(mistakes(error.detail, ""))
            result["errors"] = found
            result["problem"] = "; ".join(
                f"{each['field']}: {each['message']}" if each["field"] else each["message"]
                for each in found
            )
        else:
            result["external_id"] = updates[index].external_id
    return results, updates


def _body(results: list[dict[str, Any]]) -> dict[str, Any]:
    statuses = [result["status"] for result in results]
    return {
        "created": statuses.count(201),
        "known": statuses.count(200),
        "refused": statuses.count(400),
        "orders": results,
    }
