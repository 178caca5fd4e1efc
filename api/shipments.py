"""`/api/v1/shipments/`: parcels, added to orders, listed, got."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from api.base import ABSENT, REFUSED, WRONG, MerchantView, Strict, many
from api.fields import Instant, Text
from api.order_input import ParcelInput, parcel_update
from api.shapes import ShipmentOutput
from lib.folding import number_key
from lib.vocabulary import Status
from stores.ingest import save_parcel
from tracking.models import Leg, Order, OrderItem, Shipment, ShipmentItem


def with_parts(shipments: QuerySet[Shipment]) -> QuerySet[Shipment]:
    """With everything that an answer shows of a parcel."""
    return shipments.select_related("watch").prefetch_related(
        Prefetch("contents", ShipmentItem.objects.order_by("pk")),
        Prefetch("legs", Leg.objects.order_by("position")),
    )


class ShipmentFilter(Strict):
    """The filters of the list; `cursor` and `page_size` belong to its pages."""

    status = serializers.ChoiceField(choices=[status.value for status in Status], required=False)
    order = serializers.IntegerField(required=False)
    carrier = Text(40)
    tracking_number = Text(60)
    updated_since = Instant(required=False)
    cursor = serializers.CharField(required=False)
    page_size = serializers.IntegerField(required=False)


class ShipmentInput(ParcelInput):
    """A parcel, and the order it belongs to. Posting it again merges."""

    order = serializers.IntegerField(help_text="The order's `id`.")


class ShipmentView(MerchantView):
    """What list and detail share."""

    serializer_class = ShipmentOutput

    def shown(self, rows: list[Any]) -> dict[str, Any]:
        self.note_dates(rows)
        return {}

    def answer(self, shipment_id: int, *, status: int = 200) -> Response:
        shipment = get_object_or_404(with_parts(Shipment.objects.all()), pk=shipment_id)
        self.note_dates([shipment])
        return Response(ShipmentOutput(shipment).data, status=status)


class Shipments(ShipmentView):
    @extend_schema(
        parameters=[ShipmentFilter],
        responses={**many(ShipmentOutput), **WRONG, **REFUSED},
        summary="List parcels, newest first",
        description="Every filter narrows the list; `order` is an order's `id`.",
    )
    def get(self, request: Request) -> Response:
        wanted = ShipmentFilter(data=request.query_params.dict())
        wanted.is_valid(raise_exception=True)
        return self.pages(_filtered(wanted.validated_data), ShipmentOutput)

    @extend_schema(
        request=ShipmentInput,
        responses={201: ShipmentOutput, 200: ShipmentOutput, **WRONG, **REFUSED},
        summary="Add a parcel to an order",
        description="201 when new; 200 when the order has a parcel of this number already. "
        "A further number never replaces the first.",
    )
    def post(self, request: Request) -> Response:
        given = ShipmentInput(data=request.data)
        given.is_valid(raise_exception=True)
        said = given.validated_data
        # The lock makes two calls for the same parcel wait for each other.
        order = Order.objects.select_for_update().filter(pk=said["order"]).first()
        if order is None:
            raise serializers.ValidationError({"order": ["You have no order with this id."]})
        named = OrderItem.objects.filter(order=order).exclude(external_id="")
        lines = set(named.values_list("external_id", flat=True))
        absent = [one["item"] for one in said.get("contents", []) if one["item"] not in lines]
        if absent:
            words = f"No line of the order has the external_id {absent[0]!r}."
            raise serializers.ValidationError({"contents": [words]})
        shipment, made = save_parcel(order=order, parcel=parcel_update(said), now=timezone.now())
        return self.answer(shipment.pk, status=201 if made else 200)


class OneShipment(ShipmentView):
    @extend_schema(
        responses={200: ShipmentOutput, **ABSENT, **REFUSED},
        summary="Get one parcel",
        description="Its state, the window we show, its flags, and how fresh all of it is.",
    )
    def get(self, request: Request, shipment_id: int) -> Response:
        return self.answer(shipment_id)


def _filtered(said: dict[str, Any]) -> QuerySet[Shipment]:
    found = with_parts(Shipment.objects.all())
    if "status" in said:
        found = found.filter(status=said["status"])
    if "order" in said:
        found = found.filter(order_id=said["order"])
    if said.get("carrier"):
        found = found.filter(carrier=said["carrier"])
    if said.get("tracking_number"):
        found = found.filter(number_key=number_key(said["tracking_number"]))
    if "updated_since" in said:
        found = found.filter(updated_at__gte=said["updated_since"])
    return found
