"""The other providers that the sandbox plays, each as its documentation gives it: an SMS gateway
with a form of its own, NHN Cloud's AlimTalk, LINE's push, Postmark's mail.

https://docs.nhncloud.com/en/Notification/KakaoTalk%20Bizmessage/en/alimtalk-api-guide/
https://developers.line.biz/en/reference/messaging-api/#send-push-message
https://postmarkapp.com/developer/api/email-api
"""

from __future__ import annotations

import asyncio
import json
from typing import Any, Final

from aiohttp import web

from notifications.sandbox.state import FailureMode, State

#: What each accepts as its key; anything else is a 401.
KEY: Final = "local-key"
WAIT_SECONDS: Final = 7

_OK: Final[dict[str, Any]] = {
    "sms": {"success": True, "errorCode": "ER-00", "data": {"MessageID": "{n}"}},
    "alimtalk": {
        "header": {"resultCode": 0, "resultMessage": "success", "isSuccessful": True},
        "message": {
            "requestId": "req-{n}",
            "sendResults": [{"recipientSeq": 1, "resultCode": 0, "resultMessage": "success"}],
        },
    },
    "line": {"sentMessages": [{"id": "{n}", "quoteToken": "q"}]},
    "postmark": {
        "To": "sara@shopper.example",
        "MessageID": "pm-{n}",
        "ErrorCode": 0,
        "Message": "OK",
    },
}
#: An error inside an answer of 200, where the vendor does that; else 400.
_INSIDE: Final[dict[str, Any]] = {
    "sms": {"success": False, "errorCode": "ER-02", "message": "Invalid destination number"},
    "alimtalk": {
        "header": {"resultCode": -1000, "resultMessage": "Invalid appKey", "isSuccessful": False}
    },
}


async def post(state: State, request: web.Request, gateway: str) -> web.Response | None:
    """Take one message; None where the connection is to be cut off instead of an answer."""
    mode: FailureMode = state.take_failure()
    if _key(request, gateway) != KEY or mode == "401":
        return web.json_response({"message": "Authentication failed"}, status=401)
    if mode in {"reset", "silence"}:
        await asyncio.sleep(120.0 if mode == "silence" else 0)
        return None
    if mode == "429":
        wait = {"Retry-After": str(WAIT_SECONDS)}
        return web.json_response({"message": "Too many"}, status=429, headers=wait)
    if mode in {"400", "500"}:
        return web.json_response({"message": "No"}, status=int(mode))
    if mode == "inside":
        return web.json_response(
            _INSIDE.get(gateway, {}), status=200 if gateway in _INSIDE else 400
        )
    raw = await request.read()
    again = request.headers.get("X-Line-Retry-Key")
    if again and any(one["headers"].get("x-line-retry-key") == again for one in state.posted):
        return web.json_response({"message": "The retry key is already accepted"}, status=409)
    headers = {name.lower(): value for name, value in request.headers.items()}
    state.posted.append({"gateway": gateway, "headers": headers, "content": _content(raw)})
    if mode == "cut":
        return None
    number = str(9000 + len(state.posted))
    return web.json_response(json.loads(json.dumps(_OK[gateway]).replace("{n}", number)))


def alimtalk_list(state: State, grouping_key: str) -> dict[str, Any]:
    """The requests with this key, as NHN lists them."""
    found = [
        {"requestId": f"req-{9000 + nth}", "recipientSeq": 1, "recipientGroupingKey": grouping_key}
        for nth, one in enumerate(state.posted, start=1)
        if one["gateway"] == "alimtalk"
        and one["content"]["recipientList"][0]["recipientGroupingKey"] == grouping_key
    ]
    return {
        "header": {"resultCode": 0, "resultMessage": "success", "isSuccessful": True},
        "messageSearchResultResponse": {"messages": found, "totalCount": len(found)},
    }


def _content(raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except ValueError:
        return raw.decode()


def _key(request: web.Request, gateway: str) -> str:
    headers = request.headers
    match gateway:
        case "alimtalk":
            return headers.get("X-Secret-Key", "")
        case "postmark":
            return headers.get("X-Postmark-Server-Token", "")
    return headers.get("Authorization", "").removeprefix("Bearer ")
