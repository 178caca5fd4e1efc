"""Letters to providers, several at once: threads, each using a channel of its own. No database.

A line is one account of one channel. A slow account fills its own line and no other.
"""

from __future__ import annotations

import queue
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Final, Protocol

from notifications import pace
from notifications.channels.base import Account, Channel, ChannelError, Doubt, Letter
from notifications.channels.registry import CHANNELS, open_channel

#: Letters of a line are claimed in batches of this many times its connections; of those, so many
#: times are handed over, so that no connection waits for us.
_DEPTH: Final = 8
_READY: Final = 3

Work = Callable[[Channel, Letter], "str | list[str]"]


def send(channel: Channel, letter: Letter) -> str:
    """Hand it over; the provider's id."""
    return channel.send(letter)


def ask(channel: Channel, letter: Letter) -> list[str]:
    """Ask what the provider has that looks like it."""
    return channel.candidates(letter)


class Line(Protocol):
    """One account's way out."""

    key: str
    doubt: Doubt
    #: How many letters are claimed for it at most, and how many of them handed over.
    depth: int
    width: int

    def submit(self, work: Work, letter: Letter) -> Future[str | list[str]]: ...

    def close(self) -> None: ...


class Threads:
    """A line of several connections: an idle one is taken, a new one opened where all are busy."""

    def __init__(self, slug: str, account: Account | None) -> None:
        lanes = pace.lanes_of(slug)
        self.key = pace.key_of(slug, account)
        self.depth, self.width = lanes * _DEPTH, lanes * _READY
        self._open: Callable[[], Channel] = partial(open_channel, slug, account)
        self._idle: queue.SimpleQueue[Channel] = queue.SimpleQueue()
        first = self._open()
        self.doubt = first.doubt
        self._idle.put(first)
        self._pool = ThreadPoolExecutor(lanes, thread_name_prefix=f"send-{slug}")

    def submit(self, work: Work, letter: Letter) -> Future[str | list[str]]:
        return self._pool.submit(self._run, work, letter)

    def _run(self, work: Work, letter: Letter) -> str | list[str]:
        try:
            channel = self._idle.get_nowait()
        except queue.Empty:
            channel = self._open()
        try:
            return work(channel, letter)
        finally:
            self._idle.put(channel)

    def close(self) -> None:
        """Waits for what is on its way."""
        self._pool.shutdown(cancel_futures=True)
        while not self._idle.empty():
            self._idle.get_nowait().close()


class InTurn:
    """A channel that is open already: one letter after the other, in the caller's thread."""

    depth = width = 1

    def __init__(self, channel: Channel) -> None:
        self.key = channel.slug
        self.doubt = channel.doubt
        self._channel = channel

    def submit(self, work: Work, letter: Letter) -> Future[str | list[str]]:
        done: Future[str | list[str]] = Future()
        try:
            done.set_result(work(self._channel, letter))
        except ChannelError as error:
            done.set_exception(error)
        return done

    def close(self) -> None:
        """Whoever opened it closes it."""


class Lines:
    """The lines of one channel, opened as accounts are met; close them when done."""

    def __init__(self, slug: str, given: Mapping[str, Channel] | None = None) -> None:
        """`given`: channels to use instead, by slug."""
        self.slug = slug
        self._given = given
        self._lines: dict[Account | None, Line] = {}

    def is_open(self, account: Account | None) -> bool:
        """Whether there is a way out for this account at all."""
        return bool(self._given or account or CHANNELS[self.slug].is_ready())

    def line(self, account: Account | None) -> Line:
        """This account's (None: the operator's)."""
        if account not in self._lines:
            self._lines[account] = (
                InTurn(self._given[self.slug])
                if self._given is not None
                else Threads(self.slug, account)
            )
        return self._lines[account]

    def close(self) -> None:
        for line in self._lines.values():
            line.close()
