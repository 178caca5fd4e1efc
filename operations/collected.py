"""Which files `collectstatic` leaves out: what packages bring along and no page of ours loads."""

from __future__ import annotations

from django.contrib.staticfiles.apps import StaticFilesConfig


class CollectedFiles(StaticFilesConfig):
    """Without ReDoc, DRF's browsable pages and scripts' source maps: most of the bytes."""

    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        "redoc",
        "rest_framework",
        "*.js.map",
    ]
