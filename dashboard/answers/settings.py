"""What happens with what customers write back: whether we say that it came, and where mail goes."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dashboard.message_log import message_tabs
from dashboard.shell import go, page
from helpdesk.written_words import count_words
from merchants.access import MerchantRequest, member_view, record
from merchants.models import Role
from notifications.answers.rules import rules_of, save_rules
from notifications.answers.settling import unanswered


@require_http_methods(["GET", "POST"])
@member_view(Role.ADMIN)
def answer_settings(request: MerchantRequest) -> HttpResponseBase:
    """The two switches, and the way to what waits."""
    merchant = request.merchant
    rules = rules_of(merchant.pk)
    takes_mail = bool(settings.INBOUND_EMAIL_DOMAIN)
    if request.method == "POST":
        by_itself = "replies_by_itself" in request.POST
        mail = "takes_mail" in request.POST if takes_mail else rules.takes_mail
        changed: dict[str, Any] = {
            name: [was, now]
            for name, was, now in (
                ("replies_by_itself", rules.replies_by_itself, by_itself),
                ("takes_mail", rules.takes_mail, mail),
            )
            if was != now
        }
        if changed:
            save_rules(
                merchant=merchant, replies_by_itself=by_itself, takes_mail=mail, now=timezone.now()
            )
            record(merchant=merchant, user=request.user, action="answers.changed", **changed)
        messages.success(request, _("Saved. It counts from the next message on."))
        return go(request, "answer_settings")
    waiting = unanswered().count()
    context = {
        "views": message_tabs(request, "answers"),
        "sentence": count_words(waiting) if waiting else _("Everybody has an answer."),
        "desk_url": reverse("helpdesk:unanswered", args=[merchant.slug]),
        "rules": rules,
        "takes_mail": takes_mail,
        "support_email": merchant.support_email,
    }
    return page(request, "answers.html", context, current="messages")
