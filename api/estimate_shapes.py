"""How quotes look in answers."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from api.base import Mistake


class QuotedDate(serializers.Serializer[Any]):
    """Local calendar dates at the destination; `by` is the day to name where one is shown."""

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        return {name: serializers.DateField() for name in ("from", "to", "by")}


class QuoteFreshness(serializers.Serializer[Any]):
    rules_at = serializers.DateTimeField(allow_null=True, help_text="When your rules were read.")
    valid_until = serializers.DateTimeField(help_text="The next cut-off.")
    stale = serializers.BooleanField()


class EstimateOutput(serializers.Serializer[Any]):
    """One destination with one service. `status` 400 has only the places and what is wrong."""

    destination = serializers.IntegerField(help_text="Its place in `destinations`, from 0.")
    service = serializers.IntegerField(help_text="Its place in `services`, from 0.")
    status = serializers.IntegerField(help_text="200, or 400 for one that cannot be answered.")
    date = QuotedDate(required=False)
    zone = serializers.CharField(required=False, help_text="IANA name, of the destination.")
    level = serializers.IntegerField(required=False)
    order_by = serializers.DateTimeField(
        required=False, help_text="The cut-off that it holds until, on the destination's clock."
    )
    order_within_seconds = serializers.IntegerField(required=False)
    why = serializers.ListField(child=serializers.CharField(), required=False)
    freshness = QuoteFreshness(required=False)
    quote = serializers.CharField(
        required=False, help_text="Name it in `POST /orders/`: the order is promised this date."
    )

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        # DRF has properties of these names of its own.
        source = serializers.CharField(
            required=False, help_text="merchant, carrier, engine or configuration: who says so."
        )
        return super().get_fields() | {
            "source": source,
            "errors": Mistake(many=True, required=False),
        }


class EstimatesOutput(serializers.Serializer[Any]):
    answered = serializers.IntegerField()
    refused = serializers.IntegerField()
    estimates = EstimateOutput(many=True)
