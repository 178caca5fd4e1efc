"""WhatsApp's approval: how a text's template stands, and handing it in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django.views.decorators.http import require_POST

from dashboard.shell import address
from dashboard.templates.choosing import Chosen, chosen, kinds, languages_of, path_of
from merchants.access import MerchantRequest, member_view, record
from merchants.models import Merchant, Role
from notifications.models import WhatsAppTemplate
from notifications.rules import rules_of
from notifications.whatsapp.opening import templates_of
from notifications.whatsapp.registering import want

_State = WhatsAppTemplate.State
#: Tone, icon, word.
_LOOKS: Final[Mapping[str, tuple[str, str, Promise]]] = {
    _State.PENDING: ("wait", "clock", gettext_lazy("Waiting for WhatsApp")),
    _State.APPROVED: ("good", "circle-check", pgettext_lazy("by WhatsApp", "Approved")),
    _State.REJECTED: ("act", "ban", pgettext_lazy("by WhatsApp", "Refused")),
    _State.PAUSED: ("act", "circle-pause", pgettext_lazy("by WhatsApp", "Paused")),
    _State.DISABLED: ("act", "ban", pgettext_lazy("by WhatsApp", "Disabled")),
}


@require_POST
@member_view(Role.ADMIN)
def template_hand_in(
    request: MerchantRequest, topic: str, channel: str, language: str
) -> HttpResponseBase:
    """This text is to be handed in."""
    text = chosen(topic, channel, language)
    if not text.kind.needs_approval or text.which.language != text.written_in:
        raise Http404
    want(merchant=request.merchant, topics=[topic], language=language)
    _note(request, language, [topic])
    response = redirect(path_of(request, text.which))
    response.status_code = 303
    return response


@require_POST
@member_view(Role.ADMIN)
def templates_hand_in(request: MerchantRequest, language: str) -> HttpResponseBase:
    """Every message that WhatsApp tells and that has no template yet, in this language."""
    if language not in languages_of(request.merchant):
        raise Http404
    topics = missing(request.merchant, language)
    want(merchant=request.merchant, topics=topics, language=language)
    _note(request, language, topics)
    response = redirect(f"{address(request, 'templates')}?language={language}")
    response.status_code = 303
    return response


def missing(merchant: Merchant, language: str) -> list[str]:
    """What is told by WhatsApp and was never handed in, in this language; in the merchant's
    scope."""
    slugs = {kind.slug for kind in kinds() if kind.needs_approval}
    there = {topic for topic, tag in templates_of(merchant.pk) if tag == language}
    told = [
        str(rule.trigger.slug)
        for rule in rules_of(merchant)
        if rule.is_on and any(slugs.intersection(chain) for chain in rule.ways)
    ]
    return [topic for topic in dict.fromkeys(told) if topic not in there]


def words_of(row: WhatsAppTemplate | Literal[False] | None) -> str:
    """How it stands, in a word; "" where nothing was handed in, or nothing need be."""
    if not row:
        return ""
    return str(_LOOKS[row.state][2])


def approval_facts(request: MerchantRequest, text: Chosen) -> dict[str, Any] | None:
    """For the editor; None on a channel that needs no approval."""
    if not text.kind.needs_approval:
        return None
    row = WhatsAppTemplate.objects.filter(
        topic=text.which.topic, language=text.written_in
    ).first()  # fmt: skip
    tone, icon, label = _LOOKS[row.state] if row else ("quiet", "circle-dashed", _("Not handed in"))
    waits = row is not None and row.is_wanted
    return {
        "tone": tone,
        "icon": icon,
        "label": _("About to be handed in") if waits else label,
        "reason": row.reason if row else "",
        "moved": _moved(row) if row else "",
        "body": row.body if row else "",
        "can": not waits and text.which.language == text.written_in,
        "again": bool(row and row.body),
        "url": path_of(request, text.which, "template_hand_in"),
    }


def _moved(row: WhatsAppTemplate) -> str:
    if not row.recategorised_to:
        return ""
    return _(
        "WhatsApp counts it as %(category)s. It costs more then, and goes only to customers who "
        "agreed to offers."
    ) % {"category": row.recategorised_to.lower()}


def _note(request: MerchantRequest, language: str, topics: list[str]) -> None:
    record(
        merchant=request.merchant, user=request.user, action="whatsapp.handed_in",
        subject=", ".join([language, *topics]),
    )  # fmt: skip
    words = ngettext(
        "%(n)s text is handed in. WhatsApp mostly answers within minutes.",
        "%(n)s texts are handed in. WhatsApp mostly answers within minutes.",
        len(topics),
    )
    messages.success(request, words % {"n": len(topics)})
