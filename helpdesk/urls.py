"""The desk's addresses, below `desk/`."""

from __future__ import annotations

from django.urls import path

from helpdesk import case_views, views, written_views

app_name = "helpdesk"

urlpatterns = [
    path("", views.choose, name="choose"),
    path("<slug:merchant>/", views.desk, name="desk"),
    path("<slug:merchant>/orders/<int:order_id>/", views.story, name="story"),
    path("<slug:merchant>/orders/<int:order_id>/notes/", views.note, name="note"),
    path("<slug:merchant>/orders/<int:order_id>/cases/", case_views.case_open, name="case_open"),
    path("<slug:merchant>/cases/<int:case_id>/", case_views.case, name="case"),
    path("<slug:merchant>/scans/<int:event_id>/", case_views.scan_rule, name="scan_rule"),
    path("<slug:merchant>/written/", written_views.unanswered_page, name="unanswered"),
    path("<slug:merchant>/written/<int:written_id>/", written_views.act, name="written"),
    path("<slug:merchant>/answers/<int:answer_id>/", case_views.answer, name="answer"),
]
