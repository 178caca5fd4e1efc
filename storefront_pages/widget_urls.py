"""Under /w/: what the shop's own pages load, and what they ask with a publishable key."""

from __future__ import annotations

from django.urls import path

from storefront_pages import embed_script, widget, widget_places

app_name = "widget"
urlpatterns = [
    path("1/date.js", embed_script.date_element, name="date_element"),
    path("1/order.js", embed_script.order_element, name="order_element"),
    path("<str:key>/estimate", widget.estimate, name="estimate"),
    path("<str:key>/places", widget_places.places, name="places"),
]
