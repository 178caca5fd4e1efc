"""A channel that nobody can send by: its letters wait, and say why."""

from __future__ import annotations

from typing import ClassVar

from notifications.channels.base import ChannelError, Doubt, Letter

#: Shown to the merchant; the message is tried again, in case it is set up meanwhile.
NOT_SET_UP = "The account of this channel is not set up, or its keys must be typed in anew"


class NotSetUp:
    """Refuses every letter without having sent anything."""

    slug: ClassVar[str] = "not_set_up"
    doubt: ClassVar[Doubt] = Doubt.LEAVE

    def send(self, letter: Letter) -> str:
        raise ChannelError(NOT_SET_UP)

    def candidates(self, letter: Letter) -> list[str]:
        raise ChannelError(NOT_SET_UP)

    def close(self) -> None:
        """Nothing is open."""
