"""From messages to people: claimed and committed before anything is sent, noted as answers come.

What a crash leaves behind is a row in `sending` whose claim has run out; what a broken line
leaves behind is a row that is `uncertain`. Nobody knows whether the provider has the message.
The channel says what then (`channels.base.Doubt`): e-mail goes out once more under the same
Message-ID, by which mailboxes drop the second copy; Twilio is asked, and gets only what it has
not got; a web push is left alone. What cannot be settled stays `uncertain` for good.
"""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from concurrent.futures import Future, wait
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_noop

from lib.logs import where
from merchants.scope import every_merchant
from notifications import outcomes, pace, sending
from notifications.channels.base import Account, Channel, ChannelError, CutOff, Doubt
from notifications.channels.registry import CHANNELS, Reach
from notifications.claiming import CLAIM, Claimed, claim
from notifications.models import ChannelSetting, Message
from notifications.outcomes import Note
from notifications.reasons import Unsent
from notifications.sending import Line, Lines, Work

log = logging.getLogger("homeward.notifications")

STRANDED: Final = timedelta(days=1)
NOT_SET_UP: Final = gettext_noop("The channel is not set up any more.")
#: A letter that was not handed over after this long goes back to the queue: what is sent must be
#: noted before its claim runs out, and a slow account must not keep a worker.
_HAND_OVER: Final = min(CLAIM.total_seconds() / 2, 20.0)
#: Outcomes are noted this often. A crash leaves those of the last moment in doubt.
_NOTE_EVERY: Final = 0.05
#: Due messages are looked for again at least this often while others are on their way.
_LOOK_EVERY: Final = 0.5
#: A try that ended in nothing after so long was a provider that does not answer.
_SLOW: Final = 4.0

Channels = Mapping[str, Channel]


def deliver_due(
    *, clock: Callable[[], datetime], limit: int = 100, channels: Channels | None = None
) -> int:
    """Send what is due, at most `limit`, by every channel that is set up, or by these. Returns
    how many were taken. `clock` is asked before every claim and every note."""
    slugs = channels_in_use() if channels is None else list(channels)
    taken = 0
    for slug in slugs:
        taken += deliver_channel(slug, clock=clock, limit=limit - taken, channels=channels).taken
    return taken


def deliver_next(*, now: datetime, channels: Channels) -> bool:
    """Send one due message of these channels. False when none is due."""
    return deliver_due(clock=lambda: now, limit=1, channels=channels) > 0


def deliver_channel(
    slug: str,
    *,
    clock: Callable[[], datetime],
    limit: int,
    channels: Channels | None = None,
    goes_on: Callable[[], bool] = lambda: True,
) -> Swept:
    """Send one channel's messages until none is due, the limit is reached, or it no longer
    `goes_on`. No transaction is open while a provider works, so nothing that it does is ever
    rolled back on our side."""
    lines = Lines(slug, channels)
    try:
        return _Sweep(lines, clock=clock, limit=limit, goes_on=goes_on).run()
    finally:
        lines.close()


def channels_in_use() -> list[str]:
    """Those that the operator set up, or any merchant through an account of its own. Feeds have
    nothing to send."""
    with every_merchant("it is enough that one merchant has an account"):
        rows = ChannelSetting.objects.exclude(provider="").order_by()
        own = set(rows.values_list("channel", flat=True).distinct())
    sends = [(slug, kind) for slug, kind in CHANNELS.items() if kind.reach is not Reach.FEED]
    return [slug for slug, kind in sends if kind.is_ready() or slug in own]


def skip_stranded(*, now: datetime) -> int:
    """Give up what has waited a day for a channel that is no longer set up: told weeks later, it
    would be worse than never. Returns how many."""
    off = [kind.slug for kind in CHANNELS.values() if not kind.is_ready()]
    own = ChannelSetting.objects.filter(
        merchant_id=OuterRef("merchant_id"), channel=OuterRef("channel")
    ).exclude(provider="")
    with every_merchant("messages of all merchants wait in one queue"):
        return Message.objects.filter(
            ~Exists(own), channel__in=off, state=Message.State.WAITING, due_at__lt=now - STRANDED
        ).update(
            state=Message.State.SKIPPED,
            reason=NOT_SET_UP,
            reason_code=Unsent.CHANNEL_OFF,
            due_at=None,
        )


@dataclass(frozen=True, slots=True)
class Swept:
    """What one sweep did: rows taken, whether some were refused for good or withheld and the next
    channel is to be tried; `wait` as for `claiming.Haul`; `is_over`: nothing more was due."""

    taken: int
    falls_back: bool
    wait: float | None
    is_over: bool


