"""What registered texts and the rules of countries say, in words."""

from __future__ import annotations

from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy, gettext_noop, pgettext_lazy

from lib.formats import time_of_day
from notifications.models import RegisteredText
from notifications.registered import LONGEST, Fault
from notifications.sms_rules import ANY, PROMOTION, SERVICE, Key, SmsRule, table

PLACEHOLDERS: Final[dict[str, Promise]] = {
    "shop": gettext_lazy("the shop’s name"),
    "number": gettext_lazy("the order’s number"),
    "carrier": gettext_lazy("the carrier’s name"),
    "name": gettext_lazy("the customer’s name"),
    "amount": gettext_lazy("the amount"),
    "code": gettext_lazy("the voucher’s code"),
    "worth": gettext_lazy("what the voucher is worth"),
}
FAULTS: Final[dict[Fault, Promise | str]] = {
    Fault.NO_VALUES: gettext_lazy("Without one {#var#} every customer would read the same."),
    Fault.OTHER_MARK: gettext_lazy("Only {#var#} stands for a value here."),
    Fault.COUNT: gettext_lazy("Each {#var#} needs its value below, and no more than these."),
    Fault.UNKNOWN: gettext_lazy("Choose a value that messages about this have, for each place."),
    Fault.LONG: gettext_lazy("At most %(n)s letters.") % {"n": LONGEST},
    Fault.LINK: gettext_lazy("A text to this country carries no link."),
    Fault.TAKEN: gettext_lazy("There is one for this country, topic and language already."),
}
STATES: Final[dict[str, tuple[str, str, Promise]]] = {
    RegisteredText.State.PENDING: (
        "wait", "clock", pgettext_lazy("a registered text", "Waits for the registry"),
    ),
    RegisteredText.State.APPROVED: (
        "good", "circle-check", pgettext_lazy("a registered text", "Approved"),
    ),
    RegisteredText.State.REFUSED: (
        "act", "circle-alert", pgettext_lazy("a registered text", "Refused"),
    ),
}  # fmt: skip
_KINDS: Final = {
    SERVICE: pgettext_lazy("kind of text message", "About an order"),
    PROMOTION: pgettext_lazy("kind of text message", "An offer"),
}
_SENDERS: Final = {
    "any": gettext_lazy("Any"),
    "registered": gettext_lazy("A registered name"),
    "number": gettext_lazy("A telephone number"),
}
#: The notes of `notifications/sms_rules.csv`, for the catalogues.
NOTES: Final = (
    gettext_noop("Most countries ask for daytime."),
    gettext_noop(
        "One-way: nobody can answer STOP. Links, chat links and numbers in the text only where "
        "they are allow-listed."
    ),
    gettext_noop("The sender of an offer begins with AD-."),
    gettext_noop(
        "One-way. Links only where they are allow-listed, shorteners never; the same text many "
        "times in a short while is held back."
    ),
    gettext_noop("Sources differ about the hours."),
    gettext_noop("One-way."),
    gettext_noop(
        "TRAI's DLT: entity, header and template are registered, and the text is the template's."
    ),
    gettext_noop("TRAI's DLT, as for service texts; offers by day alone."),
    gettext_noop("Not on Sundays and public holidays."),
    gettext_noop("Numbers are registered for A2P 10DLC."),
    gettext_noop("Hours of the recipient, by law."),
    gettext_noop("Hours of the recipient."),
    gettext_noop("Senders that are not registered arrive as “Likely-SCAM”."),
)


def state(row: RegisteredText) -> dict[str, Any]:
    """For a pill."""
    tone, icon, word = STATES[row.state]
    return {"tone": tone, "icon": icon, "state": word}


def asked(rule: SmsRule) -> str:
    """What a country asks of texts, as it stands in the table."""
    return gettext(rule.note) if rule.note else ""


def lines(own: dict[Key, SmsRule], names: dict[str, str], language: str) -> list[dict[str, Any]]:
    """The whole table, the rule for everywhere first, then by the countries' names."""
    rows = {**table(), **own}
    keys = sorted(rows, key=lambda key: (key[0] != ANY, names.get(key[0], ""), key[2] != SERVICE))
    return [_line(key, rows[key], key in own, names, language) for key in keys]


def _line(
    key: Key, rule: SmsRule, is_own: bool, names: dict[str, str], language: str
) -> dict[str, Any]:
    country, provider, kind = key
    sender = str(_SENDERS[rule.sender])
    return {
        "country": gettext("Everywhere else") if country == ANY else names.get(country, country),
        "provider": "" if provider == ANY else provider,
        "kind": _KINDS[kind],
        "hours": _hours(rule, language),
        "may_link": rule.may_link,
        "sender": f"{sender} ({rule.prefix}…)" if rule.prefix else sender,
        "is_one_way": rule.stop == "none",
        "is_registered": rule.is_registered,
        "note": asked(rule),
        "is_own": is_own,
    }


def _hours(rule: SmsRule, language: str) -> str:
    if rule.first is None or rule.last is None:
        return gettext("At any hour")
    return f"{time_of_day(rule.first, language)} – {time_of_day(rule.last, language)}"
