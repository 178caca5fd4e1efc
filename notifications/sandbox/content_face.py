"""Twilio's Content API, as its documentation gives it, on a server that plays Twilio.

https://www.twilio.com/docs/content/content-api-resources
"""

from __future__ import annotations

import re
import secrets
from typing import Any, Final

from notifications.sandbox.state import Content, State
from notifications.sandbox.twilio_face import Refused

_LONGEST: Final = 1024


def create(state: State, body: dict[str, Any], account: str) -> dict[str, Any]:
    """Make a content. Raises Refused."""
    text = str(body.get("types", {}).get("twilio/text", {}).get("body", ""))
    if not text or len(text) > _LONGEST or not body.get("language"):
        raise Refused(63021)
    made = Content(
        sid=f"HX{secrets.token_hex(16)}",
        name=str(body.get("friendly_name", "")),
        language=str(body["language"]),
        body=text,
        variables={str(name): str(value) for name, value in body.get("variables", {}).items()},
    )
    state.contents[made.sid] = made
    state.save()
    return {
        "sid": made.sid, "account_sid": account, "friendly_name": made.name,
        "language": made.language, "variables": made.variables,
        "types": {"twilio/text": {"body": text}},
    }  # fmt: skip


def hand_in(state: State, sid: str, body: dict[str, Any]) -> dict[str, Any]:
    """Ask for approval; what follows is the state's `verdict`. Raises Refused."""
    content = _found(state, sid)
    content.name, content.category = str(body.get("name", "")), str(body.get("category", ""))
    content.status = "received"
    answer = _approval(content)
    content.status = state.verdict
    state.save()
    return answer


def approval(state: State, sid: str, account: str) -> dict[str, Any]:
    """How it stands. Raises Refused."""
    return {"sid": sid, "account_sid": account, "whatsapp": _approval(_found(state, sid))}


def filled(state: State, form: dict[str, str], variables: dict[str, Any]) -> str:
    """The text of a message that names a content; its own where it names none. Raises Refused."""
    sid = form.get("ContentSid", "")
    if not sid:
        return form.get("Body", "")
    content = state.contents.get(sid)
    if content is None or content.status != "approved":
        raise Refused(21655)
    values = content.variables | {name: str(value) for name, value in variables.items()}
    if any(not value.strip() or "\n" in value for value in values.values()):
        raise Refused(21656)
    return re.sub(r"\{\{(\d+)\}\}", lambda found: values.get(found[1], ""), content.body)


def _found(state: State, sid: str) -> Content:
    content = state.contents.get(sid)
    if content is None:
        raise Refused(20404, 404)
    return content


def _approval(content: Content) -> dict[str, Any]:
    return {
        "type": "whatsapp", "name": content.name, "category": content.category,
        "content_type": "twilio/text", "status": content.status,
        "rejection_reason": content.reason, "allow_category_change": True,
    }  # fmt: skip
