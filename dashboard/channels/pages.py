"""The channels: how each stands, one by one, and through whom."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponseBase
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dashboard.channels.forms import TestForm
from dashboard.channels.words import (
    ABOUT,
    domain_rows,
    is_connected,
    keys_are_lost,
    may_check_domain,
    provider_of,
    state_of,
)
from dashboard.clock import Clock, clock_for
from dashboard.form_fields import components
from dashboard.message_log import message_tabs
from dashboard.shell import address, page
from lib.formats import listing
from merchants.access import MerchantRequest, member_view
from merchants.models import Role
from notifications.channels.domain_watch import found_of
from notifications.channels.forms import Provider
from notifications.channels.registry import CHANNELS, Kind, Reach
from notifications.models import ChannelSetting
from notifications.rules import channels_on


@require_safe
@member_view(Role.ADMIN)
def channels(request: MerchantRequest) -> HttpResponseBase:
    """Every channel with its state."""
    rows = {row.channel: row for row in ChannelSetting.objects.all()}
    names = [str(kind.label) for kind in channels_on(request.merchant)]
    told = listing(names, get_language() or "en")
    context = {
        "views": message_tabs(request, "channels"),
        "sentence": _("Customers are told by %(channels)s.") % {"channels": told}
        if names
        else _("Nothing is sent: every channel is off."),
        "channels": [_card(request, kind, rows.get(kind.slug)) for kind in CHANNELS.values()],
    }
    return page(request, "channels/channels.html", context, current="messages")


def _card(request: MerchantRequest, kind: Kind, row: ChannelSetting | None) -> dict[str, Any]:
    return {
        "label": kind.label,
        "icon": kind.icon,
        "about": ABOUT.get(kind.slug, ""),
        "state": state_of(kind, row),
        "url": address(request, "channel", kind.slug),
    }


def kind_or_404(slug: str) -> Kind:
    if slug not in CHANNELS:
        raise Http404
    return CHANNELS[slug]


@require_safe
@member_view(Role.ADMIN)
def channel(request: MerchantRequest, channel: str) -> HttpResponseBase:
    """One channel."""
    return channel_page(request, kind_or_404(channel))


def channel_page(
    request: MerchantRequest, kind: Kind, test: TestForm | None = None
) -> HttpResponseBase:
    """The page; `test` is a form that was refused."""
    row = ChannelSetting.objects.filter(channel=kind.slug).first()
    provider = provider_of(kind, row)
    ready = is_connected(kind, row)
    context = {
        "crumbs": [{"label": _("Channels"), "url": address(request, "channels")}],
        "title": kind.label,
        "about": ABOUT.get(kind.slug, ""),
        "state": state_of(kind, row),
        "keys_are_lost": keys_are_lost(kind, row),
        "facts": _facts(request, kind, row),
        "is_ready": ready,
        "is_on": row.is_on if row else kind.is_on,
        "switch_url": address(request, "channel_switch", kind.slug),
        "providers": [
            {
                "name": one.label,
                "url": address(request, "channel_account", kind.slug, one.slug),
                "detail": one.about,
            }
            for one in kind.providers.values()
            if one is not provider
        ],
        "own": _own(request, kind, provider, row),
        "domain": _domain(request, row),
        "test": _test(request, kind, test) if ready else None,
        "feed": _feed(request) if kind.reach is Reach.FEED else None,
        "needs_handle": kind.reach is Reach.HANDLE,
        "handles_url": f"{settings.BASE_URL}/api/v1/handles/",
    }
    status = 400 if test is not None and test.errors else 200
    return page(request, "channels/channel.html", context, current="messages", status=status)


def _facts(
    request: MerchantRequest, kind: Kind, row: ChannelSetting | None
) -> list[dict[str, Any]]:
    provider, clock = provider_of(kind, row), clock_for(request.merchant)
    if provider is None or row is None:
        sender = kind.sender()
        return [{"label": _("Sent as"), "value": sender, "mono": True}] if sender else []
    facts: list[dict[str, Any]] = [{"label": _("Through"), "value": provider.label}]
    if row.sender:
        facts.append({"label": _("Sent as"), "value": row.sender, "mono": True})
    since = row.config.get("secrets_since", "")
    if since and row.secrets:
        facts.append(_moment(_("Keys kept since"), datetime.fromisoformat(since), clock))
    if row.checked_at:
        facts.append(_moment(_("Last looked at"), row.checked_at, clock))
    return facts


def _moment(label: str, at: datetime, clock: Clock) -> dict[str, Any]:
    return {"label": label, "value": clock.spoken(at), "iso": clock.iso(at)}


def _own(
    request: MerchantRequest, kind: Kind, provider: Provider | None, row: ChannelSetting | None
) -> dict[str, Any] | None:
    if provider is None or row is None:
        return None
    path = row.config.get("hook", "")
    return {
        "provider": provider.label,
        "docs": provider.docs,
        "hook": f"{settings.BASE_URL}{path}" if path else "",
        "change_url": address(request, "channel_account", kind.slug, provider.slug),
        "leave_url": address(request, "channel_leave", kind.slug),
    }


def _domain(request: MerchantRequest, row: ChannelSetting | None) -> dict[str, Any] | None:
    if row is None or not may_check_domain(row):
        return None
    return {
        "name": row.sender.rpartition("@")[2],
        "checks": domain_rows(found_of(row)),
        "is_right": row.checked_at is not None and not row.problem,
        "check_url": address(request, "channel_check", row.channel),
    }


def _test(request: MerchantRequest, kind: Kind, form: TestForm | None) -> dict[str, Any] | None:
    if kind.reach in {Reach.FEED, Reach.BROWSER}:
        return None
    fields = []
    if kind.reach is not Reach.EMAIL:
        fields = components(form or TestForm(kind, request.merchant.country))
    return {
        "url": address(request, "channel_test", kind.slug),
        "fields": fields,
        "to": request.user.email if kind.reach is Reach.EMAIL else "",
    }


def _feed(request: MerchantRequest) -> dict[str, str]:
    base = f"{settings.BASE_URL}/p/{request.merchant.slug}"
    return {"url": f"{base}/t/…/feed.json", "api": f"{settings.BASE_URL}/api/v1/messages/"}
