"""The mailbox: what the demonstration would have sent."""

from __future__ import annotations

from email.utils import parseaddr
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import escape
from django.utils.translation import get_language, ngettext

from demo.models import CapturedMail
from lib.formats import time_of_day, weekday_date

#: A mail may show pictures and its own styles, run nothing, and link out of its frame.
_FRAME_POLICY = (
    "default-src 'none'; img-src 'self' data: https:; style-src 'unsafe-inline'; "
    "frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox "
    "allow-top-navigation-by-user-activation"
)
_SHOWN = 200


def mailbox(request: HttpRequest, mail_id: int | None = None) -> HttpResponse:
    mails = list(CapturedMail.objects.all()[:_SHOWN])
    chosen = next((mail for mail in mails if mail.pk == mail_id), None)
    if mail_id is not None and chosen is None:
        raise Http404
    sentence = ngettext("%(count)d message", "%(count)d messages, newest first", len(mails)) % {
        "count": len(mails)
    }
    context = {
        "mails": [_row(mail, current=mail is chosen) for mail in mails],
        "mail": _opened(chosen) if chosen else None,
        "list_url": "/demo/mailbox/",
        "sentence": sentence,
    }
    return render(request, "demo/mailbox.html", context)


def body(request: HttpRequest, mail_id: int) -> HttpResponse:
    """One mail's HTML, at an address of its own under its own policy."""
    mail = CapturedMail.objects.filter(pk=mail_id).first()
    if mail is None:
        raise Http404
    html = mail.html or f"<pre>{escape(mail.text)}</pre>"
    response = HttpResponse(html)
    response["Content-Security-Policy"] = _FRAME_POLICY
    response["X-Frame-Options"] = "SAMEORIGIN"
    return response


def _when(mail: CapturedMail) -> str:
    language = get_language() or "en"
    day = weekday_date(mail.at.date(), language)
    return f"{day}, {time_of_day(mail.at, language)}"


def _row(mail: CapturedMail, *, current: bool) -> dict[str, Any]:
    name, address = parseaddr(mail.sender)
    return {
        "subject": mail.subject,
        "to": mail.to,
        "from_name": name or address,
        "time": _when(mail),
        "iso": mail.at.isoformat(),
        "url": f"/demo/mailbox/{mail.pk}/",
        "current": current,
        "lang": "ar" if _is_arabic(mail.subject) else "en",
        "preview": " ".join(mail.text.split())[:90],
    }


def _opened(mail: CapturedMail) -> dict[str, Any]:
    return {
        "subject": mail.subject,
        "from_line": mail.sender,
        "to": mail.to,
        "time": _when(mail),
        "iso": mail.at.isoformat(),
        "lang": "ar" if _is_arabic(mail.subject) else "en",
        "frame_url": f"/demo/mailbox/{mail.pk}/body/",
        "text": mail.text,
    }


def _is_arabic(text: str) -> bool:
    return any("\u0600" <= char <= "\u06ff" for char in text)
