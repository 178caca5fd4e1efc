"""`/api/v1/carriers/`: who can be asked, and what they need."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.base import REFUSED, MerchantView
from carriers.registry import CARRIERS


class LimitsOutput(serializers.Serializer[Any]):
    per_second = serializers.FloatField(allow_null=True)
    per_day = serializers.IntegerField(allow_null=True)
    concurrent = serializers.IntegerField()


class CarrierOutput(serializers.Serializer[Any]):
    slug = serializers.CharField()
    name = serializers.CharField()
    countries = serializers.ListField(child=serializers.CharField())
    proven = serializers.ChoiceField(
        choices=["recorded", "documented", "unproven"],
        help_text="How we know its answers: recorded ones, its documents, or neither.",
    )
    push = serializers.BooleanField(help_text="Whether it sends scans by itself.")
    batch_size = serializers.IntegerField()
    limits = LimitsOutput()
    needs = serializers.ListField(
        child=serializers.CharField(), help_text="Extra fields a parcel must have."
    )


class CarrierList(serializers.Serializer[Any]):
    results = CarrierOutput(many=True)


class Carriers(MerchantView):
    serializer_class = CarrierList
    pagination_class = None

    @extend_schema(
        operation_id="carriers_list",
        responses={200: CarrierList, **REFUSED},
        summary="List carriers",
        description="Everyone we can ask, with what each needs and how fast it may be asked.",
    )
    def get(self, request: Request) -> Response:
        carriers = sorted(CARRIERS.values(), key=lambda carrier: carrier.slug)
        return Response({"results": CarrierOutput(carriers, many=True).data})
