"""`/api/v1/…` with or without the last slash, its schema and its documentation."""

from __future__ import annotations

from django.urls import re_path
from drf_spectacular.views import SpectacularAPIView

from api.bulk_orders import BulkOrders
from api.carriers import Carriers
from api.detection import Detect
from api.docs import Docs, Nowhere
from api.estimates import Estimates
from api.events import Events
from api.handles import Handles
from api.messages import Messages, OneMessage
from api.orders import OneOrder, Orders
from api.shipments import OneShipment, Shipments
from api.webhook_endpoints import (
    OneWebhookEndpoint,
    WebhookEndpoints,
    WebhookEndpointSecret,
    WebhookEndpointTest,
)

# An id longer than 18 digits is nobody's, and would not fit the column.
_ID = r"\d{1,18}"

urlpatterns = [
    re_path(r"^v1/orders/?$", Orders.as_view(), name="api_orders"),
    re_path(r"^v1/orders/bulk/?$", BulkOrders.as_view(), name="api_orders_bulk"),
    re_path(rf"^v1/orders/(?P<order_id>{_ID})/?$", OneOrder.as_view(), name="api_order"),
    re_path(r"^v1/shipments/?$", Shipments.as_view(), name="api_shipments"),
    re_path(
        rf"^v1/shipments/(?P<shipment_id>{_ID})/?$", OneShipment.as_view(), name="api_shipment"
    ),
    re_path(
        rf"^v1/shipments/(?P<shipment_id>{_ID})/events/?$", Events.as_view(), name="api_events"
    ),
    re_path(r"^v1/messages/?$", Messages.as_view(), name="api_messages"),
    re_path(rf"^v1/messages/(?P<message_id>{_ID})/?$", OneMessage.as_view(), name="api_message"),
    re_path(r"^v1/handles/?$", Handles.as_view(), name="api_handles"),
    re_path(r"^v1/carriers/?$", Carriers.as_view(), name="api_carriers"),
    re_path(r"^v1/carriers/detect/?$", Detect.as_view(), name="api_detect"),
    re_path(r"^v1/estimates/?$", Estimates.as_view(), name="api_estimates"),
    re_path(r"^v1/webhook-endpoints/?$", WebhookEndpoints.as_view(), name="api_webhooks"),
    re_path(
        rf"^v1/webhook-endpoints/(?P<webhookendpoint_id>{_ID})/?$",
        OneWebhookEndpoint.as_view(),
        name="api_webhook",
    ),
    re_path(
        rf"^v1/webhook-endpoints/(?P<webhookendpoint_id>{_ID})/secret/?$",
        WebhookEndpointSecret.as_view(),
        name="api_webhook_secret",
    ),
    re_path(
        rf"^v1/webhook-endpoints/(?P<webhookendpoint_id>{_ID})/test/?$",
        WebhookEndpointTest.as_view(),
        name="api_webhook_test",
    ),
    re_path(r"^v1/schema/?$", SpectacularAPIView.as_view(), name="api_schema"),
    re_path(r"^docs/?$", Docs.as_view(url_name="api_schema"), name="api_docs"),
    re_path(r"^v1/.*$", Nowhere.as_view(), name="api_nowhere"),
]
