"""Under /demo/shop/: one shop a merchant."""

from __future__ import annotations

from django.urls import path

from demo.shop import after, views

app_name = "demo-shop"
urlpatterns = [
    path("<slug:merchant>/", views.shelf, name="shelf"),
    path("<slug:merchant>/goods/<slug:product>/", views.product, name="product"),
    path("<slug:merchant>/cart/", views.cart, name="cart"),
    path("<slug:merchant>/place/", views.place, name="place"),
    path("<slug:merchant>/checkout/", views.checkout, name="checkout"),
    path("<slug:merchant>/thanks/", after.thanks, name="thanks"),
    path("<slug:merchant>/backstage/", after.backstage, name="backstage"),
]
