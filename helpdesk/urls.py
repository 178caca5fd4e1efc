"""The desk's addresses, below `desk/`."""

from __future__ import annotations

from django.urls import path

from helpdesk import views

app_name = "helpdesk"

urlpatterns = [
    path("", views.choose, name="choose"),
    path("<slug:merchant>/", views.desk, name="desk"),
    path("<slug:merchant>/orders/<int:order_id>/", views.story, name="story"),
    path("<slug:merchant>/orders/<int:order_id>/notes/", views.note, name="note"),
]
