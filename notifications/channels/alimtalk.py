"""KakaoTalk AlimTalk through NHN Cloud's KakaoTalk Bizmessage, API v2.3.

https://docs.nhncloud.com/en/Notification/KakaoTalk%20Bizmessage/en/alimtalk-api-guide/
https://docs.nhncloud.com/en/Notification/KakaoTalk%20Bizmessage/en/webhook-api-guide/

Built from the documents. Kakao carries approved templates only, so a merchant says which template
code tells which topic in which language; NHN's own fail-over to SMS is not asked for, ours goes by
the rule's chain. Our reference travels as `recipientGroupingKey` and finds the message again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, ClassVar, Final
from zoneinfo import ZoneInfo

from django.conf import settings

from notifications.channels.base import Account, ChannelError, Doubt, Letter
from notifications.channels.calls import Line, at_path, check_status, json_of

_NAME: Final = "NHN Cloud"
_SEOUL: Final = ZoneInfo("Asia/Seoul")
_CLOCKS: Final = timedelta(minutes=5)
#: The list shows requests of at most 30 days.
_WINDOW: Final = timedelta(days=1)


class AlimTalkChannel:
    """One request a message; in doubt the list of requests is asked for our reference."""

    slug: ClassVar[str] = "alimtalk"
    doubt: ClassVar[Doubt] = Doubt.ASK

    def __init__(self, account: Account) -> None:
        self._account = account
        self._line = Line(_NAME)

    def send(self, letter: Letter) -> str:
        code = template_of(self._account.config.get("templates", ""), letter)
        if not code:
            raise ChannelError(
                f"No approved template for “{letter.about}” in “{letter.language}”", permanent=True
            )
        content = {
            "senderKey": self._account.config.get("sender_key", ""),
            "templateCode": code,
            "recipientList": [
                {
                    "recipientNo": recipient_number(letter.to),
                    "templateParameter": words_of(letter),
                    "resendParameter": {"isResend": False},
                    "recipientGroupingKey": letter.reference,
                }
            ],
        }
        response = self._line.call(
            "POST",
            self._address(),
            headers={
                **self._headers(),
                "Content-Type": "application/json;charset=UTF-8",
                # A second request under this key fails for ten minutes: no accidental copy.
                "X-NC-API-IDEMPOTENCY-KEY": letter.message_id.strip("<>"),
            },
            content=json.dumps(content, ensure_ascii=False).encode(),
        )
        answer = json_of(response)
        check_status(response, _NAME, said=at_path(answer, "header.resultMessage"))
        _check_inside(answer)
        seq = at_path(answer, "message.sendResults.0.recipientSeq")
        return self._account.id_of(f"{at_path(answer, 'message.requestId')}/{seq}")

    def candidates(self, letter: Letter) -> list[str]:
        since = (letter.written_at - _CLOCKS).astimezone(_SEOUL)
        response = self._line.call(
            "GET",
            self._address(),
            headers=self._headers(),
            params={
                "startRequestDate": f"{since:%Y-%m-%d %H:%M}",
                "endRequestDate": f"{since + _WINDOW:%Y-%m-%d %H:%M}",
                "recipientGroupingKey": letter.reference,
            },
        )
        answer = json_of(response)
        if not response.is_success or at_path(answer, "header.isSuccessful") != "true":
            raise ChannelError(f"{_NAME} could not be asked")
        rows = answer["messageSearchResultResponse"].get("messages") or []
        return [
            self._account.id_of(f"{row['requestId']}/{row['recipientSeq']}")
            for row in rows
            if row.get("recipientGroupingKey") == letter.reference
        ]

    def close(self) -> None:
        self._line.close()

    def _address(self) -> str:
        app_key = self._account.config.get("app_key", "")
        return f"{settings.ALIMTALK_API_URL}/alimtalk/v2.3/appkeys/{app_key}/messages"

    def _headers(self) -> dict[str, str]:
        return {"X-Secret-Key": self._account.secrets.get("secret_key", "")}


def _check_inside(answer: Any) -> None:
    """NHN answers 200 to what it refuses: its header says so, and for one number its result."""
    if at_path(answer, "header.isSuccessful") != "true":
        code = at_path(answer, "header.resultCode") or "?"
        said = at_path(answer, "header.resultMessage")
        raise ChannelError(f"{_NAME} refused it ({code}): {said}"[:280])
    code = at_path(answer, "message.sendResults.0.resultCode")
    if code != "0":
        said = at_path(answer, "message.sendResults.0.resultMessage")
        raise ChannelError(f"{_NAME} refused the number ({code}): {said}"[:280], permanent=True)


def template_of(table: str, letter: Letter) -> str:
    """The code on the line "topic language CODE" that fits; "" for none. A line without a
    language ("topic CODE") is for every one. A test takes the first."""
    found = ""
    for line in table.splitlines():
        match line.split():
            case [_, *_, code] if letter.about == "test":
                return code
            case [topic, language, code] if topic == letter.about and language == letter.language:
                return code
            case [topic, code] if topic == letter.about:
                found = code
            case _:
                continue
    return found


def words_of(letter: Letter) -> Mapping[str, str]:
    """What a template's variables are filled with: #{shop}, #{name}, #{message}, #{link}."""
    return {
        "shop": letter.from_name,
        "name": letter.to_name,
        "message": letter.text,
        "link": letter.link,
    }


def recipient_number(number: str) -> str:
    """A Korean number as it is dialled there; any other with its country code."""
    return f"0{number[3:]}" if number.startswith("+82") else number.removeprefix("+")
