"""Twilio's Content API: WhatsApp templates are made, handed in for approval, and asked about.

https://www.twilio.com/docs/content/content-api-resources
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

import requests
from django.conf import settings

from notifications.channels.base import ChannelError

TIMEOUT_SECONDS: Final = 15.0
_CLOUD: Final = "https://content.twilio.com"
#: Twilio's word for WhatsApp's, as far as they differ from ours. What is not here stays pending.
_STATES: Final = {
    "approved": "approved",
    "rejected": "rejected",
    "paused": "paused",
    "disabled": "disabled",
}


@dataclass(frozen=True, slots=True)
class Approval:
    """How a template stands: a state of ours, WhatsApp's category, and why."""

    state: str
    category: str
    reason: str


def create(*, name: str, language: str, body: str, examples: Mapping[str, str]) -> str:
    """Make the content; returns its sid. Raises ChannelError."""
    made = _call(
        "POST",
        "/v1/Content",
        {
            "friendly_name": name,
            "language": _language(language),
            "variables": dict(examples),
            "types": {"twilio/text": {"body": body}},
        },
    )
    return str(made.get("sid", ""))


def hand_in(sid: str, *, name: str, category: str) -> Approval:
    """Ask WhatsApp to approve it. Raises ChannelError."""
    path = f"/v1/Content/{sid}/ApprovalRequests/whatsapp"
    return _approval(_call("POST", path, {"name": name, "category": category}))


def approval(sid: str) -> Approval:
    """How it stands now. Raises ChannelError."""
    found = _call("GET", f"/v1/Content/{sid}/ApprovalRequests")
    return _approval(found.get("whatsapp") or {})


def _approval(said: Mapping[str, Any]) -> Approval:
    return Approval(
        state=_STATES.get(str(said.get("status", "")), "pending"),
        category=str(said.get("category", ""))[:10],
        reason=str(said.get("rejection_reason") or "")[:300],
    )


def _call(method: str, path: str, content: Mapping[str, Any] | None = None) -> dict[str, Any]:
    if not settings.TWILIO_ACCOUNT_SID:
        raise ChannelError("Twilio is not set up on this installation", permanent=True)
    try:
        response = requests.request(
            method,
            _base() + path,
            json=content,
            auth=(settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN),
            timeout=TIMEOUT_SECONDS,
        )
        answer = response.json()
    except requests.RequestException as error:
        raise ChannelError(f"Twilio could not be asked: {type(error).__name__}") from error
    said: dict[str, Any] = answer if isinstance(answer, dict) else {}
    if not response.ok:
        raise ChannelError(
            f"Twilio answered {response.status_code}: {str(said.get('message', ''))[:200]}",
            permanent=response.status_code in {400, 404},
        )
    return said


def _base() -> str:
    """Its own host; where a local server plays Twilio, that."""
    is_cloud = (urlsplit(settings.TWILIO_API_URL).hostname or "").endswith(".twilio.com")
    return _CLOUD if is_cloud else str(settings.TWILIO_API_URL)


def _language(tag: str) -> str:
    """Twilio takes WhatsApp's codes: zh_CN, pt_BR, en."""
    known = {"zh-hans": "zh_CN", "zh-hant": "zh_TW", "pt": "pt_PT"}
    return known.get(tag.lower(), tag.replace("-", "_"))
