"""Under /w/: what the shop's own pages ask, with a publishable key."""

from __future__ import annotations

from django.urls import path

from storefront_pages import widget

app_name = "widget"
urlpatterns = [path("<str:key>/estimate", widget.estimate, name="estimate")]
