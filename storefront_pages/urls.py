"""Under /p/: a shop's look-up, an order's page, and what they load."""

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

app_name = "storefront"
urlpatterns = [
    path("<slug:merchant>/", views.lookup, name="lookup"),
    path("<slug:merchant>/t/<str:token>/", views.track, name="track"),
    path(
        "<slug:merchant>/t/<str:token>/preferences/",
        preferences.preferences,
        name="preferences",
    ),
    path(
        "<slug:merchant>/t/<str:token>/unsubscribe/",
        unsubscribing.unsubscribe,
        name="unsubscribe",
    ),
    path("<slug:merchant>/t/<str:token>/seen/", beacon.beacon, name="seen"),
    path("<slug:merchant>/t/<str:token>/messages/", said.messages, name="messages"),
    path("<slug:merchant>/t/<str:token>/feed.json", said.feed, name="feed"),
    path("<slug:merchant>/t/<str:token>/frame/", frame.frame, name="frame"),
    path("<slug:merchant>/t/<str:token>/order.json", order_json.order_json, name="order_json"),
    path("<slug:merchant>/t/<str:token>/push/", push.subscription, name="push"),
    path("<slug:merchant>/push-worker.js", push.worker, name="push_worker"),
    path("<slug:merchant>/t/<str:token>/answer/", asking.answer, name="answer"),
    path("<slug:merchant>/t/<str:token>/case/", asking.case, name="case"),
    path("<slug:merchant>/t/<str:token>/place/", place.place, name="place"),
    path("<slug:merchant>/t/<str:token>/cash/", cash.cash, name="cash"),
    path("<slug:merchant>/style/<str:version>.css", assets.style, name="style"),
    path("<slug:merchant>/logo/<str:version>", assets.logo, name="logo"),
]
