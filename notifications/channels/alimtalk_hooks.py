"""What NHN Cloud posts about AlimTalk messages: the result of each.

https://docs.nhncloud.com/en/Notification/KakaoTalk%20Bizmessage/en/webhook-api-guide/
The header holds the signature that was typed in with the webhook, as it is.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from typing import Any, Final

from notifications.answers.said import Said
from notifications.channels.base import Account
from notifications.channels.calls import at_path
from notifications.incoming import Fate, Receipt

_RESULTS: Final = "MESSAGE_RESULT_UPDATE"
_DELIVERED: Final = "MRC01"
_FAILED: Final = "MRC02"


def is_signed(account: Account, headers: Mapping[str, str]) -> bool:
    """Whether it carries this account's signature; without one the address alone proves it."""
    wanted = account.secrets.get("webhook_signature", "")
    given = headers.get("x-toast-webhook-signature", "")
    return not wanted or hmac.compare_digest(given.encode(), wanted.encode())


def read(account: Account, body: bytes) -> list[Receipt | Said]:
    """The result of each message; other events, and codes that we do not know, say nothing."""
    try:
        content = json.loads(body)
    except ValueError:
        return []
    if at_path(content, "event") != _RESULTS or not isinstance(content.get("hooks"), list):
        return []
    found = (_receipt(account, one) for one in content["hooks"] if isinstance(one, dict))
    return [one for one in found if one is not None]


def _receipt(account: Account, hook: Mapping[str, Any]) -> Receipt | None:
    theirs = account.id_of(f"{at_path(hook, 'requestId')}/{at_path(hook, 'recipientSeq')}")
    reference = at_path(hook, "recipientGroupingKey")
    match at_path(hook, "resultCode"):
        case code if code == _DELIVERED:
            return Receipt(theirs, reference, Fate.DELIVERED)
        case code if code == _FAILED:
            words = at_path(hook, "resultCodeName")
            said = f"KakaoTalk did not deliver it: {words}." if words else (
                "KakaoTalk did not deliver it."
            )  # fmt: skip
            return Receipt(theirs, reference, Fate.FAILED, said)
    return None
