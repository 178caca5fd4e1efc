"""The editor of one text: what it says, how it looks, what it costs, how it was before."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from dashboard.clock import clock_for
from dashboard.shell import address, page
from dashboard.templates import drafts
from dashboard.templates.approval import approval_facts
from dashboard.templates.choosing import (
    Chosen,
    base_of,
    chosen,
    kinds,
    language_name,
    languages_of,
    own_of,
    path_of,
    what_goes,
)
from dashboard.templates.previewing import check_facts
from dashboard.templates.testing import goes_by_mail, goes_by_phone, send_test
from dashboard.templates.versions import version_rows
from lib import formats
from merchants.access import MerchantRequest, member_view, record
from merchants.models import Role
from notifications.rendering import Own
from notifications.templates.blocks import BLOCKS, PROMOTION
from notifications.templates.keeping import Which, back_to_ours, save, template_of
from notifications.templates.variables import VARIABLES
from tracking.models import Order

_COUNTRIES: Final = 12


@require_http_methods(["GET", "POST"])
@member_view(Role.ADMIN)
def template_edit(
    request: MerchantRequest, topic: str, channel: str, language: str
) -> HttpResponseBase:
    """GET shows it, POST keeps it; with `region`, the same text for one country alone."""
    text = chosen(topic, channel, language)
    region = request.GET.get("region", "")
    if region:
        wanted = f"{text.written_in}-{region}"
        if base_of(wanted):
            return redirect(path_of(request, Which(topic, channel, wanted)))
    if request.method == "GET":
        return _page(request, text, drafts.kept(request.merchant, text))
    own = drafts.typed(request.POST)
    order_id = str(request.POST.get("order", ""))
    now = timezone.now()
    told = drafts.telling(request.merchant, text, own, order_id=order_id, now=now)
    if drafts.problems(own, told, text):
        return _page(request, text, own, status=400)
    row = save(
        merchant=request.merchant, which=text.which, subject=own.subject, body=own.body,
        by=request.user, now=now,
    )  # fmt: skip
    _record(request, "template.saved", text, version=row.version)
    messages.success(request, _("Saved. It counts from the next message on."))
    return _back(request, text)


@require_POST
@member_view(Role.ADMIN)
def template_ours(
    request: MerchantRequest, topic: str, channel: str, language: str
) -> HttpResponseBase:
    """Ours goes from now on."""
    text = chosen(topic, channel, language)
    back_to_ours(merchant=request.merchant, which=text.which, by=request.user, now=timezone.now())
    _record(request, "template.ours", text)
    messages.success(request, _("Ours goes again. Your versions are kept."))
    return _back(request, text)


@require_POST
@member_view(Role.ADMIN)
def template_test(
    request: MerchantRequest, topic: str, channel: str, language: str
) -> HttpResponseBase:
    """What is typed, sent to whoever types it; nothing is saved."""
    text, own = chosen(topic, channel, language), drafts.typed(request.POST)
    send_test(request, text, own, order_id=str(request.POST.get("order", "")))
    return _page(request, text, own)


def _page(
    request: MerchantRequest, text: Chosen, own: Own, *, status: int = 200
) -> HttpResponseBase:
    merchant, which = request.merchant, text.which
    clock = clock_for(merchant)
    order_id = str(request.POST.get("order", ""))
    told = drafts.telling(merchant, text, own, order_id=order_id, now=clock.now)
    row = template_of(merchant, which)
    ours = drafts.rendered(drafts.telling(merchant, text, Own(), order_id="", now=clock.now), text)
    context = {
        "crumbs": [{"label": _("Texts"), "url": f"{address(request, 'templates')}"
                    f"?language={text.written_in}"}],
        "title": text.trigger.label,
        "sentence": _sentence(request, text),
        "problem": row.problem if row else "",
        "channels": [
            {"label": kind.label, "url": path_of(request, Which(which.topic, kind.slug,
             which.language)), "current": kind.slug == which.channel, "count": None}
            for kind in kinds()
        ],
        "languages": _languages(request, text),
        "regions": _regions(text),
        "text": text,
        "written_in": text.written_in,
        "direction": "rtl" if formats.is_rtl(text.written_in) else "ltr",
        "subject": own.subject,
        "subject_ours": ours.subject,
        "body": own.body,
        "ours": ours.text,
        "check": check_facts(request, text, own, told),
        "approval": approval_facts(request, text),
        **_insertions(text),
        **_preview_choices(request),
        "order": order_id,
        "can_test": goes_by_mail(text.kind),
        "asks_number": goes_by_phone(text.kind),
        "test_to": str(request.POST.get("test_to", "")),
        "is_own": row is not None,
        "versions": version_rows(request, text, clock),
        "mailbox_url": "/demo/mailbox/" if settings.DEMO else "",
        **{name: path_of(request, which, f"template_{name.removesuffix('_url')}")
           for name in ("preview_url", "check_url", "test_url", "ours_url")},
    }  # fmt: skip
    return page(request, "templates/edit.html", context, current="messages", status=status)


def _insertions(text: Chosen) -> dict[str, Any]:
    """What may be put into this text at the cursor."""
    return {
        "variables": [
            {"label": one.label, "insert": one.insert, "example": one.example} for one in VARIABLES
        ],
        "blocks": [
            {"label": one.label, "insert": one.insert}
            for one in BLOCKS.values()
            if text.may_promote or one.tag != PROMOTION
        ],
    }


def _preview_choices(request: MerchantRequest) -> dict[str, Any]:
    """Whose data the preview shows, on what, by day or night: what may be chosen, and what is."""
    return {
        "orders": drafts.orders(),
        "device": str(request.POST.get("device", "")) or "phone",
        "scheme": str(request.POST.get("scheme", "")) or "light",
        "devices": [
            {"value": "phone", "label": _("Phone")},
            {"value": "desktop", "label": _("Desktop")},
        ],
        "schemes": [
            {"value": "light", "label": _("By day")},
            {"value": "dark", "label": _("By night")},
        ],
    }


def _sentence(request: MerchantRequest, text: Chosen) -> str:
    """What customers get now: the shop's words, ours, or those of the language above."""
    own = own_of(request.merchant)
    _tone, words = what_goes(text.which, own)
    if text.which in own:
        return _("Customers get: %(what)s.") % {"what": words}
    if text.which.language == text.written_in:
        return _("You have not written this one: ours goes, in %(language)s.") % {
            "language": language_name(text.written_in)
        }
    general = Which(text.which.topic, text.which.channel, text.written_in)
    whose = _("yours") if general in own else _("ours")
    return _("Nothing of its own for this country: %(whose)s in %(language)s goes.") % {
        "whose": whose, "language": language_name(text.written_in),
    }  # fmt: skip


