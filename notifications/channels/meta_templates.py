"""What Meta posts about WhatsApp's templates: their state and their category.

https://developers.facebook.com/docs/graph-api/webhooks/getting-started (handshake, signature)
https://developers.facebook.com/docs/whatsapp/business-management-api/webhooks/components
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings

#: An event that is not here changes nothing.
_STATES: Final = {
    "APPROVED": "approved",
    "REINSTATED": "approved",
    "PENDING": "pending",
    "IN_APPEAL": "pending",
    "REJECTED": "rejected",
    "PAUSED": "paused",
    "DISABLED": "disabled",
    "PENDING_DELETION": "disabled",
    "DELETED": "disabled",
}


@dataclass(frozen=True, slots=True)
class News:
    """What is said of one template; "" where nothing is said."""

    name: str
    state: str = ""
    category: str = ""
    reason: str = ""


def is_signed(*, headers: Mapping[str, str], body: bytes) -> bool:
    """Whether Meta sent this: HMAC-SHA256 of the raw body by the app's secret."""
    if not settings.META_APP_SECRET:
        return False
    digest = hmac.new(settings.META_APP_SECRET.encode(), body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(headers.get("x-hub-signature-256", ""), f"sha256={digest}")


def challenge(query: Mapping[str, str]) -> str:
    """What the handshake is answered with; "" where it is not ours to answer."""
    token = settings.META_VERIFY_TOKEN
    if not token or query.get("hub.mode") != "subscribe":
        return ""
    right = hmac.compare_digest(query.get("hub.verify_token", ""), token)
    return query.get("hub.challenge", "")[:200] if right else ""


def read(body: bytes) -> list[News]:
    """Everything that it says of templates, in order; nothing of what is no such webhook."""
    try:
        said = json.loads(body)
    except ValueError:
        return []
    return [news for value in _changes(said) if (news := _news(*value)) is not None]


def _changes(said: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for entry in _list(said, "entry"):
        for change in _list(entry, "changes"):
            value = change.get("value") if isinstance(change, dict) else None
            if isinstance(value, dict):
                yield str(change.get("field", "")), value


def _list(of: Any, name: str) -> list[Any]:
    found = of.get(name) if isinstance(of, dict) else None
    return found if isinstance(found, list) else []


def _news(field: str, value: Mapping[str, Any]) -> News | None:
    name = str(value.get("message_template_name", ""))
    if field == "message_template_status_update":
        state = _STATES.get(str(value.get("event", "")).upper(), "")
        reason = str(value.get("reason") or "")
        return News(name, state=state, reason="" if reason == "NONE" else reason[:300])
    if field == "template_category_update":
        # `correct_category` is what it will be moved to within a day.
        category = value.get("correct_category") or value.get("new_category")
        return News(name, category=str(category or "").upper()[:10])
    return None