@dataclass(frozen=True, slots=True)
class _Flight:
    """One question to a provider: a letter, or whether it has one. Not handed over after `until`,
    it goes back."""

    claimed: Claimed
    line: Line
    work: Work
    until: float
    #: When it was handed over.
    since: float = 0.0

    @property
    def is_last(self) -> bool:
        """The second try of what cannot be asked about: a crash in it ends the matter."""
        return self.claimed.is_doubtful and self.line.doubt is Doubt.SEND_AGAIN


class _Sweep:
    """One channel's messages between claim and note."""

    def __init__(
        self,
        lines: Lines,
        *,
        clock: Callable[[], datetime],
        limit: int,
        goes_on: Callable[[], bool],
    ) -> None:
        self._lines, self._clock, self._limit, self._goes_on = lines, clock, limit, goes_on
        #: Claimed and not handed over yet, in turn, and those on their way.
        self._ready: list[_Flight] = []
        self._flying: dict[Future[str | list[str]], _Flight] = {}
        #: Of those that were claimed, what is to be noted without asking anybody.
        self._withheld: list[Note] = []
        #: By line: how many are claimed, and how many of them are on their way.
        self._load: Counter[str] = Counter()
        self._away: Counter[str] = Counter()
        #: By line: letters in a row that a provider did not answer, and lines left alone.
        self._silent: Counter[str] = Counter()
        self._resting: set[str] = set()
        self._taken, self._falls_back = 0, False
        self._wait: float | None = None
        self._looked_at, self._was_full = 0.0, 0

    def run(self) -> Swept:
        notes: list[Note] = []
        while True:
            notes += [outcomes.released(one.message, now=self._clock()) for one in self._late()]
            going = self._next()
            # One transaction: what came back, and what goes next.
            begun = outcomes.write(
                notes,
                going=[(flight.claimed.message, flight.is_last) for flight in going],
                now=self._clock(),
            )
            self._hand_over(going, begun)
            touched = self._take() if self._may_take() else 0
            if not touched and not self._held:
                is_over = self._taken < self._limit and self._goes_on() and self._wait is None
                return Swept(self._taken, self._falls_back, self._wait, is_over)
            notes = self._settle()
            self._falls_back |= any(note.receipt_by and not note.is_sent for note in notes)

    @property
    def _held(self) -> int:
        return len(self._ready) + len(self._flying)

    def _may_take(self) -> bool:
        """Half of what was claimed is done, or a while has passed."""
        if self._taken >= self._limit or not self._goes_on():
            return False
        is_drained = self._held <= self._was_full // 2
        return is_drained or time.monotonic() - self._looked_at >= _LOOK_EVERY

    def _take(self) -> int:
        """Claim what there is room for. Returns how many rows were touched."""
        now, self._looked_at = self._clock(), time.monotonic()
        left = self._limit - self._taken
        haul = claim(self._lines, room=self._room, limit=left, now=now)
        self._taken, self._wait = self._taken + haul.touched, haul.wait
        self._falls_back |= haul.touched > len(haul.claimed)
        until = time.monotonic() + _HAND_OVER
        for one in haul.claimed:
            line = self._lines.line(one.account)
            asks = one.is_doubtful and line.doubt is Doubt.ASK
            if one.problem and not asks:
                self._withheld.append(outcomes.withheld(one.message, one.problem))
                continue
            self._ready.append(_Flight(one, line, sending.ask if asks else sending.send, until))
            self._load[line.key] += 1
        self._was_full = self._held
        return haul.touched

    def _room(self, account: Account | None) -> int:
        if not self._lines.is_open(account):
            return 0
        line = self._lines.line(account)
        return 0 if line.key in self._resting else line.depth - self._load[line.key]

    def _next(self) -> list[_Flight]:
        """As many as each line has connections for, and a few more."""
        going: list[_Flight] = []
        staying: list[_Flight] = []
        for flight in self._ready:
            has_room = self._away[flight.line.key] < flight.line.width
            self._away[flight.line.key] += has_room
            (going if has_room else staying).append(flight)
        self._ready = staying
        return going

    def _hand_over(self, going: Iterable[_Flight], begun: Collection[int]) -> None:
        """`begun` are the messages that are still ours and marked as being sent."""
        for flight in going:
            if flight.claimed.message.pk in begun:
                future = flight.line.submit(flight.work, flight.claimed.letter)
                self._flying[future] = replace(flight, since=time.monotonic())
            else:
                self._load[flight.line.key] -= 1
                self._away[flight.line.key] -= 1

    def _late(self) -> list[Claimed]:
        """What no connection has begun with and waited too long, or whose line rests: it is taken
        out of our hands."""
        at, goes_on = time.monotonic(), self._goes_on()

        def is_late(flight: _Flight) -> bool:
            return not goes_on or at >= flight.until or flight.line.key in self._resting

        late = [flight for flight in self._ready if is_late(flight)]
        self._ready = [flight for flight in self._ready if not is_late(flight)]
        for flight in late:
            self._load[flight.line.key] -= 1
        called_back = [
            future for future, flight in self._flying.items() if is_late(flight) and future.cancel()
        ]
        late += [self._land(future) for future in called_back]
        return [flight.claimed for flight in late]

    def _land(self, future: Future[str | list[str]]) -> _Flight:
        flight = self._flying.pop(future)
        self._load[flight.line.key] -= 1
        self._away[flight.line.key] -= 1
        return flight

    def _settle(self) -> list[Note]:
        """What is to be noted of those that came back since the last time."""
        done, _ = wait(self._flying, timeout=_NOTE_EVERY)
        notes: list[Note] = []
        asked: list[tuple[_Flight, list[str]]] = []
        for future in done:
            flight, error = self._land(future), future.exception()
            if error is not None and not isinstance(error, ChannelError):
                self._bug(error)
            elif flight.work is sending.ask and error is None:
                asked.append((flight, list(future.result())))
            else:
                notes.append(self._note(flight, error, future))
            self._watch(flight, error)
        notes += self._match(asked) + self._withheld
        self._withheld = []
        return notes

    def _note(
        self, flight: _Flight, error: BaseException | None, future: Future[str | list[str]]
    ) -> Note:
        one, doubt, now = flight.claimed, flight.line.doubt, self._clock()
        if error is None:
            twice = one.is_doubtful and doubt is Doubt.SEND_AGAIN
            return outcomes.sent(
                one.message, provider_id=str(future.result()), account=one.account,
                may_be_twice=twice, now=now,
            )  # fmt: skip
        assert isinstance(error, ChannelError)
        if flight.work is sending.ask:
            return outcomes.still_unknown(one.message, error, account=one.account, now=now)
        if isinstance(error, CutOff):
            return outcomes.cut_off(one.message, doubt=doubt, account=one.account, now=now)
        # What was asked about is not there: this refusal is the whole truth about it.
        may_be_there = one.is_doubtful and doubt is not Doubt.ASK
        return outcomes.refused(
            one.message, error, account=one.account, may_be_there=may_be_there, now=now
        )

    def _match(self, asked: Iterable[tuple[_Flight, list[str]]]) -> list[Note]:
        """Those that the provider has had all along; the others are sent now."""
        answers = list(asked)
        ids = {one for _, theirs in answers for one in theirs}
        if not answers:
            return []
        with every_merchant("two shops may write the same to one number"):
            rows = Message.objects.filter(channel=self._lines.slug, provider_id__in=ids)
            owners = dict(rows.values_list("provider_id", "pk"))
        notes: list[Note] = []
        for flight, theirs in answers:
            one = flight.claimed
            pk, now = one.message.pk, self._clock()
            mine = next((id_ for id_ in theirs if owners.get(id_, pk) == pk), "")
            if mine:
                owners[mine] = pk
                notes.append(
                    outcomes.found(one.message, provider_id=mine, account=one.account, now=now)
                )
            elif one.problem:
                notes.append(outcomes.withheld(one.message, one.problem))
            else:
                self._ready.insert(0, replace(flight, work=sending.send))
                self._load[flight.line.key] += 1
        return notes

    def _bug(self, error: BaseException) -> None:
        """Ours, in a channel: nobody knows what was sent. The row stays in `sending`; when its
        claim has run out, it is in doubt like any other."""
        if not isinstance(error, Exception):
            raise error
        log.error("a channel failed: %s", where(error))

    def _watch(self, flight: _Flight, error: BaseException | None) -> None:
        """Leave an account alone that asks for it, or answers nobody."""
        key = flight.line.key
        # Browsers' services are many: one that is busy says nothing of the others.
        is_one = CHANNELS[self._lines.slug].reach is not Reach.BROWSER
        if is_one and isinstance(error, ChannelError) and error.retry_after is not None:
            self._rest(key, error.retry_after)
        if error is None or time.monotonic() - flight.since < _SLOW:
            self._silent[key] = 0
            return
        self._silent[key] += 1
        if self._silent[key] >= pace.lanes_of(self._lines.slug):
            self._rest(key, pace.MOST_REST)

    def _rest(self, key: str, seconds: float) -> None:
        if key not in self._resting:
            self._resting.add(key)
            pace.rest(key, seconds)
