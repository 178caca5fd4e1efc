"""Demonstration only: mounted when DEMO is set."""

from __future__ import annotations

from django.urls import include, path

from dashboard.style_page import style_page
from demo import phone_views, views, webhooks

urlpatterns = [
    path("mailbox/", views.mailbox, name="mailbox"),
    path("mailbox/<int:mail_id>/", views.mailbox, name="mailbox-mail"),
    path("mailbox/<int:mail_id>/body/", views.body, name="mailbox-body"),
    path("phone/", phone_views.phone, name="phone"),
    path("phone/<int:owner_id>/", phone_views.phone, name="phone-of"),
    path("phone/<int:owner_id>/answer/", phone_views.answer, name="phone-answer"),
    path("phone/<int:owner_id>/notes/", phone_views.allow_notes, name="phone-notes"),
    path("style/", style_page, name="style"),
    path("webhooks/<slug:merchant>/", webhooks.receive, name="demo-webhooks"),
    path("shop/", include("demo.shop.urls")),
    path("woo/", include("demo.woo.urls")),
]
