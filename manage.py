#!/usr/bin/env python
"""Homeward's command line. `manage.py doctor` says what is configured and what is missing."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    # After the variable: both read the settings.
    from django.core.management import execute_from_command_line  # noqa: PLC0415

    from config.celery import app  # noqa: PLC0415

    app.set_default()
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
