"""All texts: what is ours, what the shop wrote, what is broken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from dashboard.message_log import message_tabs
from dashboard.shell import address, page
from dashboard.templates.approval import missing, words_of
from dashboard.templates.choosing import (
    kinds,
    language_name,
    languages_of,
    own_of,
    path_of,
    what_goes,
)
from merchants.access import MerchantRequest, member_view
from merchants.models import Role
from notifications.channels.registry import Kind
from notifications.models import Template
from notifications.templates.keeping import Which
from notifications.triggers import PHASE_LABELS, TRIGGERS
from notifications.whatsapp.opening import Templates, templates_of


@require_safe
@member_view(Role.ADMIN)
def templates(request: MerchantRequest) -> HttpResponseBase:
    """One row a topic, one column a channel, in one language."""
    languages = languages_of(request.merchant)
    wish = request.GET.get("language", "")
    language = wish if wish in languages else languages[0]
    own = own_of(request.merchant)
    columns = kinds()
    forms = templates_of(request.merchant.pk)
    context = {
        "views": message_tabs(request, "templates"),
        "sentence": _sentence(own),
        "languages": [
            {
                "label": language_name(one),
                "url": f"{address(request, 'templates')}?language={one}",
                "current": one == language,
                "count": sum(which.language == one for which in own) or None,
            }
            for one in languages
        ],
        "columns": [kind.label for kind in columns],
        "phases": _phases(request, columns, language, own, forms),
        "regional": _regional(request, own, language),
        "missing": _missing(request, language),
        "hand_in_url": address(request, "templates_hand_in", language),
        "prices_url": address(request, "message_prices"),
    }
    return page(request, "templates/list.html", context, current="messages")


def _sentence(own: Mapping[Which, Template]) -> str:
    if not own:
        return _("Every message goes in our words. You can write your own for each of them.")
    broken = sum(bool(row.problem) for row in own.values())
    if broken:
        return ngettext(
            "%(n)s of your texts cannot be used, so ours goes instead",
            "%(n)s of your texts cannot be used, so ours go instead",
            broken,
        ) % {"n": broken}
    return ngettext(
        "%(n)s text is yours, all others are ours", "%(n)s texts are yours, all others are ours",
        len(own),
    ) % {"n": len(own)}  # fmt: skip


def _phases(
    request: MerchantRequest,
    columns: Sequence[Kind],
    language: str,
    own: Mapping[Which, Template],
    forms: Templates,
) -> list[dict[str, Any]]:
    found = []
    for phase, label in PHASE_LABELS.items():
        rows = [
            {
                "label": trigger.label,
                "cells": [
                    _cell(request, Which(topic, kind.slug, language), own)
                    | {
                        "also": words_of(forms.get((topic, language)))
                        if kind.needs_approval
                        else ""
                    }
                    for kind in columns
                ],
            }
            for topic, trigger in TRIGGERS.items()
            if trigger.phase is phase
        ]
        found.append({"label": label, "rows": rows})
    return found


def _missing(request: MerchantRequest, language: str) -> str:
    """How many messages wait for a template; "" for none."""
    found = len(missing(request.merchant, language))
    if not found:
        return ""
    return ngettext(
        "%(n)s message that WhatsApp should tell was never handed in to it, in this language. It "
        "goes by the next channel.",
        "%(n)s messages that WhatsApp should tell were never handed in to it, in this language. "
        "They go by the next channel.",
        found,
    ) % {"n": found}


def _cell(request: MerchantRequest, which: Which, own: Mapping[Which, Template]) -> dict[str, str]:
    tone, words = what_goes(which, own)
    return {"url": path_of(request, which), "tone": tone, "words": words}


def _regional(
    request: MerchantRequest, own: Mapping[Which, Template], language: str
) -> list[dict[str, str]]:
    """Texts of this language for one country only."""
    found = [which for which in own if which.language.startswith(f"{language}-")]
    return [
        {
            "label": f"{TRIGGERS[which.topic].label} · {language_name(which.language)}",
            **_cell(request, which, own),
        }
        for which in found
        if which.topic in TRIGGERS
    ]
