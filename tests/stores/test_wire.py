"""What a shop's answer means before any adapter reads it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from stores import wire
from stores.talk import Call, ShopError
from tests.stores.playing import Handler, Played, Said

Play = Callable[[Handler], Played]


@pytest.mark.parametrize(
    ("location", "words"),
    [
        (
            "https://www.noor.example/api/orders?key=1",
            "The shop sends us to www.noor.example (301): connect it under that address",
        ),
        ("http://noor.example/api", "The shop sends us to an address without https (301)"),
        ("/wp-login.php", "The shop sends us to another of its pages (301)"),
    ],
)
def test_redirect_is_said_and_not_followed(play: Play, location: str, words: str) -> None:
    played = play(lambda asked: Said(None, 301, {"Location": location}))
    with pytest.raises(ShopError) as error:
        wire.shared().carry(played.url, Call("GET", "/api/orders"))
    assert (str(error.value), error.value.kind) == (words, "refused")
    assert len(played.asked) == 1
