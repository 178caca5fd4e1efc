"""How a text was before: who changed it, what, and back to it."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dashboard.clock import Clock, clock_for
from dashboard.shell import address, page
from dashboard.templates import drafts
from dashboard.templates.choosing import Chosen, chosen, language_name, path_of
from lib import formats
from merchants.access import MerchantRequest, member_view, record
from merchants.models import Role
from notifications.models import TemplateVersion
from notifications.rendering import Own
from notifications.templates.keeping import save, versions_of

_SHOWN: Final = 30


@require_http_methods(["GET", "POST"])
@member_view(Role.ADMIN)
def template_version(
    request: MerchantRequest, topic: str, channel: str, language: str, version: int
) -> HttpResponseBase:
    """One version beside the text of now; POST makes it the text again."""
    text = chosen(topic, channel, language)
    rows = versions_of(request.merchant, text.which)
    row = next((one for one in rows if one.version == version), None)
    if row is None:
        raise Http404
    if request.method == "POST":
        return _restore(request, text, row)
    now, clock = drafts.kept(request.merchant, text), clock_for(request.merchant)
    title = _("Version %(n)s") % {"n": row.version}
    context = {
        "crumbs": [
            {"label": _("Texts"), "url": address(request, "templates")},
            {"label": text.trigger.label, "url": path_of(request, text.which)},
        ],
        "title": title,
        "sentence": " · ".join(
            [str(text.kind.label), language_name(text.which.language), _by(row, clock)]
        ),
        "lines": list(difference(_lines(Own(row.subject, row.body)), _lines(now))),
        "direction": "rtl" if formats.is_rtl(text.written_in) else "ltr",
        "written_in": text.written_in,
        "can_restore": bool(row.body) and (row.subject, row.body) != (now.subject, now.body),
        "edit_url": path_of(request, text.which),
    }
    return page(request, "templates/version.html", context, current="messages")


def version_rows(request: MerchantRequest, text: Chosen, clock: Clock) -> list[dict[str, Any]]:
    """For the editor, newest first."""
    which = text.which
    return [
        {
            "label": _("Version %(n)s") % {"n": row.version} if row.body else _("Back to ours"),
            "by": row.by.name or row.by.email if row.by else "",
            "url": address(
                request, "template_version", which.topic, which.channel, which.language,
                row.version,
            ),
            **clock.pair(row.at),
        }
        for row in versions_of(request.merchant, which)[:_SHOWN]
    ]  # fmt: skip


def difference(before: list[str], after: list[str]) -> Iterator[dict[str, str]]:
    """Line by line: what stayed, what went ("-"), what came ("+")."""
    matcher = SequenceMatcher(a=before, b=after, autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            yield from ({"sign": "", "text": line} for line in before[a:b])
            continue
        yield from ({"sign": "-", "text": line} for line in before[a:b])
        yield from ({"sign": "+", "text": line} for line in after[c:d])


def _lines(own: Own) -> list[str]:
    subject = [own.subject, ""] if own.subject else []
    return [*subject, *own.body.splitlines()]


def _by(row: TemplateVersion, clock: Clock) -> str:
    when = clock.spoken(row.at)
    if row.by is None:
        return when
    return _("%(who)s, %(when)s") % {"who": row.by.name or row.by.email, "when": when}


def _restore(request: MerchantRequest, text: Chosen, row: TemplateVersion) -> HttpResponseBase:
    own, now = Own(row.subject, row.body), timezone.now()
    told = drafts.telling(request.merchant, text, own, order_id="", now=now)
    if drafts.problems(own, told, text):
        messages.error(request, _("This version cannot be used as it is: open it and mend it."))
    else:
        saved = save(
            merchant=request.merchant, which=text.which, subject=row.subject, body=row.body,
            by=request.user, now=now,
        )  # fmt: skip
        record(
            merchant=request.merchant, user=request.user, action="template.saved",
            subject=f"{text.which.topic}, {text.which.channel}, {text.which.language}",
            version=saved.version,
        )  # fmt: skip
        messages.success(request, _("Restored, as version %(n)s.") % {"n": saved.version})
    response = redirect(path_of(request, text.which))
    response.status_code = 303
    return response
