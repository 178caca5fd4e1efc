"""The pages of registered texts: all, one, and what a text may be in each country."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dashboard.form_fields import components, general_error
from dashboard.message_log import message_tabs
from dashboard.order_list import country_name
from dashboard.registered_texts import words
from dashboard.registered_texts.form import TextForm, marked
from dashboard.shell import address, go, page
from lib import formats
from merchants.access import MerchantRequest, may, member_view, record
from merchants.models import Role
from notifications.models import RegisteredText
from notifications.registered import (
    LONGEST_VALUE,
    keep,
    note_answer,
    registering_countries,
    sample,
)
from notifications.sms_rules import rule_for
from notifications.text_limits import kind_of, operators_rules
from notifications.triggers import TRIGGERS


@require_safe
@member_view(Role.VIEWER)
def texts(request: MerchantRequest) -> HttpResponseBase:
    """Every text that is registered, or shall be."""
    language = get_language() or "en"
    names = [country_name(code, language) for code in registering_countries(operators_rules())]
    rows = RegisteredText.objects.order_by("country", "topic", "language")
    new = {"label": _("New text"), "url": address(request, "text_new"), "icon": "plus"}
    context = {
        "views": message_tabs(request, "texts"),
        "sentence": _("Only texts that a registry knows reach customers here: %(countries)s.")
        % {"countries": formats.listing(names, language)},
        "action": new if may(request.role, Role.ADMIN) else None,
        "rows": [_row(request, row, language) for row in rows],
        "empty": _("No text yet. Customers there hear by e-mail and WhatsApp alone."),
        "rules_url": address(request, "text_rules"),
    }
    return page(request, "texts/all.html", context, current="messages")


@require_safe
@member_view(Role.VIEWER)
def text_rules(request: MerchantRequest) -> HttpResponseBase:
    """What a text may be, by country: our table with the operator's corrections."""
    language = get_language() or "en"
    names = {str(k): str(v) for k, v in formats.locale_of(language).territories.items()}
    context = {
        "sentence": _("We keep to this when a text message is sent."),
        "crumbs": _crumbs(request),
        "rows": words.lines(operators_rules(), names, language),
    }
    return page(request, "texts/rules.html", context, current="messages")


