"""Activity: who changed what, newest first."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpResponseBase
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from dashboard.clock import Clock, clock_for
from dashboard.shell import address, page
from dashboard.team import team_tabs
from merchants.access import MerchantRequest, member_view
from merchants.models import AuditEntry, Role

PAGE: Final = 50
#: In an entry's detail: which key did it, where no person did.
API_KEY: Final = "api_key"
_ACTIONS: Final[dict[str, Promise]] = {
    "merchant.founded": gettext_lazy("Made the shop"),
    "merchant.changed": gettext_lazy("Changed name or country"),
    "confirmations.answered": gettext_lazy("Said who confirms orders"),
    "message.tested": gettext_lazy("Sent a message to oneself"),
    "parcel.added": gettext_lazy("Added a parcel"),
    "parcel.carrier_changed": gettext_lazy("Changed a parcel’s carrier"),
    "parcel.field_added": gettext_lazy("Added what a carrier needs"),
    "parcel.invented": gettext_lazy("Made a test parcel"),
    "note.added": gettext_lazy("Wrote a note"),
    "case.opened": gettext_lazy("Opened a case"),
    "case.note": gettext_lazy("Wrote a note in a case"),
    "case.replied": gettext_lazy("Wrote to a customer about a case"),
    "case.waiting": gettext_lazy("Set a case to waiting"),
    "case.open": gettext_lazy("Set a case to open"),
    "case.closed": gettext_lazy("Closed a case"),
    "written.replied": gettext_lazy("Answered a customer"),
    "written.no_answer": gettext_lazy("Marked a customer’s message as needing no answer"),
    "written.place_used": gettext_lazy("Took over the place that a customer shared"),
    "written.given": gettext_lazy("Said which order a customer’s message is about"),
    "answers.changed": gettext_lazy("Changed what happens with customers’ messages"),
    "answer.passed_on": gettext_lazy("Passed a customer’s answer on"),
    "answer.agreed": gettext_lazy("Noted that a carrier agreed"),
    "answer.refused": gettext_lazy("Noted that a carrier refused"),
    "messages.changed": gettext_lazy("Switched channels"),
    "rule.switched": gettext_lazy("Switched a message on or off"),
    "rule.changed": gettext_lazy("Changed what is sent"),
    "rule.added": gettext_lazy("Added a rule for messages"),
    "rule.removed": gettext_lazy("Took back a rule for messages"),
    "rules.tried": gettext_lazy("Tried messages on past orders"),
    "calm.changed": gettext_lazy("Changed the quiet hours"),
    "message.resent": gettext_lazy("Sent a message again"),
    "page_access.changed": gettext_lazy("Changed who sees customers’ pages"),
    "order.links_closed": gettext_lazy("Closed the links to an order’s page"),
    "suppression.added": gettext_lazy("Wrote to an address no more"),
    "suppression.removed": gettext_lazy("Let an address be written to again"),
    "suppressions.downloaded": gettext_lazy("Downloaded the addresses that are not written to"),
    "disruption.on": gettext_lazy("Added days for a disruption"),
    "disruption.changed": gettext_lazy("Changed a disruption"),
    "disruption.ended": gettext_lazy("Ended a disruption"),
    "disruption.dismissed": gettext_lazy("Put a hint of slow parcels away"),
    "carrier.connected": gettext_lazy("Connected a carrier"),
    "carrier.credentials_changed": gettext_lazy("Changed a carrier’s credentials"),
    "carrier.paused": gettext_lazy("Paused a carrier"),
    "carrier.activated": gettext_lazy("Switched a carrier on"),
    "carrier.removed": gettext_lazy("Removed a carrier"),
    "scan.released": gettext_lazy("Counted a doubted scan"),
    "scan.rejected": gettext_lazy("Left a doubted scan out"),
    "code.placed": gettext_lazy("Placed a carrier’s code"),
    "store.connected": gettext_lazy("Connected a shop"),
    "store.secret_changed": gettext_lazy("Changed a shop’s secret"),
    "store.disconnected": gettext_lazy("Disconnected a shop"),
    "import.uploaded": gettext_lazy("Uploaded a file of orders"),
    "import.started": gettext_lazy("Started an import"),
    "import.discarded": gettext_lazy("Threw a file of orders away"),
    "import.undone": gettext_lazy("Undid an import"),
    "import.tried_again": gettext_lazy("Carried on with an import"),
    "import.refused_downloaded": gettext_lazy("Downloaded refused rows"),
    "backtest.started": gettext_lazy("Tried dates on past orders"),
    "delivery.replayed": gettext_lazy("Replayed a webhook"),
    "channel.connected": gettext_lazy("Connected an account to a channel"),
    "channel.disconnected": gettext_lazy("Removed an account from a channel"),
    "channel.switched_on": gettext_lazy("Switched a channel on"),
    "channel.switched_off": gettext_lazy("Switched a channel off"),
    "member.added": gettext_lazy("Added a member"),
    "member.joined": gettext_lazy("Accepted the invitation"),
    "member.role_changed": gettext_lazy("Changed a member’s role"),
    "member.removed": gettext_lazy("Removed a member"),
    "key.created": gettext_lazy("Made an API key"),
    "key.revoked": gettext_lazy("Revoked an API key"),
    "days.added": gettext_lazy("Changed the days of a calendar"),
    "days.removed": gettext_lazy("Took back days of a calendar"),
    "dates.changed": gettext_lazy("Changed the rules for dates"),
    "dates.order_changed": gettext_lazy("Changed whose date counts first"),
    "handling.added": gettext_lazy("Added a rule for handling"),
    "handling.changed": gettext_lazy("Changed a rule for handling"),
    "handling.removed": gettext_lazy("Removed a rule for handling"),
    "lane.added": gettext_lazy("Added days on a lane"),
    "lane.changed": gettext_lazy("Changed days on a lane"),
    "lane.removed": gettext_lazy("Removed days on a lane"),
    "publishable.created": gettext_lazy("Made a key for the shop’s pages"),
    "publishable.changed": gettext_lazy("Changed a key for the shop’s pages"),
    "publishable.revoked": gettext_lazy("Revoked a key for the shop’s pages"),
    "webhook.added": gettext_lazy("Added a webhook endpoint"),
    "webhook.changed": gettext_lazy("Changed a webhook endpoint"),
    "webhook.secret_changed": gettext_lazy("Changed a webhook’s secret"),
    "webhook.tested": gettext_lazy("Sent a test to a webhook endpoint"),
    "webhook.replayed": gettext_lazy("Sent webhooks again"),
    "webhook.removed": gettext_lazy("Removed a webhook endpoint"),
    "brand.changed": gettext_lazy("Changed the look"),
    "brand.published": gettext_lazy("Published the look"),
    "brand.discarded": gettext_lazy("Discarded the draft of the look"),
    "domain.added": gettext_lazy("Added a domain for pages"),
    "domain.verified": gettext_lazy("Found a domain’s records: it is connected"),
    "domain.preferred": gettext_lazy("Chose the domain for links in messages"),
    "domain.lost": gettext_lazy("Lost a domain that was proven with another record"),
    "domain.removed": gettext_lazy("Removed a domain for pages"),
    "languages.changed": gettext_lazy("Changed the languages of pages"),
    "question.added": gettext_lazy("Added a question"),
    "question.changed": gettext_lazy("Changed a question"),
    "question.ours_changed": gettext_lazy("Changed one of our questions"),
    "question.moved": gettext_lazy("Moved a question"),
    "question.removed": gettext_lazy("Removed a question"),
    "questions.listed": gettext_lazy("Changed who lists the page of questions"),
    "banner.added": gettext_lazy("Added a banner"),
    "banner.changed": gettext_lazy("Changed a banner"),
    "banner.removed": gettext_lazy("Removed a banner"),
}

#: What no person did, but the DNS.
_BY_ITSELF: Final = frozenset({"domain.verified", "domain.lost"})


@require_safe
@member_view(Role.ADMIN)
def audit(request: MerchantRequest) -> HttpResponseBase:
    """Fifty lines a page."""
    entries = AuditEntry.objects.select_related("user").order_by("-pk")
    before = request.GET.get("before", "")
    if before.isascii() and before.isdigit() and len(before) < 19:
        entries = entries.filter(pk__lt=int(before))
    found = list(entries[: PAGE + 1])
    clock, base = clock_for(request.merchant), address(request, "audit")
    context = {
        "views": team_tabs(request, "audit"),
        "sentence": _("Every change a person made here."),
        "rows": [_row(entry, clock) for entry in found[:PAGE]],
        "empty": _("Nothing has been changed yet."),
        "newest_url": base if before else "",
        "older_url": f"{base}?before={found[PAGE - 1].pk}" if len(found) > PAGE else "",
    }
    return page(request, "audit.html", context, current="team")


def _row(entry: AuditEntry, clock: Clock) -> dict[str, Any]:
    return {
        "what": _ACTIONS.get(entry.action, entry.action),
        "subject": entry.subject,
        "who": _who(entry),
        "detail": " · ".join(
            _detail(name, value) for name, value in entry.detail.items() if name != API_KEY
        ),
        **clock.pair(entry.at),
    }


def _who(entry: AuditEntry) -> str:
    """A person, or the key of a program."""
    if entry.user:
        return str(entry.user.name or entry.user.email)
    if API_KEY in entry.detail:
        return _("The API, with the key %(key)s") % {"key": entry.detail[API_KEY]}
    if entry.action in _BY_ITSELF:
        return _("By itself")
    return _("Somebody who left")


def _detail(name: str, value: object) -> str:
    """ "accent: #2f5bd7 → #0a5" for a change, "role: admin" for a fact."""
    if isinstance(value, list) and len(value) == 2:
        return f"{name}: {value[0] or '–'} → {value[1] or '–'}"
    return f"{name}: {value}"
