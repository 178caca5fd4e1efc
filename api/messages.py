"""`/api/v1/messages/`: what was written to whom, and what became of it."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from api.base import ABSENT, REFUSED, WRONG, MerchantView, Strict, many
from api.fields import Instant, Text
from notifications.models import Message
from tracking.models import Recipient


class MessageFilter(Strict):
    """The filters of the list; `cursor` and `page_size` belong to its pages."""

    order = serializers.IntegerField(required=False)
    recipient = serializers.ChoiceField(
        choices=Recipient.Role.choices, required=False, help_text="Of whom of the order."
    )
    state = serializers.ChoiceField(choices=Message.State.choices, required=False)
    channel = Text(10, help_text="email, sms, whatsapp, webpush, alimtalk, line or inbox.")
    created_since = Instant(required=False)
    cursor = serializers.CharField(required=False)
    page_size = serializers.IntegerField(required=False)


class MessageOutput(serializers.Serializer[Any]):
    """One message; `planned` ones have no text yet."""

    id = serializers.IntegerField()
    order = serializers.IntegerField(source="order_id")
    shipment = serializers.IntegerField(source="shipment_id", allow_null=True)
    recipient = serializers.CharField(source="recipient.role")
    channel = serializers.CharField()
    topic = serializers.CharField(help_text="What it is about, e.g. out_for_delivery.")
    purpose = serializers.CharField(help_text="auto, resend, test or replay.")
    language = serializers.CharField()
    to = serializers.CharField(help_text="Empty for the feed.")
    subject = serializers.CharField()
    text = serializers.CharField()
    state = serializers.CharField(
        help_text="planned, waiting, sending, sent, delivered, failed, uncertain or skipped."
    )
    reason = serializers.CharField(help_text="Why it did not go out, in English.")
    reason_code = serializers.CharField(help_text="The same as a word for programs.")
    created_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField(allow_null=True)
    sent_at = serializers.DateTimeField(allow_null=True)
    delivered_at = serializers.DateTimeField(allow_null=True)


def _rows() -> QuerySet[Message]:
    return Message.objects.select_related("recipient").defer("html")


class Messages(MerchantView):
    serializer_class = MessageOutput

    @extend_schema(
        parameters=[MessageFilter],
        responses={**many(MessageOutput), **WRONG, **REFUSED},
        summary="List messages, newest first",
        description="Every filter narrows the list; `order` is an order's `id`.",
    )
    def get(self, request: Request) -> Response:
        wanted = MessageFilter(data=request.query_params.dict())
        wanted.is_valid(raise_exception=True)
        said = wanted.validated_data
        rows = _rows()
        if "order" in said:
            rows = rows.filter(order_id=said["order"])
        if "recipient" in said:
            rows = rows.filter(recipient__role=said["recipient"])
        if "state" in said:
            rows = rows.filter(state=said["state"])
        if said.get("channel"):
            rows = rows.filter(channel=said["channel"])
        if "created_since" in said:
            rows = rows.filter(created_at__gte=said["created_since"])
        return self.pages(rows, MessageOutput)


class OneMessage(MerchantView):
    serializer_class = MessageOutput

    @extend_schema(
        responses={200: MessageOutput, **ABSENT, **REFUSED},
        summary="Get one message",
        description="Its text as it was written, its state, and why.",
    )
    def get(self, request: Request, message_id: int) -> Response:
        return Response(MessageOutput(get_object_or_404(_rows(), pk=message_id)).data)
