"""Asking for a dry run from a page."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from dashboard.doorbell import run_dry_run
from dashboard.shell import go
from merchants.access import MerchantRequest, record
from notifications.dry_run.asking import AtWork, TooMany, ask
from notifications.rules import Ruling


def ask_for(request: MerchantRequest, tried: Ruling | None) -> HttpResponseBase:
    """Queue the run and go where it can be watched."""
    try:
        run = ask(merchant=request.merchant, user=request.user, tried=tried, now=timezone.now())
    except AtWork:
        messages.info(request, _("A run is at work already. Here is how far it is."))
        return go(request, "message_tries")
    except TooMany:
        messages.error(
            request, _("That was tried very often today. Tomorrow it can be tried again.")
        )
        return go(request, "message_tries")
    subject = (tried.name or str(tried.trigger.slug)) if tried else ""
    record(merchant=request.merchant, user=request.user, action="rules.tried", subject=subject)
    run_dry_run(run.pk)
    return go(request, "message_try", run.pk)