@require_http_methods(["GET", "HEAD", "POST"])
@member_view(Role.ADMIN)
def new(request: MerchantRequest) -> HttpResponseBase:
    """A text that is not written down yet."""
    return _form(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@member_view(Role.ADMIN)
def text(request: MerchantRequest, registeredtext_id: int) -> HttpResponseBase:
    """One text: as customers read it, with the registry's answer; or its form until that came."""
    row = get_object_or_404(RegisteredText, pk=registeredtext_id)
    is_locked = row.state == RegisteredText.State.APPROVED
    if is_locked and "anew" not in request.GET:
        return _locked(request, row)
    return _form(request, row)


@require_POST
@member_view(Role.ADMIN)
def text_answer(request: MerchantRequest, registeredtext_id: int) -> HttpResponseBase:
    """What the registry said."""
    row = get_object_or_404(RegisteredText, pk=registeredtext_id)
    is_approved = request.POST.get("answer") == "approved"
    note_answer(row=row, is_approved=is_approved, now=timezone.now())
    _record(request, row)
    if is_approved:
        messages.success(request, _("Customers are told with this text from now on."))
    else:
        messages.info(request, _("Nothing is sent with this text. You can correct it."))
    return go(request, "text", row.pk)


@require_POST
@member_view(Role.ADMIN)
def text_remove(request: MerchantRequest, registeredtext_id: int) -> HttpResponseBase:
    """Forget a text; the registry keeps it."""
    row = get_object_or_404(RegisteredText, pk=registeredtext_id)
    _record(request, row, action="registered_text.removed")
    row.delete()
    messages.success(request, _("Removed. No text message tells this there any more."))
    return go(request, "texts")


def _form(request: MerchantRequest, row: RegisteredText | None) -> HttpResponseBase:
    form = TextForm(request.POST or None, merchant=request.merchant, row=row)
    if request.method == "POST" and form.is_valid():
        kept = keep(
            form.wording(), merchant=request.merchant, row=row,
            is_new_wording="anew" in request.GET, now=timezone.now(),
        )  # fmt: skip
        _record(request, kept)
        messages.success(request, _("Saved. It is used once the registry has approved it."))
        return go(request, "text", kept.pk)
    context = {
        "title": _title(row) if row else _("New registered text"),
        "sentence": _("Register it first; here you copy what the registry has."),
        "fields": components(form),
        "form_error": general_error(form),
        "is_anew": row is not None and row.state == RegisteredText.State.APPROVED,
        **_beside(request, row),
    }
    status = 400 if form.is_bound else 200
    return page(request, "texts/one.html", context, current="messages", status=status)


def _locked(request: MerchantRequest, row: RegisteredText) -> HttpResponseBase:
    facts = [
        {"label": _("Entity ID"), "value": row.entity_id, "mono": True},
        {"label": _("Header"), "value": row.header, "mono": True},
        {"label": _("Template ID"), "value": row.template_id, "mono": True},
        {"label": _("Wording"), "value": marked(row)},
    ]
    context = {
        "title": _title(row),
        "sentence": _("Approved, so its wording is locked."),
        "facts": facts,
        "anew_url": f"{address(request, 'text', row.pk)}?anew",
        **_beside(request, row),
    }
    return page(request, "texts/one.html", context, current="messages")


def _beside(request: MerchantRequest, row: RegisteredText | None) -> dict[str, Any]:
    """What the page shows beside the form: the country's word, the text as it arrives."""
    own = operators_rules()
    country = row.country if row else next(iter(registering_countries(own)), "")
    found: dict[str, Any] = {
        "crumbs": _crumbs(request),
        "asked": words.asked(rule_for(country, "*", _kind(row), own=own)) if country else "",
        "country": country_name(country, get_language() or "en") if country else "",
        "rules_url": address(request, "text_rules"),
    }
    if row is None:
        return found
    shown = sample(row, merchant=request.merchant)
    return found | words.state(row) | {
        "sample": shown.text,
        "language": row.language,
        "parts": _parts(shown.plan.parts, shown.plan.encoding.label, shown.plan.units),
        "long": formats.listing(list(shown.long), get_language() or "en") if shown.long else "",
        "longest": LONGEST_VALUE,
        "is_pending": row.state == RegisteredText.State.PENDING,
        "is_refused": row.state == RegisteredText.State.REFUSED,
        "answer_url": address(request, "text_answer", row.pk),
        "remove_url": address(request, "text_remove", row.pk),
    }  # fmt: skip


def _kind(row: RegisteredText | None) -> str:
    return kind_of(TRIGGERS[row.topic if row else "delivered"])


def _parts(parts: int, encoding: str, units: int) -> str:
    told = ngettext("%(n)s part", "%(n)s parts", parts) % {"n": parts}
    return _("%(parts)s, %(encoding)s, %(units)s places") % {
        "parts": told, "encoding": encoding, "units": units,
    }  # fmt: skip


def _row(request: MerchantRequest, row: RegisteredText, language: str) -> dict[str, Any]:
    return {
        "url": address(request, "text", row.pk),
        "topic": TRIGGERS[row.topic].label,
        "country": country_name(row.country, language),
        "language": formats.locale_of(row.language).get_display_name(language),
        "header": row.header,
        "template_id": row.template_id,
        **words.state(row),
    }


def _title(row: RegisteredText) -> str:
    language = get_language() or "en"
    return f"{TRIGGERS[row.topic].label} · {country_name(row.country, language)}"


def _crumbs(request: MerchantRequest) -> list[dict[str, str]]:
    return [{"label": _("Registered texts"), "url": address(request, "texts")}]


def _record(
    request: MerchantRequest, row: RegisteredText, action: str = "registered_text.changed"
) -> None:
    record(
        merchant=request.merchant, user=request.user, action=action,
        subject=f"{row.country} {row.topic} {row.language}", template=row.template_id,
        state=row.state,
    )  # fmt: skip
