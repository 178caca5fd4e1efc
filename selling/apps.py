"""What a shop offers on its shoppers' pages: promotions, and the catalogue they draw from."""

from __future__ import annotations

from django.apps import AppConfig


class SellingConfig(AppConfig):
    name = "selling"
