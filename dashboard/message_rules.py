"""What is sent, by which channel: the merchant's switches."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, Final

from django.contrib import messages
from django.http import HttpResponseBase
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dashboard.message_log import message_tabs
from dashboard.shell import address, go, page
from lib.formats import listing
from lib.vocabulary import Milestone
from lib.words import MILESTONE_LABELS
from merchants.access import MerchantRequest, member_view, record
from merchants.models import Merchant, Role
from notifications.channels.accounts import ready_for
from notifications.channels.registry import CHANNELS, Kind, Reach, label_of
from notifications.models import ChannelSetting
from notifications.rules import channels_on, rules_of, save_rule, topics_on
from notifications.texts import ADDRESS

#: What a channel is good for, and what to mind.
_ABOUT: Final[dict[str, Promise]] = {
    "email": gettext_lazy("A letter in your look. Customers can unsubscribe with one click."),
    "whatsapp": gettext_lazy(
        "Switch it on if customers agree to it when they order. It costs a little for each message."
    ),
    "sms": gettext_lazy(
        "A short text without a link, because links are filtered in many countries. It costs a "
        "little for each part."
    ),
    "webpush": gettext_lazy(
        "A note in the browser of customers who ask for it on their order’s page."
    ),
}
#: What each channel may tell, in the order of an order's way.
_TOPICS: Final[dict[str, Promise | str]] = {
    Milestone.PLACED: MILESTONE_LABELS[Milestone.PLACED],
    ADDRESS: gettext_lazy("Address not complete"),
    **{str(milestone): label for milestone, label in MILESTONE_LABELS.items()},
}
_SENDER: Final = re.compile(r"\+[1-9]\d{6,14}|[A-Za-z0-9 ]{3,11}")


@require_http_methods(["GET", "POST"])
@member_view(Role.ADMIN)
def message_rules(request: MerchantRequest) -> HttpResponseBase:
    """The channels, and for each what it tells about."""
    errors: dict[str, str] = {}
    if request.method == "POST":
        errors = _sender_errors(request)
        if not errors:
            changed = _save(request)
            if changed:
                record(
                    merchant=request.merchant, user=request.user,
                    action="messages.changed", **changed,
                )  # fmt: skip
            messages.success(request, _("Saved. It counts from the next message on."))
            return go(request, "message_rules")
    usable = ready_for(request.merchant.pk)
    channels = [_channel(request, kind, usable, errors) for kind in CHANNELS.values()]
    context = {
        "views": message_tabs(request, "rules"),
        "sentence": _sentence(request.merchant),
        "channels": channels,
        "columns": [{"slug": kind.slug, "label": kind.label} for kind in usable],
        "rows": _rows(request.merchant, usable),
        "waits": request.merchant.sends_own_confirmations is not False,
        "addresses_url": address(request, "addresses"),
        "cash_url": address(request, "cash"),
        "one_ring": sum(kind.reach is Reach.PHONE for kind in usable) > 1,
    }
    status = 400 if errors else 200
    return page(request, "message_rules.html", context, current="messages", status=status)


def _sentence(merchant: Merchant) -> str:
    names = [str(kind.label) for kind in channels_on(merchant)]
    if not names:
        return _("Nothing is sent: every channel is off.")
    told = listing(names, get_language() or "en")
    return _("Customers are told by %(channels)s.") % {"channels": told}


def _channel(
    request: MerchantRequest, kind: Kind, usable: list[Kind], errors: dict[str, str]
) -> dict[str, Any]:
    row = ChannelSetting.objects.filter(channel=kind.slug).first()
    has_sender = kind.reach is Reach.PHONE
    typed = request.POST.get(f"sender_{kind.slug}")
    return {
        "slug": kind.slug,
        "label": kind.label,
        "icon": kind.icon,
        "about": _ABOUT.get(kind.slug, ""),
        "is_ready": kind in usable,
        "is_on": row.is_on if row else kind.is_on,
        # Through an account of one's own it belongs to the account.
        "has_sender": has_sender and kind.is_ready() and not (row and row.provider),
        "url": address(request, "channel", kind.slug),
        "sender": typed if typed is not None else (row.sender if row else ""),
        "error": errors.get(kind.slug, ""),
    }


def _rows(merchant: Merchant, kinds: list[Kind]) -> list[dict[str, Any]]:
    """One row a milestone or question: whether each channel tells about it."""
    rules = rules_of(merchant)
    on = {kind.slug: topics_on(rules, channel=kind.slug) for kind in kinds}
    return [
        {
            "label": label,
            "cells": [
                {
                    "name": f"tell_{kind.slug}_{topic}",
                    "label": f"{label}, {kind.label}",
                    "checked": topic in on[kind.slug],
                }
                for kind in kinds
            ],
        }
        for topic, label in _TOPICS.items()
    ]


def _sender_errors(request: MerchantRequest) -> dict[str, str]:
    """What is wrong with a sender, by channel."""
    return {
        kind.slug: _("Enter a number such as +97141234567, or a name of 3 to 11 letters.")
        for kind in CHANNELS.values()
        if (typed := request.POST.get(f"sender_{kind.slug}", "").strip())
        and not _SENDER.fullmatch(typed)
    }


def _save(request: MerchantRequest) -> dict[str, Any]:
    """Write the switches; returns what changed, for the activity log."""
    merchant, changed = request.merchant, {}
    for kind in ready_for(merchant.pk):
        is_on = f"use_{kind.slug}" in request.POST
        sender = request.POST.get(f"sender_{kind.slug}", "").strip()
        before = ChannelSetting.objects.filter(channel=kind.slug).first()
        was = before.is_on if before else kind.is_on
        if was != is_on:
            changed[label_of(kind.slug)] = [was, is_on]
        typed = {"sender": sender} if f"sender_{kind.slug}" in request.POST else {}
        ChannelSetting.objects.update_or_create(
            merchant=merchant, channel=kind.slug, defaults={"is_on": is_on, **typed}
        )
        told = {topic for topic in _TOPICS if f"tell_{kind.slug}_{topic}" in request.POST}
        differs = (told ^ topics_on(rules_of(merchant), channel=kind.slug)) & set(_TOPICS)
        for topic in sorted(differs):
            changed[f"{label_of(kind.slug)}: {topic}"] = [topic not in told, topic in told]
            _switch(merchant, topic, kind.slug, is_on=topic in told)
    return changed


def _switch(merchant: Merchant, topic: str, channel: str, *, is_on: bool) -> None:
    """Tell this topic by this channel as well, or no longer."""
    rule = next(one for one in rules_of(merchant) if one.slug == topic)
    ways = rule.ways if rule.is_on else ()
    kept = [tuple(slug for slug in chain if slug != channel) for chain in ways]
    chains = [chain for chain in kept if chain] + ([(channel,)] if is_on else [])
    save_rule(merchant=merchant, ruling=replace(rule, is_on=bool(chains), ways=chains))
