"""`/api/v1/webhook-endpoints/`: where news goes; made, listed, changed, removed, tried out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import Throttled
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from api.base import ABSENT, REFUSED, WRONG, MerchantView, Strict, many
from api.fields import Text
from lib import limits
from merchants.access import record
from merchants.models import ApiKey
from notifications.models import WebhookDelivery, WebhookEndpoint
from notifications.models.webhooks import EVERYTHING
from notifications.webhooks import endpoints
from notifications.webhooks.events import EVENTS
from notifications.webhooks.health import health_of

#: Tests that one merchant may send in a minute.
TESTS: Final = 10

_EVENT_CHOICES = [EVERYTHING, *EVENTS]
_EVENTS_HELP = "What is told; `*` alone is everything, also what is added later."


class EndpointInput(Strict):
    """An endpoint; of a known one only what is to change."""

    url = serializers.CharField(max_length=500, help_text="https; no private network.")
    description = Text(120)
    events = serializers.ListField(
        child=serializers.ChoiceField(choices=_EVENT_CHOICES), help_text=_EVENTS_HELP
    )
    is_on = serializers.BooleanField(required=False)


class EndpointHealth(serializers.Serializer[Any]):
    """Counted from the log of tries."""

    tries_day = serializers.IntegerField(help_text="In the last 24 hours.")
    good_day = serializers.IntegerField(help_text="Answered 2xx.")
    tries_week = serializers.IntegerField(help_text="In the last 7 days.")
    good_week = serializers.IntegerField()
    p95_ms = serializers.IntegerField(
        allow_null=True, help_text="95 of 100 tries of the week took no longer."
    )
    waiting = serializers.IntegerField(help_text="Deliveries that wait.")


class EndpointOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    url = serializers.CharField()
    description = serializers.CharField()
    events = serializers.ListField(
        child=serializers.ChoiceField(choices=_EVENT_CHOICES), help_text=_EVENTS_HELP
    )
    is_on = serializers.BooleanField()
    stopped_for = serializers.ChoiceField(
        choices=["", *WebhookEndpoint.Stopped.values],
        help_text="Why we switched it off ourselves: it answered 410, or failed for five days.",
    )
    health = serializers.SerializerMethodField()
    last_success_at = serializers.DateTimeField(allow_null=True)
    last_failure_at = serializers.DateTimeField(allow_null=True)
    last_problem = serializers.CharField(help_text="Of the last try that failed, in words.")
    created_at = serializers.DateTimeField()

    @extend_schema_field(EndpointHealth)
    def get_health(self, endpoint: WebhookEndpoint) -> dict[str, Any]:
        return dict(EndpointHealth(self.context["health"][endpoint.pk]).data)


class EndpointSecret(serializers.Serializer[Any]):
    secret = serializers.CharField(help_text="`whsec_…`: shown in this answer and never again.")


class EndpointMade(EndpointSecret, EndpointOutput):
    """The endpoint with its secret."""


class TestSent(serializers.Serializer[Any]):
    webhook_id = serializers.CharField(help_text="The header `webhook-id` of the test.")


@contextmanager
def _mistakes_told() -> Iterator[None]:
    try:
        yield
    except endpoints.Refused as error:
        where = error.field or "non_field_errors"
        raise serializers.ValidationError({where: [error.words]}) from error


class EndpointView(MerchantView):
    """What these views share."""

    serializer_class = EndpointOutput

    def shown(self, rows: list[Any]) -> dict[str, Any]:
        return {"health": health_of(rows, now=timezone.now())}

    def found(self, pk: int) -> WebhookEndpoint:
        return get_object_or_404(endpoints.endpoints(), pk=pk)

    def answer(self, endpoint: WebhookEndpoint) -> dict[str, Any]:
        return dict(EndpointOutput(endpoint, context=self.shown([endpoint])).data)

    def note(self, action: str, endpoint: WebhookEndpoint, **detail: object) -> None:
        """A line of the audit log: which key did it."""
        key = self.request.auth
        assert isinstance(key, ApiKey)
        record(
            merchant=self.merchant, user=None, action=action, subject=endpoint.url,
            api_key=f"{key.name} ({key.prefix}…)", **detail,
        )  # fmt: skip


class WebhookEndpoints(EndpointView):
    @extend_schema(
        responses={**many(EndpointOutput), **REFUSED},
        summary="List webhook endpoints, newest first",
        description="With their health. What is sent to them stands under *webhooks* below.",
    )
    def get(self, request: Request) -> Response:
        return self.pages(endpoints.endpoints(), EndpointOutput)

    @extend_schema(
        request=EndpointInput,
        responses={201: EndpointMade, **WRONG, **REFUSED},
        summary="Add a webhook endpoint",
        description="The answer holds the secret that signs what is sent, this once.",
    )
    def post(self, request: Request) -> Response:
        given = EndpointInput(data=request.data)
        given.is_valid(raise_exception=True)
        with _mistakes_told():
            made, secret = endpoints.add(
                merchant=self.merchant, by=None, now=timezone.now(), **given.validated_data
            )
        self.note("webhook.added", made)
        return Response({**self.answer(made), "secret": secret}, status=201)


class OneWebhookEndpoint(EndpointView):
    @extend_schema(
        responses={200: EndpointOutput, **ABSENT, **REFUSED}, summary="Get one webhook endpoint"
    )
    def get(self, request: Request, webhookendpoint_id: int) -> Response:
        return Response(self.answer(self.found(webhookendpoint_id)))

    @extend_schema(
        request=EndpointInput,
        responses={200: EndpointOutput, **WRONG, **ABSENT, **REFUSED},
        summary="Change a webhook endpoint",
        description="Only what is named changes. Switched on again it begins anew; what it missed "
        "is sent when somebody says so in the dashboard.",
    )
    def patch(self, request: Request, webhookendpoint_id: int) -> Response:
        endpoint = self.found(webhookendpoint_id)
        given = EndpointInput(data=request.data, partial=True)
        given.is_valid(raise_exception=True)
        with _mistakes_told():
            changed = endpoints.change(endpoint, now=timezone.now(), **given.validated_data)
        if changed:
            self.note("webhook.changed", endpoint, **changed)
        return Response(self.answer(endpoint))

    @extend_schema(
        responses={204: None, **ABSENT, **REFUSED},
        summary="Remove a webhook endpoint",
        description="Nothing is sent there any more, and its log is deleted.",
    )
    def delete(self, request: Request, webhookendpoint_id: int) -> Response:
        endpoint = self.found(webhookendpoint_id)
        endpoints.remove(endpoint, now=timezone.now())
        self.note("webhook.removed", endpoint)
        return Response(status=204)


class WebhookEndpointSecret(EndpointView):
    @extend_schema(
        request=None,
        responses={200: EndpointSecret, **ABSENT, **REFUSED},
        summary="Change an endpoint's secret",
        description="The old secret signs beside the new one for 24 hours.",
    )
    def post(self, request: Request, webhookendpoint_id: int) -> Response:
        endpoint = self.found(webhookendpoint_id)
        secret = endpoints.rotate(endpoint, now=timezone.now())
        self.note("webhook.secret_changed", endpoint)
        return Response({"secret": secret})


class WebhookEndpointTest(EndpointView):
    @extend_schema(
        request=None,
        responses={202: TestSent, **ABSENT, **REFUSED},
        summary="Send a test to an endpoint",
        description=f"`webhook.test`, tried once; up to {TESTS} a minute.",
    )
    def post(self, request: Request, webhookendpoint_id: int) -> Response:
        endpoint = self.found(webhookendpoint_id)
        window = limits.count(f"webhook-test:{self.merchant.pk}", limit=TESTS, seconds=60)
        if window.is_over:
            raise Throttled(wait=window.seconds_left)
        sent: WebhookDelivery = endpoints.send_test(endpoint, now=timezone.now())
        self.note("webhook.tested", endpoint)
        return Response({"webhook_id": sent.webhook_id}, status=202)
