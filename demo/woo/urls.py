"""Under /demo/woo/: the addresses that a WooCommerce shop has."""

from __future__ import annotations

from django.urls import path

from demo.woo import views

app_name = "demo-woo"
urlpatterns = [
    path("", views.front, name="front"),
    path("do/", views.do, name="do"),
    path("wp-json/<path:route>", views.api, name="api"),
    path("wc-auth/v1/authorize", views.authorize, name="authorize"),
]
