"""All there is on a merchant's own domain: the two pages, and what they load."""

from __future__ import annotations

from django.urls import path

from storefront_pages import assets, preferences, push, views

urlpatterns = [
    path("", views.lookup),
    path("t/<str:token>/", views.track),
    path("t/<str:token>/preferences/", preferences.preferences),
    path("t/<str:token>/unsubscribe/", preferences.unsubscribe),
    path("t/<str:token>/push/", push.subscription),
    path("push-worker.js", push.worker),
    path("style/<str:version>.css", assets.style),
    path("logo/<str:version>", assets.logo),
]
