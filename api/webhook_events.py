"""What we send to webhook endpoints, for the OpenAPI schema's section `webhooks`.

The bodies themselves are made in `notifications.webhooks`, in the shapes that answers have; a test
compares the two.
"""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import override
from drf_spectacular.utils import OpenApiResponse, OpenApiWebhook, extend_schema
from rest_framework import serializers

from api.shapes import OrderOutput, ShipmentOutput
from notifications.webhooks.events import EVENTS, TEST, Event


class Envelope(serializers.Serializer[Any]):
    type = serializers.CharField()
    timestamp = serializers.DateTimeField(help_text="When it happened.")
    sequence = serializers.IntegerField(
        help_text="Greater is newer. Deliveries may come in any order; of two about one parcel the "
        "greater counts."
    )


class OrderInBrief(serializers.Serializer[Any]):
    """What finds the order of a parcel again."""

    id = serializers.IntegerField()
    # DRF's own attribute of this name is set on instances: a declared field may have it.
    source = serializers.CharField()  # type: ignore[assignment]
    external_id = serializers.CharField()
    number = serializers.CharField()
    status = serializers.CharField()
    tracking_url = serializers.CharField()


class ParcelData(serializers.Serializer[Any]):
    shipment = ShipmentOutput()
    order = OrderInBrief()
    change = serializers.DictField(help_text="What the news is: `attempt`, `flag`, `was`, `now` …")


class OrderData(serializers.Serializer[Any]):
    order = OrderOutput()
    change = serializers.DictField(help_text="What the news is, as far as there is more to say.")


class MessageState(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    order_id = serializers.IntegerField()
    shipment_id = serializers.IntegerField(allow_null=True)
    role = serializers.CharField(help_text="`buyer`, `receiver` or `front_desk`.")
    topic = serializers.CharField(help_text="What it tells, such as `out_for_delivery`.")
    channel = serializers.CharField()
    language = serializers.CharField()
    state = serializers.CharField()
    reason_code = serializers.CharField(help_text="Of a failed one, where it is known.")
    at = serializers.DateTimeField()


class MessageData(serializers.Serializer[Any]):
    message = MessageState()


class TestData(serializers.Serializer[Any]):
    note = serializers.CharField()


class ParcelEvent(Envelope):
    data = ParcelData()  # type: ignore[assignment]


class OrderEvent(Envelope):
    data = OrderData()  # type: ignore[assignment]


class MessageEvent(Envelope):
    data = MessageData()  # type: ignore[assignment]


class TestEvent(Envelope):
    data = TestData()  # type: ignore[assignment]


_HEARD: Final = OpenApiResponse(
    description="Any 2xx within 15 seconds. 410 switches the endpoint off; everything else is "
    "tried again for 72 hours."
)
_HOW: Final = (
    "Signed as [Standard Webhooks](https://www.standardwebhooks.com) say: `webhook-id` (the same "
    "on every try), `webhook-timestamp`, `webhook-signature`."
)


def _webhook(name: str, body: type[Envelope], summary: str) -> OpenApiWebhook:
    decorator = extend_schema(
        request=body, responses={"2XX": _HEARD}, summary=summary, description=_HOW
    )
    return OpenApiWebhook(name=name, decorator=decorator)


_BODIES: Final[dict[str, type[Envelope]]] = {
    "order": OrderEvent,
    "parcel": ParcelEvent,
    "message": MessageEvent,
}


def _of(event: Event) -> OpenApiWebhook:
    return _webhook(event.slug, _BODIES[event.about], f"{event.label}. {event.when}")


with override("en"):
    WEBHOOKS: Final = [
        *(_of(event) for event in EVENTS.values()),
        _webhook(TEST, TestEvent, "A test, sent by hand."),
    ]
