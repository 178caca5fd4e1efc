"""The application as in production, with two views more: the limits that the page is held to."""

from django.conf import settings

from config.wsgi import application

__all__ = ["application"]

# Addresses are read at the first request.
settings.ROOT_URLCONF = "benchmarks.urls"
