"""Step five: a message to oneself, and who confirms orders: the shop or Homeward."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from dashboard.doorbell import send_messages
from dashboard.form_fields import components
from dashboard.framed_mail import framed
from dashboard.languages.names import both_names, message_language
from dashboard.languages.words import message_words
from dashboard.setup.frame import setup_page
from dashboard.shell import address
from dashboard.sign_in import local_path
from dashboard.templates.choosing import languages_of
from lib.limits import count
from lib.vocabulary import Milestone
from lib.words import MILESTONE_LABELS
from merchants.access import MerchantRequest, member_view, record
from merchants.founding import answer_confirmations, note_step
from merchants.models import Merchant, Role
from notifications.preview import render_preview
from notifications.test_send import send_test

#: Messages to oneself in an hour.
_PER_HOUR: Final = (20, 3600)


class MessageForm(forms.Form):
    """Which message, in which language."""

    milestone = forms.ChoiceField(
        label=gettext_lazy("Message"),
        choices=[(str(one), MILESTONE_LABELS[one]) for one in Milestone],
    )
    language = forms.ChoiceField(label=gettext_lazy("Language"))

    def __init__(self, data: QueryDict | None, *, merchant: Merchant, initial: Any) -> None:
        super().__init__(data, initial=initial)
        choices = [(code, both_names(code)) for code in languages_of(merchant)]
        self.fields["language"].choices = choices  # type: ignore[attr-defined]
        self.fields["language"].help_text = message_words(merchant)


def message(request: MerchantRequest) -> HttpResponseBase:
    """Choose, look, send it to oneself."""
    chosen = _chosen(request)
    typed = request.POST if request.method == "POST" else None
    form = MessageForm(typed, merchant=request.merchant, initial=chosen)
    if request.method == "POST" and form.is_valid():
        _send(request, Milestone(form.cleaned_data["milestone"]), form.cleaned_data["language"])
        response = redirect(_here(request, form.cleaned_data))
        response.status_code = 303
        return response
    context: dict[str, Any] = {
        "fields": components(form),
        "to": request.user.email,
        "part_url": address(request, "setup_message_part"),
        "mail_url": _mail_url(request, chosen),
        "preview_url": _mail_url(request, chosen),
        "confirmations": confirmations(request, address(request, "setup_step", "message")),
        "was_sent": request.merchant.setup_steps.get("message") == "done",
        "end_url": address(request, "setup_end"),
        "mailbox_url": "/demo/mailbox/" if settings.DEMO else "",
        "submit": _("Send it to me"),
    }
    status = 400 if form.is_bound else 200
    return setup_page(request, "message", "message.html", context, status=status)


@require_safe
@member_view(Role.ADMIN)
def part(request: MerchantRequest) -> HttpResponseBase:
    """The frame with the message that is chosen by now."""
    context = {"mail_url": _mail_url(request, _chosen(request))}
    return TemplateResponse(request, "setup/_mail.html", context)


@require_safe
@member_view(Role.ADMIN)
def mail(request: MerchantRequest) -> HttpResponseBase:
    """The message itself, for the frame."""
    chosen = _chosen(request)
    rendered = render_preview(
        merchant=request.merchant,
        milestone=Milestone(chosen["milestone"]),
        language=chosen["language"],
        now=timezone.now(),
    )
    return framed(rendered.html)


@require_POST
@member_view(Role.ADMIN)
def answer(request: MerchantRequest) -> HttpResponseBase:
    """Whether the shop writes "placed" and "confirmed" itself."""
    said = str(request.POST.get("sends_own", ""))
    if said in {"yes", "no"}:
        answer_confirmations(merchant=request.merchant, sends_own=said == "yes")
        record(
            merchant=request.merchant, user=request.user, action="confirmations.answered",
            subject=said,
        )  # fmt: skip
        messages.success(request, _("Noted. You can change it under Messages."))
    onward = local_path(request, str(request.POST.get("next", ""))) or address(request, "messages")
    response = redirect(onward)
    response.status_code = 303
    return response


def confirmations(request: MerchantRequest, onward: str) -> dict[str, Any]:
    """For `dashboard/_confirmations.html`: what was answered, and what follows from it."""
    answered = request.merchant.sends_own_confirmations
    words = {
        None: _("Until you answer, Homeward sends neither of the two."),
        True: _("Your shop does. Homeward begins with the parcel."),
        False: _("Homeward does: when an order is placed, and when it is confirmed."),
    }
    return {
        "answered": "" if answered is None else "yes" if answered else "no",
        "sentence": words[answered],
        "url": address(request, "confirmations"),
        "next": onward,
    }


def _send(request: MerchantRequest, milestone: Milestone, language: str) -> None:
    limit, seconds = _PER_HOUR
    if count(f"test-send:{request.user.pk}", limit=limit, seconds=seconds).is_over:
        messages.error(request, _("Enough messages for this hour. Try again later."))
        return
    sent = send_test(
        merchant=request.merchant, user=request.user, milestone=milestone, language=language,
        now=timezone.now(),
    )  # fmt: skip
    if sent.problem:
        messages.error(request, _("It was not sent: %(why)s") % {"why": sent.problem})
        return
    if sent.is_queued:
        send_messages()
    note_step(merchant=request.merchant, step="message", outcome="done")
    record(
        merchant=request.merchant, user=request.user, action="message.tested",
        subject=str(milestone),
    )  # fmt: skip
    words = _("Sent to %(who)s; it is in your mailbox within a minute.")
    messages.success(request, words % {"who": sent.to})


def _chosen(request: MerchantRequest) -> dict[str, str]:
    """What the address says, where it is something we can write."""
    milestone, language = request.GET.get("milestone", ""), request.GET.get("language", "")
    return {
        "milestone": milestone if milestone in set(Milestone) else str(Milestone.OUT_FOR_DELIVERY),
        "language": message_language(request.merchant, wish=language),
    }


def _here(request: MerchantRequest, chosen: dict[str, Any]) -> str:
    query = {name: str(chosen[name]) for name in ("milestone", "language")}
    return f"{address(request, 'setup_step', 'message')}?{urlencode(query)}"


def _mail_url(request: MerchantRequest, chosen: dict[str, str]) -> str:
    return f"{address(request, 'setup_mail')}?{urlencode(chosen)}"
