"""`/api/v1/orders/`: make or merge, list, get."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from api import idempotency
from api.base import ABSENT, REFUSED, WRONG, MerchantView, Strict, many
from api.fields import Instant, Text
from api.order_input import OrderInput, order_form, order_update
from api.shapes import OrderOutput
from api.shipments import with_parts
from lib.folding import number_key
from lib.vocabulary import Status
from stores import replies
from stores.ingest import save_order
from tracking.models import Consent, Order, OrderItem, Recipient, Refund, Shipment
from tracking.page_links import tracking_urls


class OrderFilter(Strict):
    """The filters of the list; `cursor` and `page_size` belong to its pages."""

    status = serializers.ChoiceField(choices=[status.value for status in Status], required=False)
    updated_since = Instant(required=False)
    number = Text(60)
    cursor = serializers.CharField(required=False)
    page_size = serializers.IntegerField(required=False)


class OrderView(MerchantView):
    """What list and detail share."""

    serializer_class = OrderOutput

    def orders(self) -> QuerySet[Order]:
        return Order.objects.select_related("address_check").prefetch_related(
            Prefetch("items", OrderItem.objects.order_by("position", "pk")),
            Prefetch("recipients", Recipient.objects.all()),
            Prefetch("refunds", Refund.objects.order_by("pk")),
            Prefetch("consents", Consent.objects.order_by("channel", "purpose")),
            Prefetch("shipments", with_parts(Shipment.objects.order_by("pk"))),
        )

    def shown(self, rows: list[Any]) -> dict[str, Any]:
        self.note_dates(shipment for order in rows for shipment in order.shipments.all())
        return {"tracking_urls": tracking_urls(rows, merchant=self.merchant)}

    def answer(self, order_id: int, *, status: int = 200) -> Response:
        order = get_object_or_404(self.orders(), pk=order_id)
        return Response(OrderOutput(order, context=self.shown([order])).data, status=status)


class Orders(OrderView):
    @extend_schema(
        parameters=[OrderFilter],
        responses={**many(OrderOutput), **WRONG, **REFUSED},
        summary="List orders, newest first",
        description="Every filter narrows the list. `status` is that of the parcel that needs "
        "attention most; `updated_since` finds what changed since an instant.",
    )
    def get(self, request: Request) -> Response:
        wanted = OrderFilter(data=request.query_params.dict())
        wanted.is_valid(raise_exception=True)
        said = wanted.validated_data
        orders = self.orders()
        if "status" in said:
            orders = orders.filter(status=said["status"])
        if "updated_since" in said:
            orders = orders.filter(updated_at__gte=said["updated_since"])
        if said.get("number"):
            orders = orders.filter(number_key=number_key(said["number"]))
        return self.pages(orders, OrderOutput)

    @extend_schema(
        request=OrderInput,
        parameters=[idempotency.KEY],
        responses={
            201: OrderOutput,
            200: OrderOutput,
            **WRONG,
            **idempotency.USED,
            **REFUSED,
        },
        summary="Make an order, or merge into the known one",
        description="Known is the same `external_id` (or `number` without one), or the same "
        "`Idempotency-Key`. 201 when new, 200 when known.",
    )
    def post(self, request: Request) -> Response:
        now = timezone.now()
        given = order_form().run_validation(request.data)
        reply, is_new = idempotency.begin(request, merchant=self.merchant, errand="order", now=now)
        if reply is not None and not is_new:
            return self.answer(reply.order_id or 0)
        update = order_update(given)
        saved = save_order(merchant=self.merchant, source="api", update=update, now=now)
        if reply is not None:
            replies.keep(reply, order_id=saved.order.pk)
        return self.answer(saved.order.pk, status=201 if saved.created else 200)


class OneOrder(OrderView):
    @extend_schema(
        responses={200: OrderOutput, **ABSENT, **REFUSED},
        summary="Get one order",
        description="With its lines, its parcels and the address of the buyer's page.",
    )
    def get(self, request: Request, order_id: int) -> Response:
        return self.answer(order_id)
