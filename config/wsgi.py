"""WSGI entry point: the scope is SET LOCAL inside a transaction, so the server is synchronous."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
from config.celery import app as celery_app

celery_app.set_default()
application = get_wsgi_application()
