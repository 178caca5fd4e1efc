"""`/hooks/<kind>/<slug>/<token>/`; without token for app-wide hooks. The last slash may lack."""

from __future__ import annotations

from django.urls import re_path

from hooks.views import handshake, hook, meta_handshake

urlpatterns = [
    re_path(r"^templates/meta/?$", meta_handshake, name="meta_handshake"),
    re_path(r"^(?P<kind>[a-z]+)/(?P<slug>[a-z0-9_]+)/?$", hook, name="hook_app_wide"),
    re_path(r"^(?P<kind>[a-z]+)/(?P<slug>[a-z0-9_]+)/(?P<token>[\w-]{8,60})/?$", hook, name="hook"),
    re_path(
        r"^store/(?P<platform>[a-z0-9_]+)/connect/(?P<token>[\w-]{8,60})/?$",
        handshake,
        name="store_handshake",
    ),
]
