"""WSGI entry point. The scope is SET LOCAL inside a transaction, on a thread's own connection:
threads may serve requests side by side, an event loop may not."""

import os
from datetime import UTC, datetime

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
from config.celery import app as celery_app
from operations.start import refuse_wrong_database

celery_app.set_default()
application = get_wsgi_application()
refuse_wrong_database()
# Before the workers are forked, or each would read all the views within its first request.
get_resolver().url_patterns  # noqa: B018

from storefront_pages import widget_answers  # noqa: E402 - its models need the application

# A shop's page waits 50 ms for its date, the first one too.
widget_answers.warm(now=datetime.now(UTC))
