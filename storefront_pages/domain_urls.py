"""All there is on a merchant's own domain: the two pages, their forms, and what they load."""

from __future__ import annotations

from django.urls import path

from storefront_pages import (
    asking,
    assets,
    beacon,
    cash,
    frame,
    order_json,
    place,
    preferences,
    push,
    said,
    unsubscribing,
    views,
)

urlpatterns = [
    path("", views.lookup),
    path("t/<str:token>/", views.track),
    path("t/<str:token>/preferences/", preferences.preferences),
    path("t/<str:token>/unsubscribe/", unsubscribing.unsubscribe),
    path("t/<str:token>/seen/", beacon.beacon),
    path("t/<str:token>/messages/", said.messages),
    path("t/<str:token>/feed.json", said.feed),
    path("t/<str:token>/frame/", frame.frame),
    path("t/<str:token>/order.json", order_json.order_json),
    path("t/<str:token>/push/", push.subscription),
    path("push-worker.js", push.worker),
    path("t/<str:token>/answer/", asking.answer),
    path("t/<str:token>/case/", asking.case),
    path("t/<str:token>/place/", place.place),
    path("t/<str:token>/cash/", cash.cash),
    path("style/<str:version>.css", assets.style),
    path("logo/<str:version>", assets.logo),
]
