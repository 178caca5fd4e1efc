"""What the home page says of the shop's own domains."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from dashboard.shell import address
from lib.domain_names import shown
from merchants.access import MerchantRequest, may
from merchants.domains import GRACE, TOLD_AFTER, domains_of
from merchants.models import Domain, Role

#: How long news of a domain stands there.
_NEWS: Final = timedelta(days=3)
_LOST: Final = timedelta(days=30)


def domain_todos(request: MerchantRequest, *, now: datetime) -> list[dict[str, Any]]:
    """Things to do (`components/todo.html`), for those who may do them; one query."""
    if not may(request.role, Role.ADMIN):
        return []
    found = [_about(one, now) for one in domains_of(request.merchant.pk)]
    url = address(request, "domains")
    return [
        {
            "tone": tone, "icon": icon, "count": None, "url": url, "sentence": sentence,
            "detail": detail, "action": pgettext("to do", "Look"),
        }
        for tone, icon, sentence, detail in filter(None, found)
    ]  # fmt: skip


def _about(domain: Domain, now: datetime) -> tuple[str, str, str, str] | None:
    name = {"domain": shown(domain.host)}
    failing = domain.failing_since
    if domain.lost_at and domain.lost_at > now - _LOST:
        sentence = _("%(domain)s no longer serves your pages") % name
        return "act", "unplug", sentence, _("Links in messages no longer lead there.")
    if domain.verified_at and failing and failing <= now - TOLD_AFTER:
        sentence = _("The DNS records of %(domain)s are missing") % name
        if failing <= now - GRACE:
            return "act", "unplug", sentence, _("Links in messages no longer lead there.")
        return "act", "unplug", sentence, _("Links in messages will soon lead elsewhere.")
    if domain.checked_at and domain.verified_at and domain.verified_at > now - _NEWS:
        sentence = _("%(domain)s is connected") % name
        return "moving", "globe", sentence, _("Your pages are served at your own domain.")
    return None
