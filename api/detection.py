"""`/api/v1/carriers/detect/`: whose number this may be."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.base import REFUSED, WRONG, MerchantView, Strict
from api.fields import Country, Text, TrackingNumber
from carriers import registry
from tracking.candidates import ranked


class DetectInput(Strict):
    tracking_number = TrackingNumber()
    country = Country(required=False, allow_blank=True)
    ship_from_country = Country(required=False, allow_blank=True)
    carrier_name = Text(100, help_text="What the shop calls the carrier or its service.")


class CandidateOutput(serializers.Serializer[Any]):
    slug = serializers.CharField()
    name = serializers.CharField()
    confidence = serializers.FloatField(help_text="From 0 to 1.")
    why = serializers.CharField(help_text="In plain words.")
    has_adapter = serializers.BooleanField(
        help_text="Whether it can be asked with an account of its own."
    )


class CandidateList(serializers.Serializer[Any]):
    results = CandidateOutput(many=True, help_text="At most five, best first; empty: nobody's.")


class Detect(MerchantView):
    serializer_class = CandidateList

    @extend_schema(
        operation_id="carriers_detect",
        request=DetectInput,
        responses={200: CandidateList, **WRONG, **REFUSED},
        summary="Recognise a carrier",
        description="Whose number this may be: by its form and check digit, your own carriers, "
        "the name the shop gave, where it goes and comes from, and what became of your parcels "
        "with such numbers. A parcel that is added without a carrier is ranked the same way.",
    )
    def post(self, request: Request) -> Response:
        given = DetectInput(data=request.data)
        given.is_valid(raise_exception=True)
        said = given.validated_data
        found = ranked(
            said["tracking_number"],
            country=said.get("country", ""),
            origin=said.get("ship_from_country", ""),
            named=said.get("carrier_name", ""),
        )
        rows = [
            {
                "slug": one.slug,
                "name": registry.name_of(one.slug),
                "confidence": one.confidence,
                "why": one.why,
                "has_adapter": one.slug in registry.CARRIERS,
            }
            for one in found
        ]
        return Response(CandidateList({"results": rows}).data)
