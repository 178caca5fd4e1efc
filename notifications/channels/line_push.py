"""LINE: a push message of a merchant's official account to one of its friends.

https://developers.line.biz/en/reference/messaging-api/#send-push-message
https://developers.line.biz/en/docs/messaging-api/retrying-api-request/

Built from the documents. A second try carries the same `X-Line-Retry-Key`: LINE then answers 409
and does not send twice. A person's LINE id is known only where the shop gave it.
"""

from __future__ import annotations

import json
import uuid
from typing import ClassVar, Final

from django.conf import settings

from notifications.channels.base import Account, ChannelError, Doubt, Letter
from notifications.channels.calls import Line, at_path, check_status, json_of

_NAME: Final = "LINE"
_LONGEST: Final = 5000
#: Our ids are numbers; LINE wants a UUID of them, the same for every try of a message.
_NAMESPACE: Final = uuid.UUID("6f2b1c0e-5c43-4f0a-9a57-2f7c1d9f4b11")


class LineChannel:
    """One push a message; the retry key makes a second try safe."""

    slug: ClassVar[str] = "line"
    doubt: ClassVar[Doubt] = Doubt.SEND_AGAIN

    def __init__(self, account: Account) -> None:
        self._account = account
        self._line = Line(_NAME)

    def send(self, letter: Letter) -> str:
        content = {"to": letter.to, "messages": [{"type": "text", "text": letter.text[:_LONGEST]}]}
        response = self._line.call(
            "POST",
            _address(),
            headers={
                "Authorization": f"Bearer {self._account.secrets.get('access_token', '')}",
                "Content-Type": "application/json",
                "X-Line-Retry-Key": str(uuid.uuid5(_NAMESPACE, letter.message_id)),
            },
            content=json.dumps(content, ensure_ascii=False).encode(),
        )
        answer = json_of(response)
        # 409: this very message was accepted before.
        if response.status_code != 409:
            check_status(response, _NAME, said=at_path(answer, "message"))
        return self._account.id_of(at_path(answer, "sentMessages.0.id"))

    def candidates(self, letter: Letter) -> list[str]:
        raise ChannelError("LINE cannot be asked about a message")

    def close(self) -> None:
        self._line.close()


def _address() -> str:
    return f"{settings.LINE_API_URL}/v2/bot/message/push"
