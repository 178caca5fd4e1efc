"""Demonstration only: mounted when DEMO is set."""

from __future__ import annotations

from django.urls import include, path

from dashboard.style_page import style_page
from demo import views

urlpatterns = [
    path("mailbox/", views.mailbox, name="mailbox"),
    path("mailbox/<int:mail_id>/", views.mailbox, name="mailbox-mail"),
    path("mailbox/<int:mail_id>/body/", views.body, name="mailbox-body"),
    path("style/", style_page, name="style"),
    path("shop/", include("demo.shop.urls")),
]
