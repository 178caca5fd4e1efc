"""Holding an adapter's dialogues with a played shop, without a connection's row."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import TypeVar

import pytest

from stores import wire
from stores.base import Store
from stores.shop import Page, Shop, Window
from stores.talk import Call, ShopError, Talk
from stores.vocabulary import OrderUpdate
from tests.factories import NOW
from tests.stores.playing import Played

T = TypeVar("T")


class Spoken:
    """One adapter before one played shop."""

    def __init__(self, adapter: Store, played: Played, credentials: Mapping[str, str],
                 *, name: str = "noor.example") -> None:  # fmt: skip
        self.adapter = adapter
        self.shop = Shop(name, credentials, NOW, api_url=played.url)

    def hold(self, talk: Talk[T]) -> T:
        """To its end, as `stores.line` would, but for pace, retries and failures' records."""
        try:
            call = next(talk)
            while True:
                call = talk.send(self._carry(call))
        except StopIteration as end:
            found: T = end.value
            return found

    def refusal(self, talk: Talk[T]) -> ShopError:
        """The trouble that the dialogue ends with."""
        with pytest.raises(ShopError) as error:
            self.hold(talk)
        return error.value

    def _carry(self, call: Call) -> object:
        headers = {} if call.plain else self.adapter.authorization(self.shop)
        sent = Call(**{**{name: getattr(call, name) for name in Call.__slots__},
                       "headers": {**headers, **call.headers}})  # fmt: skip
        answer = wire.shared().carry(self.adapter.base_url(self.shop), sent)
        trouble = self.adapter.refusal(answer)
        if trouble is not None:
            raise trouble
        return answer

    def pages(self, window: Window) -> list[Page]:
        """All pages of a window."""
        found = [self.hold(self.adapter.page(self.shop, window, ""))]
        while found[-1].next:
            found.append(self.hold(self.adapter.page(self.shop, window, found[-1].next)))
        return found

    def orders(self, by: str = "updated", days: int = 60) -> list[OrderUpdate]:
        """The orders of the last days."""
        window = Window(by, NOW - timedelta(days=days), NOW)  # type: ignore[arg-type]
        return [order for page in self.pages(window) for order in page.orders]