def _languages(request: MerchantRequest, text: Chosen) -> list[dict[str, Any]]:
    codes = languages_of(request.merchant)
    if text.which.language not in codes:
        codes.insert(codes.index(text.written_in) + 1, text.which.language)
    return [
        {
            "label": language_name(code),
            "url": path_of(request, Which(text.which.topic, text.which.channel, code)),
            "current": code == text.which.language,
            "count": None,
        }
        for code in codes
    ]


def _regions(text: Chosen) -> list[dict[str, str]]:
    """The countries that are ordered from, for a text of their own."""
    rows = Order.objects.exclude(country="").order_by("-pk").values_list("country", flat=True)
    seen = list(dict.fromkeys(rows[:500]))[:_COUNTRIES]
    taken = text.which.language
    return [
        {"value": code, "label": language_name(f"{text.written_in}-{code}")}
        for code in sorted(seen)
        if f"{text.written_in}-{code}" != taken
    ]


def _record(request: MerchantRequest, action: str, text: Chosen, **detail: object) -> None:
    which = text.which
    record(
        merchant=request.merchant, user=request.user, action=action,
        subject=f"{which.topic}, {which.channel}, {which.language}", **detail,
    )  # fmt: skip


def _back(request: MerchantRequest, text: Chosen) -> HttpResponse:
    response = redirect(path_of(request, text.which))
    response.status_code = 303
    return response
