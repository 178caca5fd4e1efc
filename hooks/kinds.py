"""The kinds of vendors that may knock, one line each."""

from __future__ import annotations

from datetime import datetime
from typing import Final, Protocol

from hooks import carrier_hooks, channel_hooks, store_hooks, template_hooks
from hooks.incoming import Checked, Incoming
from inbox.models import Delivery, Outcome


class Kind(Protocol):
    """What a kind's module offers. `check` decides before anything is stored; `process`
    works later; the notes keep a connection's health and run in the merchant's scope."""

    KIND: str

    def check(self, incoming: Incoming) -> Checked: ...

    def process(self, delivery: Delivery, *, now: datetime) -> tuple[Outcome, str]: ...

    def note_received(self, connection_id: int, *, now: datetime) -> None: ...

    def note_refused(self, connection_id: int, *, now: datetime) -> None: ...

    def note_failed(self, connection_id: int, *, problem: str, now: datetime) -> None: ...


KINDS: Final[dict[str, Kind]] = {
    store_hooks.KIND: store_hooks,
    carrier_hooks.KIND: carrier_hooks,
    channel_hooks.KIND: channel_hooks,
    template_hooks.KIND: template_hooks,
}
