"""The channels as the journey shows them: which are on, which are not set up, and their senders."""

from __future__ import annotations

import re
from typing import Any, Final

from django.contrib import messages
from django.http import HttpResponseBase
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from dashboard.shell import address, go
from merchants.access import MerchantRequest, member_view, record
from merchants.models import Role
from notifications.channels.registry import CHANNELS, Kind, Reach, label_of
from notifications.models import ChannelSetting

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
_SENDER: Final = re.compile(r"\+[1-9]\d{6,14}|[A-Za-z0-9 ]{3,11}")


def channel_block(request: MerchantRequest) -> dict[str, Any]:
    """For `flows/_channels.html`; in the merchant's scope."""
    rows = {row.channel: row for row in ChannelSetting.objects.all()}
    return {
        "url": address(request, "message_channels"),
        "ways": [_shown(kind, rows.get(kind.slug)) for kind in CHANNELS.values()],
    }


def _shown(kind: Kind, row: ChannelSetting | None) -> dict[str, Any]:
    return {
        "slug": kind.slug,
        "label": kind.label,
        "icon": kind.icon,
        "about": _ABOUT.get(kind.slug, ""),
        "is_ready": kind.is_ready(),
        "is_on": row.is_on if row else kind.is_on,
        "has_sender": kind.reach is Reach.PHONE and kind.is_ready(),
        "sender": row.sender if row else "",
    }


@require_POST
@member_view(Role.ADMIN)
def message_channels(request: MerchantRequest) -> HttpResponseBase:
    """Keep which channels are on, and under which names they send."""
    wrong = [kind for kind in _set_up() if not _is_sender(_typed(request, kind))]
    if wrong:
        text = _("Enter a number such as +97141234567, or a name of 3 to 11 letters.")
        messages.error(request, text)
        return go(request, "message_rules")
    changed: dict[str, Any] = {}
    for kind in _set_up():
        is_on = f"use_{kind.slug}" in request.POST
        before = ChannelSetting.objects.filter(channel=kind.slug).first()
        was = before.is_on if before else kind.is_on
        if was != is_on:
            changed[label_of(kind.slug)] = [was, is_on]
        ChannelSetting.objects.update_or_create(
            merchant=request.merchant, channel=kind.slug,
            defaults={"is_on": is_on, "sender": _typed(request, kind)},
        )  # fmt: skip
    if changed:
        record(merchant=request.merchant, user=request.user, action="messages.changed", **changed)
    messages.success(request, _("Saved. It counts from the next message on."))
    return go(request, "message_rules")


def _set_up() -> list[Kind]:
    return [kind for kind in CHANNELS.values() if kind.is_ready()]


def _typed(request: MerchantRequest, kind: Kind) -> str:
    return request.POST.get(f"sender_{kind.slug}", "").strip()


def _is_sender(typed: str) -> bool:
    return not typed or bool(_SENDER.fullmatch(typed))
