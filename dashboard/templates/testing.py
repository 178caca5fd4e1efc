"""A text that is being written, sent to whoever writes it: by mail, or to a number typed in."""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.utils import timezone
from django.utils.translation import gettext as _

from dashboard.channels.forms import TestForm
from dashboard.channels.words import is_connected, provider_of
from dashboard.doorbell import send_messages
from dashboard.templates import drafts
from dashboard.templates.choosing import Chosen
from lib.limits import count
from merchants.access import MerchantRequest
from notifications.channels import trying
from notifications.channels.accounts import account_from
from notifications.channels.registry import Kind, Reach
from notifications.models import ChannelSetting
from notifications.rendering import Own, Telling
from notifications.templates.sending import send_to_oneself

#: Messages to oneself in an hour.
_PER_HOUR: Final = (20, 3600)


def goes_by_mail(kind: Kind) -> bool:
    """Whether a test needs no address: everybody who writes texts has proved one."""
    return kind.shape == "letter"


def goes_by_phone(kind: Kind) -> bool:
    """Whether a test asks for a number: what opens with approved words alone cannot be tried."""
    return kind.reach is Reach.PHONE and not kind.needs_approval


def send_test(request: MerchantRequest, text: Chosen, own: Own, *, order_id: str) -> None:
    """Send it, and say what became of it; nothing is saved."""
    limit, seconds = _PER_HOUR
    if count(f"test-send:{request.user.pk}", limit=limit, seconds=seconds).is_over:
        messages.error(request, _("Enough messages for this hour. Try again later."))
        return
    now = timezone.now()
    told = drafts.telling(request.merchant, text, own, order_id=order_id, now=now)
    if goes_by_mail(text.kind):
        to = request.user.email
        problem = send_to_oneself(request.merchant, request.user, told, now=now)
        send_messages()
    elif goes_by_phone(text.kind):
        to, problem = _by_phone(request, text, told)
    else:
        messages.error(request, _("This channel sends no tests of a text."))
        return
    if problem:
        messages.error(request, _("It was not sent: %(why)s") % {"why": problem})
    else:
        messages.success(request, _("Sent to %(email)s.") % {"email": to})


def _by_phone(request: MerchantRequest, text: Chosen, told: Telling) -> tuple[str, str]:
    """To whom it went, and why it did not."""
    kind = text.kind
    form = TestForm(kind, request.merchant.country, {"to": request.POST.get("test_to", "")})
    if not form.is_valid():
        return "", " ".join(map(str, form.errors["to"]))
    row = ChannelSetting.objects.filter(channel=kind.slug).first()
    if not is_connected(kind, row):
        return "", _("This channel is not set up.")
    account = account_from(row) if row and provider_of(kind, row) else None
    to = str(form.cleaned_data["to"])
    words = drafts.rendered(told, text).text
    return to, trying.send_to_oneself(
        merchant=request.merchant, channel=kind.slug, account=account, to=to,
        now=timezone.now(), words=words,
    )  # fmt: skip
