"""The production settings, with two addresses more and the static files where they lie.

Only the names of static files are in the pages that are measured; collecting and
compressing them for that takes longer than the benchmark.
"""

from config.settings import *  # noqa: F403
from config.settings import STORAGES

ROOT_URLCONF = "benchmarks.urls"
STORAGES = STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}
