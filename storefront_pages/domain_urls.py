"""All there is on a merchant's own domain: the two pages, their forms, and what they load."""

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
    going,
    phone_page,
    place,
    preferences,
    push,
    said,
    share,
    unsubscribing,
    views,
)

urlpatterns = [
    path("", views.lookup),
    path("faq/", faq_page.questions),
    path("t/<str:token>/", views.track),
    path("t/<str:token>/preferences/", preferences.preferences),
    path("t/<str:token>/unsubscribe/", unsubscribing.unsubscribe),
    path("t/<str:token>/seen/", beacon.beacon),
    path("t/<str:token>/messages/", said.messages),
    path("t/<str:token>/feed.json", said.feed),
    path("t/<str:token>/push/", push.subscription),
    path("push-worker.js", push.worker),
    path("t/<str:token>/answer/", asking.answer),
    path("t/<str:token>/case/", asking.case),
    path("t/<str:token>/place/", place.place),
    path("t/<str:token>/cash/", cash.cash),
    path("t/<str:token>/code/", code_page.code),
    path("t/<str:token>/address/", address_page.change),
    path("t/<str:token>/phone/", phone_page.phone),
    path("t/<str:token>/feedback/", feedback.feedback),
    path("t/<str:token>/edd.ics", calendar_feed.calendar),
    path("t/<str:token>/share/", share.share),
    path("go/<int:promotion_id>/<slug:stage>/", going.go),
    path("go/<int:promotion_id>/<slug:stage>/<int:product_id>/", going.go),
    path("style/<str:version>.css", assets.style),
    path("logo/<str:version>", assets.logo),
    path("icon/<str:version>", assets.icon),
    path("share/<str:version>", assets.share_image),
    path("font/<str:digest>.woff2", assets.font),
]
