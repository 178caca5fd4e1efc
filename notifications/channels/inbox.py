"""The shopper's own feed: a message is there as soon as it is written, nothing is handed over."""

from __future__ import annotations

from typing import ClassVar

from notifications.channels.base import ChannelError, Doubt, Letter


class InboxChannel:
    """Sends nothing: `notifications.drafting` marks these messages delivered when it writes them,
    and the page, the feed and the API read the rows."""

    slug: ClassVar[str] = "inbox"
    doubt: ClassVar[Doubt] = Doubt.LEAVE

    def send(self, letter: Letter) -> str:
        return ""

    def candidates(self, letter: Letter) -> list[str]:
        raise ChannelError("The feed is read, not asked")

    def close(self) -> None:
        """Nothing is open."""
