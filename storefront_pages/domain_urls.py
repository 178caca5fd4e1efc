"""All there is on a merchant's own domain: the two pages, their forms, and what they load."""

from __future__ import annotations

from django.urls import path

from storefront_pages import asking, assets, views

urlpatterns = [
    path("", views.lookup),
    path("t/<str:token>/", views.track),
    path("t/<str:token>/answer/", asking.answer),
    path("t/<str:token>/case/", asking.case),
    path("style/<str:version>.css", assets.style),
    path("logo/<str:version>", assets.logo),
]
