"""`/api/v1/handles/`: what customers are called at channels that know no e-mail or phone."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.base import REFUSED, WRONG, MerchantView, Strict
from api.fields import Phone
from lib.phones import e164
from notifications.channels.registry import CHANNELS, Reach
from notifications.consent import keep_handle

_CHANNELS = [slug for slug, kind in CHANNELS.items() if kind.reach is Reach.HANDLE]


class HandleInput(Strict):
    """The customer, as orders name them, and the name at the channel."""

    email = serializers.EmailField(required=False, max_length=254)
    phone = Phone()
    channel = serializers.ChoiceField(choices=_CHANNELS)
    address = serializers.CharField(
        max_length=254, allow_blank=True, help_text="At LINE the user ID. Empty: forget it."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not attrs.get("email") and not e164(attrs.get("phone", ""), country=""):
            words = "Say `email`, or `phone` with its country code."
            raise serializers.ValidationError({"email": [words]})
        return attrs


class Handles(MerchantView):
    serializer_class = HandleInput

    @extend_schema(
        request=HandleInput,
        responses={200: HandleInput, **WRONG, **REFUSED},
        summary="Say what a customer is called at a channel",
        description="It counts for every order of the customer, those to come as well. A customer "
        "is known by the e-mail address of the order; by the phone number where it has none.",
    )
    def put(self, request: Request) -> Response:
        given = HandleInput(data=request.data)
        given.is_valid(raise_exception=True)
        said = given.validated_data
        person = said.get("email", "").lower() or e164(said.get("phone", ""), country="")
        keep_handle(
            merchant_id=self.merchant.pk,
            person=person,
            channel=said["channel"],
            address=said["address"].strip(),
            now=timezone.now(),
        )
        return Response(said)
