"""Every code has words, for the shopper and for the desk, in both languages."""

from __future__ import annotations

import re

import pytest
from django.utils.translation import override

from lib.vocabulary import SUB_STATUSES, UNKNOWN, Milestone, Status
from lib.words import (
    DESK_LABELS,
    MILESTONE_LABELS,
    SENTENCES,
    STATUS_LABELS,
    Words,
    place_name,
    sentence,
)

TABLES = [SENTENCES, STATUS_LABELS, MILESTONE_LABELS, DESK_LABELS]
JARGON = re.compile(r"exception|NDR|RTO|\bhub\b|manifest|consignee|shipper|!", re.IGNORECASE)


def test_every_code_has_words() -> None:
    assert set(SENTENCES) == {*SUB_STATUSES, UNKNOWN}
    assert set(STATUS_LABELS) == set(DESK_LABELS) == set(Status)
    assert set(MILESTONE_LABELS) == set(Milestone)


@pytest.mark.parametrize("table", TABLES[:3])
def test_shoppers_read_no_jargon(table: dict[str, Words]) -> None:
    assert [str(words) for words in table.values() if JARGON.search(str(words))] == []


@pytest.mark.parametrize("table", TABLES)
def test_every_word_is_written_in_arabic(table: dict[str, Words]) -> None:
    with override("ar"):
        untranslated = [code for code, words in table.items() if not re.search("[ء-ي]", str(words))]
    assert untranslated == []


def test_sentence_of_a_code_from_elsewhere_says_we_cannot_read_it() -> None:
    assert sentence("somebody.else") == "The carrier sent an update we cannot read yet"


def test_known_city_is_written_in_the_readers_script() -> None:
    with override("ar"):
        assert [place_name("DUBAI"), place_name("Umm Ghafa")] == ["دبي", "Umm Ghafa"]
    assert place_name("DUBAI") == "Dubai"
