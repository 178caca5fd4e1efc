"""All there is on a merchant's own domain: the two pages, and what they load."""

from __future__ import annotations

from django.urls import path

from storefront_pages import assets, views

urlpatterns = [
    path("", views.lookup),
    path("t/<str:token>/", views.track),
    path("style/<str:version>.css", assets.style),
    path("logo/<str:version>", assets.logo),
]
