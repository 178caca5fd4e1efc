"""A wrong setting ends every process with one sentence instead of a page of calls."""

from __future__ import annotations

import sys

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


def settings_or_exit() -> None:
    """Read the settings now; exit 1 with the sentence that says what is wrong with them."""
    try:
        str(settings.SECRET_KEY)
    except ImproperlyConfigured as error:
        sys.exit(f"Homeward does not start: {error}")
