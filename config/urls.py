"""Every address of the application: one door a kind of visitor."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from operations.domain_check import domain_check
from operations.health import healthz, readyz
from operations.metrics import metrics

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
    path("internal/domain-check", domain_check, name="domain_check"),
    path("hooks/", include("hooks.urls")),
    path("api/", include("api.urls")),
    path("p/", include("storefront_pages.urls")),
    path("w/", include("storefront_pages.widget_urls")),
    path("app/", include("dashboard.urls")),
    path("desk/", include("helpdesk.urls")),
    path("", RedirectView.as_view(url="/app/", permanent=False), name="root"),
]
if settings.ANYMAIL_WEBHOOK_SECRET:
    # Without the shared secret anybody could post receipts: then there is no such address.
    urlpatterns.append(path("anymail/", include("anymail.urls")))
if settings.DEMO or settings.TESTING:
    urlpatterns.append(path("demo/", include("demo.urls")))
