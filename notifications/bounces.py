"""Whether a bounce is for good. Providers report a full mailbox and an address that does not exist
under one name, and anymail keeps only that name: what tells them apart is in the details.

https://anymail.dev/en/stable/sending/tracking/ ; codes: RFC 3463 (4.X.X is persistent but passing,
X.2.2 a full mailbox).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from anymail.signals import EventType, RejectReason

#: Where vendors say what kind of a bounce it was: Brevo, MailerSend and Mailtrap; Postmark;
#: SparkPost; Mailjet.
_KINDS: Final = ("event", "type", "Type", "bounce_class", "error")
#: SparkPost: soft bounce, DNS failure, mailbox full, too large, transient.
_PASSING_CLASSES: Final = frozenset({"20", "21", "22", "23", "70"})
_PASSING: Final = re.compile(
    r"soft|transient|temporar|mailbox (?:is )?full|over ?quota|quota exceeded|greylist"
    r"|\b4\.\d{1,3}\.\d{1,3}\b|\b5\.2\.2\b|^\s*4\d\d[ -]",
    re.I,
)


def is_passing(event: Any) -> bool:
    """Whether this bounce may be over tomorrow; `event` is an AnymailTrackingEvent."""
    if event.event_type not in {EventType.BOUNCED, EventType.DEFERRED, EventType.FAILED}:
        return False
    raw = event.esp_event if isinstance(event.esp_event, Mapping) else {}
    if str(raw.get("bounce_class", "")) in _PASSING_CLASSES or raw.get("hard_bounce") is False:
        return True
    said = [event.description, event.mta_response, *(raw.get(kind) for kind in _KINDS)]
    return any(_PASSING.search(str(words)) for words in said if words)


def is_filtered(event: Any) -> bool:
    """Whether a filter took this one mail for spam: that is no complaint of the address's owner."""
    return bool(event.event_type == EventType.BOUNCED and event.reject_reason == RejectReason.SPAM)
