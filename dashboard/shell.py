"""What every dashboard page has around it: navigation, account, and how it answers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, TypeVar

from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from merchants.access import MerchantRequest, may
from merchants.models import Role

#: (route, what it is called, icon, the role that sees it). Ten at most.
_NAV: Final[tuple[tuple[str, Promise, str, Role], ...]] = (
    ("home", _("Home"), "house", Role.VIEWER),
    ("orders", _("Orders"), "package", Role.VIEWER),
    ("carriers", _("Carriers"), "truck", Role.VIEWER),
    ("stores", _("Stores"), "store", Role.VIEWER),
    ("dates", _("Dates"), "calendar-clock", Role.VIEWER),
    ("messages", _("Messages"), "mail", Role.VIEWER),
    ("report_dates", _("Reports"), "chart-line", Role.VIEWER),
    ("brand", pgettext_lazy("how the shop's pages look", "Look"), "palette", Role.ADMIN),
    ("team", _("Team"), "users", Role.ADMIN),
    ("keys", pgettext_lazy("for programs", "API, webhooks"), "key-round", Role.ADMIN),
)
#: What stands in for an entry where the role may not see its page, but one beside it.
_INSTEAD: Final = {
    "brand": ("promotions", _("Promotions"), "palette"),
    "keys": ("webhooks", _("Webhooks"), "webhook"),
}
#: Pages that belong to an entry of another name.
_UNDER: Final = {
    "domains": "brand",
    "languages": "brand",
    "promotions": "brand",
    "questions": "brand",
    "webhooks": "keys",
    "report_feedback": "report_dates",
    "report_attempts": "report_dates",
}


Answer = TypeVar("Answer", bound=HttpResponse)


def address(request: MerchantRequest, route: str, *args: object) -> str:
    """The path of one of our pages for this merchant."""
    return reverse(f"dashboard:{route}", args=[request.merchant.slug, *args])


def page(
    request: MerchantRequest,
    template: str,
    context: dict[str, Any],
    *,
    current: str,
    status: int = 200,
) -> TemplateResponse:
    """A page inside the shell; `current` is the route whose entry is marked."""
    response = TemplateResponse(
        request, f"dashboard/{template}", shell(request, current) | context, status=status
    )
    return with_own_origin(response)


def with_own_origin(response: Answer) -> Answer:
    """Let this page's forms say where they come from.

    Under `no-referrer` browsers post with `Origin: null`, which Django's CSRF check refuses.
    Nothing leaves our own origin this way.
    """
    response.headers["Referrer-Policy"] = "same-origin"
    return response


def shell(request: MerchantRequest, current: str) -> dict[str, Any]:
    """The context of `app_base.html`."""
    user, slug = request.user, request.merchant.slug
    return {
        "merchant": {"name": request.merchant.name},
        "nav": [
            {
                "label": label,
                "url": address(request, route),
                "icon": icon,
                "current": route in {current, _UNDER.get(current)},
                "count": None,
            }
            for route, label, icon in _entries(request)
        ],
        "account": {
            "email": user.email,
            "name": user.name,
            "initials": initials(user.name or user.email),
            "role": Role(request.role).label,
        },
        "home_url": address(request, "home"),
        "desk_url": f"/desk/{slug}/",
        "sign_out_url": reverse("dashboard:logout"),
        "shops_url": f"{reverse('dashboard:entry')}?all",
        "setup_url": setup_url(request),
        "imports_url": address(request, "imports"),
        "other_language": other_language(),
        "may_change": may(request.role, Role.ADMIN),
        "may_act": may(request.role, Role.AGENT),
    }


def _entries(request: MerchantRequest) -> Iterator[tuple[str, Promise, str]]:
    for route, label, icon, needed in _NAV:
        if may(request.role, needed):
            yield route, label, icon
        elif route in _INSTEAD:
            yield _INSTEAD[route]


def setup_url(request: MerchantRequest) -> str:
    """Where the set-up goes on; empty once it has ended, and for who cannot do it."""
    if request.merchant.setup_ended_at is not None or not may(request.role, Role.ADMIN):
        return ""
    return address(request, "setup")


def other_language() -> dict[str, str]:
    """The switch between the two languages of the dashboard."""
    code, label = ("en", "English") if get_language() == "ar" else ("ar", "العربية")
    return {"code": code, "label": label, "url": reverse("dashboard:language")}


def initials(name: str) -> str:
    """One or two letters that stand for somebody."""
    words = [word for word in name.replace("@", " ").split() if word[0].isalnum()]
    return "".join(word[0] for word in words[:2]).upper() or "?"


def go(request: MerchantRequest, route: str, *args: object) -> HttpResponse:
    """After a change: see the page it led to (303, so that a reload repeats nothing)."""
    response = redirect(address(request, route, *args))
    response.status_code = 303
    return response
