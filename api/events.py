"""`/api/v1/shipments/{id}/events/`: the scans, and the own fleet's push."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from api.base import ABSENT, REFUSED, WRONG, MerchantView, Strict, many
from api.fields import Country, Instant, Language, Text
from api.pagination import Cursor
from carriers.updates import CarrierEvent, Place, TrackingUpdate
from lib.vocabulary import PLAIN, SUB_STATUSES, Doubt, Status
from tracking.ingest import Heard, event_key, ingest
from tracking.models import Event, Ruling, Shipment

#: Ours to find out, nobody's to push.
_OURS: Final = (Status.PENDING, Status.EXPIRED)
_SUB_STATUSES: Final = [code for code, row in SUB_STATUSES.items() if row.status not in _OURS]
#: A driver's clock may run ahead by this much.
_AHEAD: Final = timedelta(minutes=15)


class PlaceInput(Strict):
    city = Text(120)
    region = Text(120)
    postcode = Text(20)
    country = Country(required=False, allow_blank=True)
    code = Text(40)


class EventInput(Strict):
    """One scan: what happened, when, where. Say `status` or, finer, `sub_status`."""

    status = serializers.ChoiceField(choices=[status.value for status in Status], required=False)
    sub_status = serializers.ChoiceField(choices=_SUB_STATUSES, required=False)
    at = Instant(help_text="ISO 8601 with offset.")
    code = Text(60, help_text="Your own code, kept as given.")
    description = Text(500)
    language = Language()
    place = PlaceInput(required=False)
    attempt = serializers.IntegerField(
        required=False, min_value=1, max_value=50, help_text="Which failed attempt this was."
    )

    def validate_status(self, value: str) -> str:
        if value in _OURS:
            raise serializers.ValidationError(f"{value} is ours to find out, not yours to push.")
        return value

    def validate_at(self, value: Any) -> Any:
        if value > timezone.now() + _AHEAD:
            raise serializers.ValidationError("This is in the future.")
        return value

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        status, sub_status = attrs.get("status"), attrs.get("sub_status")
        if not status and not sub_status:
            raise serializers.ValidationError({"status": ["Send status or sub_status."]})
        if status and sub_status and SUB_STATUSES[sub_status].status != status:
            words = f"{sub_status} belongs to {SUB_STATUSES[sub_status].status}, not to {status}."
            raise serializers.ValidationError({"sub_status": [words]})
        return attrs


class EventOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    at = serializers.DateTimeField(allow_null=True)
    zone_source = serializers.CharField(help_text="Who named the zone: carrier, facility, assumed.")
    code = serializers.CharField(help_text="The carrier's own.")
    status = serializers.SerializerMethodField()
    sub_status = serializers.CharField()
    description = serializers.CharField()
    language = serializers.CharField()
    place = serializers.SerializerMethodField()
    source = serializers.CharField()  # type: ignore[assignment]
    received_at = serializers.DateTimeField()
    quarantined = serializers.ChoiceField(
        choices=["", *(doubt.value for doubt in Doubt)],
        help_text="Why it is set aside; empty when it counts.",
    )
    ruling = serializers.ChoiceField(
        choices=["", *Ruling.values],
        help_text="What a person decided about a scan that was set aside.",
    )

    def get_status(self, event: Event) -> str | None:
        row = SUB_STATUSES.get(event.sub_status)
        return row.status.value if row else None

    def get_place(self, event: Event) -> dict[str, str]:
        return {"city": event.city, "region": event.region, "country": event.country}


class EventPages(Cursor):
    page_size = 200


class Events(MerchantView):
    serializer_class = EventOutput
    pagination_class = EventPages

    @extend_schema(
        responses={**many(EventOutput), **ABSENT, **REFUSED},
        summary="List a parcel's scans, the last we heard of first",
        description="As the carrier gave them, each with our reading of its code.",
    )
    def get(self, request: Request, shipment_id: int) -> Response:
        shipment = get_object_or_404(Shipment.objects.all(), pk=shipment_id)
        return self.pages(Event.objects.filter(shipment=shipment), EventOutput)

    @extend_schema(
        request=EventInput,
        responses={201: EventOutput, 200: EventOutput, **WRONG, **ABSENT, **REFUSED},
        summary="Push a scan of your own fleet",
        description="201 when new; 200 when the same scan (code, time, place) is known.",
    )
    def post(self, request: Request, shipment_id: int) -> Response:
        shipment = get_object_or_404(Shipment.objects.all(), pk=shipment_id)
        given = EventInput(data=request.data)
        given.is_valid(raise_exception=True)
        event = _event(given.validated_data)
        update = TrackingUpdate(shipment.tracking_number, events=(event,))
        heard = [Heard(shipment.pk, update)]
        taken = ingest(heard=heard, source="api", now=timezone.now())
        row = Event.objects.get(shipment=shipment, key=event_key(event))
        return Response(EventOutput(row).data, status=201 if taken.new_events else 200)


def _event(said: dict[str, Any]) -> CarrierEvent:
    sub_status = said.get("sub_status") or PLAIN[Status(said["status"])]
    return CarrierEvent(
        code=said.get("code") or sub_status,
        sub_status=sub_status,
        description=said.get("description", ""),
        language=said.get("language") or "en",
        at=said["at"],
        zone_source="carrier",
        place=Place(**said.get("place", {})),
        attempt=said.get("attempt"),
    )
