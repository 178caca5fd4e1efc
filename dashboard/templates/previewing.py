"""The message in a frame: as a mail program, a phone or a browser would show it."""

from __future__ import annotations

import re
from typing import Any, Final

from django.http import HttpResponseBase
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_POST

from dashboard.framed_mail import framed
from dashboard.templates import drafts
from dashboard.templates.choosing import Chosen, chosen
from dashboard.templates.planner import plan_facts
from lib import formats
from merchants.access import MerchantRequest, member_view
from merchants.models import Brand, Role
from notifications.preview import with_logo
from notifications.rendering import Own, Rendered, Telling
from notifications.templates.mail import rich

_DARK: Final = re.compile(r"@media \(prefers-color-scheme: dark\)")


@require_http_methods(["GET", "POST"])
@member_view(Role.ADMIN)
def template_preview(
    request: MerchantRequest, topic: str, channel: str, language: str
) -> HttpResponseBase:
    """What is typed (POST) or kept (GET), by day or by night (`scheme`)."""
    text = chosen(topic, channel, language)
    told, _own = _told(request, text)
    found = drafts.rendered(told, text)
    scheme = request.POST.get("scheme", "light")
    return framed(_as_page(request, text, told, found, scheme))


@require_POST
@member_view(Role.ADMIN)
def template_check(
    request: MerchantRequest, topic: str, channel: str, language: str
) -> HttpResponseBase:
    """What is wrong with what is typed, and what it costs; a part of the editor's page."""
    text = chosen(topic, channel, language)
    told, own = _told(request, text)
    return TemplateResponse(
        request, "dashboard/templates/_check.html", check_facts(request, text, own, told)
    )


def check_facts(request: MerchantRequest, text: Chosen, own: Own, told: Telling) -> dict[str, Any]:
    """For `_check.html`: problems in words, and the planner's figures."""
    wrong = drafts.problems(own, told, text) if own.body or own.subject else {}
    labels = {"subject": _("Subject"), "body": _("Text")}
    has_two = text.has_subject and len(wrong) > 1
    found = drafts.rendered(told, text)
    return {
        "problems": [
            f"{labels[name]}. {problem}" if has_two or name == "subject" else str(problem)
            for name, some in wrong.items()
            for problem in some
        ],
        "plan": plan_facts(request.merchant, found.text) if text.kind.shape == "text" else None,
        "is_fine": not wrong,
    }


def _told(request: MerchantRequest, text: Chosen) -> tuple[Telling, Own]:
    is_typed = request.method == "POST"
    own = drafts.typed(request.POST) if is_typed else drafts.kept(request.merchant, text)
    told = drafts.telling(
        request.merchant, text, own, order_id=str(request.POST.get("order", "")),
        now=timezone.now(),
    )  # fmt: skip
    return told, own


def _as_page(
    request: MerchantRequest, text: Chosen, told: Telling, found: Rendered, scheme: str
) -> str:
    if text.kind.shape == "letter":
        brand = Brand.objects.filter(merchant_id=request.merchant.pk).first()
        # A frame cannot be told whether it is night: the styles for it are switched instead.
        media = "@media all" if scheme == "dark" else "@media not all"
        return with_logo(_DARK.sub(media, found.html), brand)
    context = {
        "shape": text.kind.shape,
        "is_dark": scheme == "dark",
        "title": found.subject or told.look.shop,
        # WhatsApp makes words between stars bold, as our e-mails do.
        "said": mark_safe(rich(found.text)) if text.kind.shape == "chat" else found.text,  # noqa: S308 - rich() escapes
        "language": told.language,
        "direction": "rtl" if formats.is_rtl(told.language) else "ltr",
    }
    with override(told.language):
        return render_to_string("mail/phone.html", context)
