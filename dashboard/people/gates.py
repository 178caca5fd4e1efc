"""The pages before the door: one form each, one primary button, the way to the other doors."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dashboard.form_fields import components, general_error
from dashboard.shell import other_language, with_own_origin
from lib.limits import client_address, count
from lib.signing import fingerprint

#: Mails and guesses in an hour: enough for a family behind one address, too few for a nuisance.
PER_ADDRESS: Final = (20, 3600)
PER_EMAIL: Final = (5, 3600)

TOO_OFTEN: Final = _("Too many tries. Wait an hour, then try again.")
NOT_SENT: Final = _("The mail could not be sent just now. Try again in a few minutes.")

Words = str | Promise


def is_too_often(
    request: HttpRequest,
    what: str,
    email: str = "",
    *,
    per_address: tuple[int, int] = PER_ADDRESS,
    per_email: tuple[int, int] = PER_EMAIL,
) -> bool:
    """Counted before anything is looked at; the same for addresses that we know and do not.

    Limits are (tries, seconds); both counts always move.
    """
    limit, seconds = per_address
    over = count(f"{what}:{client_address(request)}", limit=limit, seconds=seconds).is_over
    if email:
        limit, seconds = per_email
        who = fingerprint(email.strip().lower())[:24]
        over = count(f"{what}:{who}", limit=limit, seconds=seconds).is_over or over
    return over


def link_to(route: str, label: Words) -> dict[str, Words]:
    return {"url": reverse(f"dashboard:{route}"), "label": label}


def gate(
    request: HttpRequest, form: Any, *, title: Words, submit: Words, status: int = 200, **rest: Any
) -> HttpResponse:
    """One form at the door. `rest`: sentence, error, who (an address), links, action."""
    context = {
        "title": title,
        "submit": submit,
        "fields": components(form),
        "error": rest.pop("error", "") or general_error(form),
        "other_language": other_language(),
        "links": [],
    }
    page = render(request, "people/gate.html", context | rest, status=status)
    return with_own_origin(page)


def over(request: HttpRequest, *links: dict[str, Words], advice: Words = "") -> HttpResponse:
    """A link that was used, is too old, or was never ours: one answer, and what to do."""
    context = {"links": links, "advice": advice}
    return render(request, "people/over.html", context, status=404)


def sent(request: HttpRequest, *, email: str, again: str, note: Words = "") -> HttpResponse:
    """Look in your mailbox. The same page whoever the address belongs to."""
    context = {
        "email": email,
        "again_url": again,
        "note": note,
        "mailbox_url": "/demo/mailbox/" if settings.DEMO else "",
        "links": [link_to("login", _("Sign in"))],
        "other_language": other_language(),
    }
    return with_own_origin(render(request, "people/sent.html", context))
