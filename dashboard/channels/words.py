"""How a channel stands, and what the DNS says of a sender's domain, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from notifications.channels.accounts import EMAIL, account_from, is_used
from notifications.channels.forms import Provider
from notifications.channels.registry import Kind, Reach
from notifications.channels.sender_domain import Check, Finding
from notifications.models import ChannelSetting

ABOUT: Final[dict[str, Promise]] = {
    "email": gettext_lazy("A letter in your look. Customers can unsubscribe with one click."),
    "whatsapp": gettext_lazy("A short letter with the page’s link. Costs a little each."),
    "sms": gettext_lazy("A short text without a link. Costs a little for each part."),
    "webpush": gettext_lazy("A note in the browser of customers who ask for it on their page."),
    "alimtalk": gettext_lazy("KakaoTalk’s notices for Korea, by templates that Kakao approved."),
    "line": gettext_lazy("A message of your LINE account to customers who are its friends."),
    "inbox": gettext_lazy("A feed of every message, for your own app. Nobody is disturbed by it."),
}
_CHECKS: Final[dict[str, str]] = {"spf": "SPF", "dkim": "DKIM", "dmarc": "DMARC"}
_FINDINGS: Final[dict[tuple[str, Finding], Promise]] = {
    ("spf", Finding.FINE): gettext_lazy("The record lets your provider send."),
    ("spf", Finding.NOT_NEEDED): gettext_lazy(
        "Nothing to add: the provider’s own return address has its record, and DMARC goes by the "
        "signature."
    ),
    ("spf", Finding.MISSING): gettext_lazy("There is no SPF record. Add this one:"),
    ("spf", Finding.TWICE): gettext_lazy(
        "There are two SPF records, so receivers heed neither. Make one of them."
    ),
    ("spf", Finding.NOT_INCLUDED): gettext_lazy(
        "The record does not name your provider. Change it into this:"
    ),
    ("spf", Finding.TOO_MANY_LOOKUPS): gettext_lazy(
        "The record needs more than ten lookups, so receivers give up. Shorten it."
    ),
    ("dkim", Finding.FINE): gettext_lazy(
        "The signing key is there, under the sender’s own domain: signatures are aligned."
    ),
    ("dkim", Finding.MISSING): gettext_lazy(
        "There is no signing key at this name. Add the record that your provider shows for it."
    ),
    ("dkim", Finding.REVOKED): gettext_lazy(
        "The key at this name is empty: it was revoked. Make a new one at your provider."
    ),
    ("dkim", Finding.NO_SELECTOR): gettext_lazy(
        "Type in the DKIM selector that your provider shows, so that its key can be looked for."
    ),
    ("dmarc", Finding.FINE): gettext_lazy("There is a policy."),
    ("dmarc", Finding.MISSING): gettext_lazy(
        "There is no policy. Large mailboxes ask for one. Add this:"
    ),
    ("dmarc", Finding.TWICE): gettext_lazy("There are two policies, so neither counts. Keep one."),
    ("dmarc", Finding.UNREADABLE): gettext_lazy(
        "The policy cannot be read: p must be none, quarantine or reject."
    ),
}


@dataclass(frozen=True, slots=True)
class State:
    """How a channel stands: `health` and `word` for components/health.html, and a sentence."""

    health: str
    sentence: str = ""
    word: str = ""


def state_of(kind: Kind, row: ChannelSetting | None) -> State:
    """The channel as it is now."""
    if not is_connected(kind, row):
        return State("unknown", word=_("Not set up"))
    if not (row.is_on if row else kind.is_on):
        return State("off", _("Nothing is sent by it."))
    provider = provider_of(kind, row)
    if provider is None or row is None:
        is_ours = kind.reach in {Reach.FEED, Reach.BROWSER}
        return State("ok", "" if is_ours else _("By this installation’s account."))
    if not is_used(row):
        words = _(
            "From this installation’s address in your name, until your domain’s records are right."
        )
        return State("slow", words, _("Not finished"))
    if row.problem:
        return State("down", row.problem, _("The last try failed"))
    return State("ok", _("By your own account: %(provider)s.") % {"provider": provider.label})


def is_connected(kind: Kind, row: ChannelSetting | None) -> bool:
    """Whether somebody set it up: the operator, or the merchant."""
    return kind.is_ready() or provider_of(kind, row) is not None


def provider_of(kind: Kind, row: ChannelSetting | None) -> Provider | None:
    """Through whom the merchant's own account goes."""
    return kind.providers.get(row.provider) if row else None


def keys_are_lost(kind: Kind, row: ChannelSetting | None) -> bool:
    """Whether secrets that the provider needs cannot be opened, or were never typed in."""
    provider, account = provider_of(kind, row), account_from(row) if row else None
    return bool(provider and account and provider.missing(account))


def domain_rows(checks: list[Check]) -> list[dict[str, Any]]:
    """The three checks for the page."""
    return [
        {
            "name": _CHECKS[one.name],
            "is_good": one.is_good,
            "words": _FINDINGS.get((one.name, one.finding), ""),
            "host": one.host,
            "record": one.record,
            "seen": one.seen,
        }
        for one in checks
    ]


def may_check_domain(row: ChannelSetting | None) -> bool:
    return bool(row and row.channel == EMAIL and row.provider and row.sender)
