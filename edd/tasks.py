"""Background work of dates: nothing here runs in a transaction but what it opens itself."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from edd import quote_counts
from merchants.scope import every_merchant


@shared_task(name="edd.write_quote_counts")
def write_quote_counts() -> int:
    """Write down how many quotes were given."""
    with every_merchant("quotes of all merchants wait in one hash"):
        written = quote_counts.write_down(now=timezone.now())
    if written:
        quote_counts.clear_taken()
    return written


@shared_task(name="edd.forget_quote_counts")
def forget_quote_counts() -> int:
    """Drop counts that are old."""
    with every_merchant("what is old is so for all merchants"):
        return quote_counts.forget(now=timezone.now())
