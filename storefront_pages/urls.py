"""Under /p/: a shop's look-up, an order's page, and what they load."""

from __future__ import annotations

from django.urls import path

from storefront_pages import (
    address_page,
    asking,
    assets,
    beacon,
    calendar_feed,
    cash,
    code_page,
    faq_page,
    feedback,
    frame,
    going,
    order_json,
    phone_page,
    place,
    preferences,
    push,
    said,
    share,
    unsubscribing,
    views,
)

app_name = "storefront"
urlpatterns = [
    path("<slug:merchant>/", views.lookup, name="lookup"),
    path("<slug:merchant>/faq/", faq_page.questions, name="questions"),
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
    path("<slug:merchant>/t/<str:token>/code/", code_page.code, name="code"),
    path("<slug:merchant>/t/<str:token>/address/", address_page.change, name="address"),
    path("<slug:merchant>/t/<str:token>/phone/", phone_page.phone, name="phone"),
    path("<slug:merchant>/t/<str:token>/feedback/", feedback.feedback, name="feedback"),
    path("<slug:merchant>/t/<str:token>/edd.ics", calendar_feed.calendar, name="calendar"),
    path("<slug:merchant>/t/<str:token>/share/", share.share, name="share"),
    path("<slug:merchant>/go/<int:promotion_id>/<slug:stage>/", going.go, name="go"),
    path(
        "<slug:merchant>/go/<int:promotion_id>/<slug:stage>/<int:product_id>/",
        going.go,
        name="go_product",
    ),
    path("<slug:merchant>/style/<str:version>.css", assets.style, name="style"),
    path("<slug:merchant>/logo/<str:version>", assets.logo, name="logo"),
    path("<slug:merchant>/icon/<str:version>", assets.icon, name="icon"),
    path("<slug:merchant>/share/<str:version>", assets.share_image, name="share_image"),
    path("<slug:merchant>/font/<str:digest>.woff2", assets.font, name="font"),
]
