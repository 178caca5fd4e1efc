"""How a domain and its records stand, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from dashboard.clock import Clock
from lib.domain_names import Fault, is_apex, shown
from merchants.domain_records import proof_name, proof_value
from merchants.domains import GRACE, Refusal
from merchants.models import Domain

#: Tone and icon of a finding; "" before the first look.
_FINDINGS: Final[dict[str, tuple[str, str]]] = {
    "": ("quiet", "circle-dashed"),
    Domain.Finding.FOUND: ("good", "circle-check"),
    Domain.Finding.MISSING: ("wait", "clock"),
    Domain.Finding.OTHER: ("act", "circle-alert"),
}
_FAULTS: Final[dict[Fault | Refusal, Promise]] = {
    Fault.UNREADABLE: gettext_lazy("Enter a domain such as track.shop.example."),
    Fault.ADDRESS: gettext_lazy("This is an IP address. Enter a name such as track.shop.example."),
    Fault.PATH: gettext_lazy(
        "This has something behind its name. Enter the name alone; a path of your site is set "
        "under “Look”."
    ),
    Fault.SUFFIX: gettext_lazy(
        "Domains end with this, but it is none by itself. Enter yours, such as track.shop.example."
    ),
    Refusal.OURS: gettext_lazy("This name is our own. Enter a domain of yours."),
    Refusal.TAKEN: gettext_lazy("This domain cannot be used."),
    Refusal.TOO_MANY: gettext_lazy(
        "These are as many as a shop can have. Remove one that you no longer need."
    ),
    Refusal.HAS_IT: gettext_lazy("This domain is on your list already."),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """How a domain stands: `tone`, `icon` and `word` for components/pill.html, and a sentence."""

    tone: str
    icon: str
    word: str
    sentence: str


def refusal_words(why: Fault | Refusal) -> str:
    """Why a name cannot be added."""
    return str(_FAULTS[why])


def standing(domain: Domain, clock: Clock) -> Standing:
    """The state of a domain as a whole."""
    if domain.verified_at and domain.failing_since:
        word, sentence = _("Records are missing"), _failing(domain, clock)
        return Standing("act", "circle-alert", word, sentence)
    if domain.verified_at:
        word = pgettext("a domain", "Connected")
        return Standing("good", "circle-check", word, _connected(domain))
    if domain.is_right:
        word = pgettext("a domain", "Cannot be used")
        return Standing("act", "circle-alert", word, _(
            "Both records are there, but this domain cannot be used. If there are other TXT "
            "records of this name that begin with “homeward=”, remove them and check again."
        ))  # fmt: skip
    if domain.lost_at:
        word = pgettext("a domain", "No longer connected")
        return Standing("act", "unplug", word, _(
            "Your TXT record was gone, and the name was proven with another one. To have it back, "
            "set your record alone and check again."
        ))  # fmt: skip
    return _waiting(domain, clock)


def _waiting(domain: Domain, clock: Clock) -> Standing:
    until = domain.watched_until
    if until and until > clock.now:
        words = _("We look every few minutes, later every hour, until %(day)s.")
        sentence = words % {"day": clock.day(until.astimezone(clock.zone).date())}
        return Standing("wait", "clock", _("Waiting for the records"), sentence)
    return Standing("quiet", "circle-pause", _("Not found within a week"), _(
        "We no longer look by ourselves. When you have set the records, check again."
    ))  # fmt: skip


def _connected(domain: Domain) -> str:
    if domain.checked_at is None:
        return _("Set up by whoever runs this installation.")
    return _("Your pages are served there. We go on looking; leave both records in place.")


def _failing(domain: Domain, clock: Clock) -> str:
    if domain.failing_since is None or domain.failing_since <= clock.now - GRACE:
        return _(
            "Links in messages no longer lead there, until both records are back. Your pages "
            "still answer at this name if it leads here."
        )
    words = _("If they are not back by %(moment)s, links in messages no longer lead there.")
    return words % {"moment": clock.spoken(domain.failing_since + GRACE)}


def record_rows(domain: Domain) -> list[dict[str, Any]]:
    """What to set at the DNS provider, and what was found of each."""
    apex = is_apex(domain.host)
    kind = "ALIAS, ANAME" if apex else "CNAME"
    points = _record(kind, domain.host, settings.PAGES_HOST, domain.points, domain.points_seen)
    points["purpose"] = _("Brings your customers here.")
    proof = _record(
        "TXT", proof_name(domain.host), proof_value(domain.token), domain.proof, domain.proof_seen
    )
    proof["purpose"] = _("Proves that the domain is yours. Nobody else knows this value.")
    return [points | {"apex": _apex(domain) if apex else None}, proof]


def _record(kind: str, name: str, value: str, finding: str, seen: str) -> dict[str, Any]:
    tone, icon = _FINDINGS[finding]
    word = Domain.Finding(finding).label if finding else _("Not looked at yet")
    hint = ""
    if finding == Domain.Finding.MISSING:
        hint = _("DNS can take up to a day.")
    elif finding == Domain.Finding.OTHER:
        hint = _("Change it to the value above. This was found:")
    return {
        "kind": kind, "name": name, "value": value, "tone": tone, "icon": icon, "word": word,
        "hint": hint, "seen": seen if finding == Domain.Finding.OTHER else "",
    }  # fmt: skip


def _apex(domain: Domain) -> dict[str, Any]:
    """What a whole domain, which can have no CNAME, has instead; addresses only where the operator
    named some."""
    return {
        "addresses": [
            {"kind": "AAAA" if ":" in one else "A", "value": one}
            for one in settings.PAGES_ADDRESSES
        ],
        "below": f"track.{shown(domain.host)}",
    }
