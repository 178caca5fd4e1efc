"""Why a message was not sent: a code to count by, and the words a merchant reads."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop


class Unsent(StrEnum):
    """Codes of `Message.reason_code`."""

    NONE = ""
    SUPERSEDED = "superseded"
    NO_ADDRESS = "no_address"
    SUPPRESSED = "suppressed"
    MUTED = "muted"
    NOT_CHOSEN = "not_chosen"
    NO_CONSENT = "no_consent"
    QUIET_ORDER = "quiet_order"
    TOO_OLD = "too_old"
    NIGHT = "night"
    SEEN = "seen"
    ENOUGH = "enough"
    NOT_NEEDED = "not_needed"
    NOT_TRUE = "not_true"
    RULE_OFF = "rule_off"
    CHANNEL_OFF = "channel_off"
    COUNTRY = "country"
    NO_TEMPLATE = "no_template"
    GIFT = "gift"
    TAKEN_OFF = "taken_off"
    REFUSED = "refused"
    NOT_DELIVERED = "not_delivered"
    UNCERTAIN = "uncertain"


#: As a column heading or a filter.
LABELS: Final[dict[Unsent, Promise]] = {
    Unsent.SUPERSEDED: _("A newer message said more"),
    Unsent.NO_ADDRESS: _("No address or number"),
    Unsent.SUPPRESSED: _("Address must not be written to"),
    Unsent.MUTED: _("The shopper wants no messages"),
    Unsent.NOT_CHOSEN: _("The shopper chose another way"),
    Unsent.NO_CONSENT: _("No consent to offers"),
    Unsent.QUIET_ORDER: _("Nobody of this order is written to"),
    Unsent.TOO_OLD: _("Old news by the time we heard"),
    Unsent.NIGHT: _("Night there, and old by morning"),
    Unsent.SEEN: _("The shopper had seen it"),
    Unsent.ENOUGH: _("Enough messages that day"),
    Unsent.NOT_NEEDED: _("Done already"),
    Unsent.NOT_TRUE: _("No longer so"),
    Unsent.RULE_OFF: _("The rule was switched off"),
    Unsent.CHANNEL_OFF: _("The channel was switched off"),
    Unsent.COUNTRY: _("Not allowed in that country"),
    Unsent.NO_TEMPLATE: _("WhatsApp has not approved its template"),
    Unsent.GIFT: _("A present, before its day"),
    Unsent.TAKEN_OFF: _("No longer told about the order"),
    Unsent.REFUSED: _("The provider refused it"),
    Unsent.NOT_DELIVERED: _("It did not arrive"),
    Unsent.UNCERTAIN: _("Nobody knows whether it went out"),
}

SUPERSEDED: Final = gettext_noop("A newer message already says more.")
TOO_OLD: Final = gettext_noop("It had happened too long ago when we learned of it.")
NIGHT: Final = gettext_noop("It was night there, and by morning it would have been old.")
SEEN: Final = gettext_noop("The shopper had opened the page after it happened.")
ENOUGH: Final = gettext_noop("The shopper had enough messages about this order that day.")
NOT_TRUE: Final = gettext_noop("It was no longer so when the time came.")
RULE_OFF: Final = gettext_noop("The rule was switched off while it waited.")
CHANNEL_OFF: Final = gettext_noop("The channel was switched off while it waited.")
MUTED: Final = gettext_noop("The shopper asked for no messages.")
MUTED_ORDER: Final = gettext_noop("The shopper asked for no messages about this order.")
MUTED_TOPIC: Final = gettext_noop("The shopper asked for no messages of this kind.")
NOT_CHOSEN: Final = gettext_noop("The shopper chose other ways to be told.")
NO_CONSENT: Final = gettext_noop("The shopper has not agreed to offers.")
GIFT: Final = gettext_noop("It is a present, and this would have spoiled the surprise.")
TAKEN_OFF: Final = gettext_noop("Somebody took this person off the order.")
LASTS: Final = gettext_noop("Nothing in this order runs out, by the shop’s list of products.")
NOT_NEEDED: Final = gettext_noop("The address is complete by now, or the parcel on its way.")
ANSWERED: Final = gettext_noop("It was answered already.")
NO_EMAIL: Final = gettext_noop("No e-mail address is known.")
NO_PHONE: Final = gettext_noop("No phone number is known that could receive it.")


class Reason(str):
    """Words with the code that they are counted under; empty where there is no reason."""

    code: Unsent

    __slots__ = ("code",)

    def __new__(cls, code: Unsent, words: str) -> Reason:
        made = super().__new__(cls, words)
        made.code = code
        return made


NO_REASON: Final = Reason(Unsent.NONE, "")
