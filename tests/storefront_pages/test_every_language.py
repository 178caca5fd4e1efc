"""What holds on the page in each of the languages: how sentences end, and whom they name."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from django.utils.translation import override

from lib.languages import SHOPPERS
from merchants.models import Brand, Merchant
from merchants.scope import merchant_scope
from storefront_pages.access import Tier
from storefront_pages.answer import answer
from storefront_pages.stamps import stamp
from storefront_pages.story import load
from tests.factories import NOW
from tests.storefront_pages import clock, scenes, states
from tests.storefront_pages.states import STATES
from tracking.links import link_for
from tracking.models import Order, Shipment, Watch
from tracking.outages import declare

#: Of all states; of those with a proof or a form of their own the sentences are the same.
SCENES = [state.scene for state in STATES if state.tier is Tier.LINK and not state.posts]
#: Each scene is read in every fourth language, each time in others; `make matrix` reads all.
_EVERY = 1 if "HOMEWARD_MATRIX" in os.environ else 4
_INLINE = re.compile(r"</?(?:bdi|strong|span|time|a|s|b)\b[^>]*>")
_TAGS = re.compile(r"<script.*?</script>|<svg.*?</svg>|<[^>]+>", re.DOTALL)
#: Marks of different languages beside each other, one mark twice, a full stop of Latin letters
#: after a Chinese one, and a space after a mark that is as wide as a character.
_WRONG = re.compile(
    r"(?<!\.)\.\.(?!\.)|\.\s*[。।۔]|[。।۔]\s*[.।۔。]"
    r"|[\u3040-\u30ff\u4e00-\u9fff]\.(?!\w)|[。！？] +\S"
)


@pytest.fixture(autouse=True)
def every_language(monkeypatch: pytest.MonkeyPatch, merchant: Merchant) -> None:
    clock.stop(monkeypatch)
    Merchant.objects.filter(pk=merchant.pk).update(languages=list(SHOPPERS))


def path_of(merchant: Merchant, scene: scenes.Scene) -> str:
    with merchant_scope(merchant.pk):
        return scenes.path(merchant, scene(merchant))


def lines(page: str) -> list[str]:
    """The page's text, a line for each element that is a block."""
    text = _TAGS.sub("\n", _INLINE.sub("", page[page.index("<main") :]))
    return [unescape(line.strip()) for line in text.split("\n") if line.strip()]


def wrong(path: str, languages: Sequence[str]) -> dict[str, list[str]]:
    """The lines whose sentences end badly, by language."""
    found = {
        language: [
            line
            for line in lines(Client().get(f"{path}?lang={language}").content.decode())
            if _WRONG.search(line) or "%(" in line
        ]
        for language in languages
    }
    return {language: bad for language, bad in found.items() if bad}


def headings(merchant: Merchant, scene: scenes.Scene) -> dict[str, str]:
    with merchant_scope(merchant.pk):
        marked = stamp(link_for(order=scene(merchant)).token, merchant_slug=merchant.slug)
        assert marked is not None
        story = load(stamp=marked, language="en", now=NOW)
    found = {}
    for language in SHOPPERS:
        with override(language):
            found[language] = answer(replace(story, language=language)).heading
    return found


def late_to_complain(merchant: Merchant) -> Order:
    order: Order = scenes.late(merchant)
    order.country = "SA"
    order.save(update_fields=["country"])
    return order


def silent_by_figures(merchant: Merchant) -> Order:
    order = scenes.silent(merchant)
    Shipment.objects.update(
        stalled=True, usual_silence={"hours": 30.0, "n": 812, "node": "carrier"}
    )
    return order


def unasked(merchant: Merchant) -> Order:
    made = scenes.parcel(merchant)
    Watch.objects.filter(shipment=made).update(result="no_account", failures=2)
    return made.order


def cut_off(merchant: Merchant) -> Order:
    order = scenes.out(merchant)
    Watch.objects.update(result="unavailable", answered_at=NOW - timedelta(hours=1), failures=2)
    declare(carrier="aramex", now=NOW - timedelta(days=2))
    return order


#: A card of a case sets the hour beside a sentence; that is no sentence after another.
READ = [
    *(scene for scene in SCENES if scene is not states.not_received),
    late_to_complain, silent_by_figures, unasked, cut_off,
]  # fmt: skip
#: A place to collect may have the carrier's name, and has to be found.
NAMELESS = [scene for scene in SCENES if scene is not states.pickup_point]


@pytest.mark.parametrize("scene", READ)
def test_sentences_end_and_follow_as_the_language_has_it(
    merchant: Merchant, scene: scenes.Scene
) -> None:
    assert wrong(path_of(merchant, scene), SHOPPERS[READ.index(scene) % _EVERY :: _EVERY]) == {}


@pytest.mark.parametrize("scene", NAMELESS)
def test_heading_without_a_name_is_a_sentence_of_its_language(
    merchant: Merchant, scene: scenes.Scene
) -> None:
    with merchant_scope(merchant.pk):
        Brand.objects.update(hide_carrier=True)
    said = headings(merchant, scene)
    english = said.pop("en")
    assert "aramex" not in english.casefold()
    assert [one for one, text in said.items() if "carrier" in text.casefold() or not text] == []
    assert english not in said.values()
