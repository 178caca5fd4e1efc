"""What is done to a channel: connect an account, leave it, switch, try, look at the domain."""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from dashboard.channels.forms import AccountForm, TestForm
from dashboard.channels.pages import channel_page, kind_or_404
from dashboard.channels.words import is_connected, may_check_domain, provider_of
from dashboard.form_fields import components, general_error
from dashboard.shell import address, go, page
from lib.limits import count
from merchants.access import MerchantRequest, member_view, record
from merchants.models import Role
from notifications.channels.accounts import EMAIL, account_from
from notifications.channels.connecting import connect, leave, note_tried, switch
from notifications.channels.domain_watch import look_at
from notifications.channels.registry import Reach
from notifications.channels.trying import send_to_oneself
from notifications.models import ChannelSetting

#: Tests and looks at the DNS that one shop may ask for in an hour.
_PER_HOUR: Final = (20, 3600)


@require_http_methods(["GET", "POST"])
@member_view(Role.ADMIN)
def account(request: MerchantRequest, channel: str, provider: str) -> HttpResponseBase:
    """The form of one provider; what is secret is never shown again."""
    kind = kind_or_404(channel)
    chosen = kind.providers.get(provider)
    if chosen is None:
        raise Http404
    row = ChannelSetting.objects.filter(channel=channel).first()
    presets = {one.slug: one for one in chosen.presets}
    preset = presets.get(request.GET.get("example", ""))
    data = request.POST if request.method == "POST" else None
    form = AccountForm(kind, chosen, data, row=row, preset=preset.values if preset else {})
    if request.method == "POST" and form.is_valid():
        saved = connect(
            merchant=request.merchant, channel=channel, provider=provider,
            sender=form.cleaned_data.get("sender", ""), config=form.config(),
            secrets=form.secrets(), now=timezone.now(),
        )  # fmt: skip
        record(
            merchant=request.merchant, user=request.user, action="channel.connected",
            subject=f"{kind.label}: {chosen.label}",
        )  # fmt: skip
        if may_check_domain(saved):
            look_at(saved, now=timezone.now())
        messages.success(request, _("Saved. Send a test to yourself."))
        return go(request, "channel", channel)
    context = {
        "crumbs": [
            {"label": _("Channels"), "url": address(request, "channels")},
            {"label": kind.label, "url": address(request, "channel", channel)},
        ],
        "title": chosen.label,
        "sentence": _("Keys are stored encrypted and never shown again."),
        "about": chosen.about,
        "fields": components(form),
        "form_error": general_error(form),
        "examples": [
            {"name": one.label, "url": f"?example={one.slug}", "docs": one.docs,
             "is_current": one is preset}
            for one in chosen.presets
        ],
        "documentation": preset.docs if preset else chosen.docs,
    }  # fmt: skip
    status = 400 if form.is_bound else 200
    return page(request, "channels/account.html", context, current="messages", status=status)


@require_POST
@member_view(Role.ADMIN)
def switch_channel(request: MerchantRequest, channel: str) -> HttpResponseBase:
    """On or off, as `to` says."""
    kind = kind_or_404(channel)
    row = ChannelSetting.objects.filter(channel=channel).first()
    if is_connected(kind, row):
        is_on = request.POST.get("to") == "on"
        switch(merchant=request.merchant, kind=kind, is_on=is_on)
        action = "channel.switched_on" if is_on else "channel.switched_off"
        record(merchant=request.merchant, user=request.user, action=action, subject=str(kind.label))
        messages.success(request, _("Saved. It counts from the next message on."))
    return go(request, "channel", channel)


@require_POST
@member_view(Role.ADMIN)
def try_channel(request: MerchantRequest, channel: str) -> HttpResponseBase:
    """A test to oneself, by the account as it is set up: also where it is not used yet."""
    kind = kind_or_404(channel)
    row = ChannelSetting.objects.filter(channel=channel).first()
    if not is_connected(kind, row) or kind.reach in {Reach.FEED, Reach.BROWSER}:
        raise Http404
    to = request.user.email
    if kind.reach is not Reach.EMAIL:
        form = TestForm(kind, request.merchant.country, request.POST)
        if not form.is_valid():
            return channel_page(request, kind, form)
        to = form.cleaned_data["to"]
    if _is_too_much(request):
        return go(request, "channel", channel)
    now = timezone.now()
    own = account_from(row) if row and provider_of(kind, row) else None
    problem = send_to_oneself(
        merchant=request.merchant, channel=channel, account=own, to=to, now=now
    )
    if row is not None and own is not None and channel != EMAIL:
        note_tried(row=row, problem=problem, now=now)
    if problem:
        messages.error(request, _("It was not sent: %(problem)s") % {"problem": problem})
    else:
        messages.success(request, _("Handed over. It should arrive within a minute."))
    return go(request, "channel", channel)


@require_POST
@member_view(Role.ADMIN)
def check_domain(request: MerchantRequest, channel: str) -> HttpResponseBase:
    """Look at the DNS records of the sender's domain now."""
    kind = kind_or_404(channel)
    row = ChannelSetting.objects.filter(channel=kind.slug).first()
    if row is None or not may_check_domain(row):
        raise Http404
    if not _is_too_much(request) and not look_at(row, now=timezone.now()):
        messages.error(request, _("The DNS did not answer. Everything stays as it was."))
    return go(request, "channel", channel)


@require_http_methods(["GET", "POST"])
@member_view(Role.ADMIN)
def leave_account(request: MerchantRequest, channel: str) -> HttpResponseBase:
    """Asks first; then forgets the account's keys."""
    kind = kind_or_404(channel)
    row = ChannelSetting.objects.filter(channel=channel).first()
    provider = provider_of(kind, row)
    if row is None or provider is None:
        raise Http404
    if request.method == "POST":
        leave(row=row)
        record(
            merchant=request.merchant, user=request.user, action="channel.disconnected",
            subject=f"{kind.label}: {provider.label}",
        )  # fmt: skip
        messages.success(request, _("%(name)s was removed.") % {"name": provider.label})
        return go(request, "channel", channel)
    context = {
        "crumbs": [{"label": kind.label, "url": address(request, "channel", channel)}],
        "title": _("Remove %(name)s?") % {"name": provider.label},
        "sentence": _("Its keys are deleted at once, and its address for receipts closes."),
        "confirm": _("Remove it"),
        "confirm_url": address(request, "channel_leave", channel),
        "keep_url": address(request, "channel", channel),
    }
    return page(request, "confirm.html", context, current="messages")


def _is_too_much(request: MerchantRequest) -> bool:
    limit, seconds = _PER_HOUR
    window = count(f"channel-test:{request.merchant.pk}", limit=limit, seconds=seconds)
    if window.is_over:
        messages.error(request, _("That is enough for now. Try again in an hour."))
    return window.is_over
