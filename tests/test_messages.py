"""Every string of ours exists in every language, whole, and with the same variables."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.utils.translation import ngettext, override

from config.messages import LANGUAGES, missing, read
from lib import formats
from lib.languages import SHOPPERS

#: Words, as against names, short forms and placeholders: two of them are a text.
_WORD = re.compile(r"(?<![%(\w{])[a-z]{3,}(?![\w)}])")
_VARIABLE = re.compile(r"%\((\w+)\)|(?<!\{)\{(\w+)\}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_string_is_translated(language: str) -> None:
    assert missing(language) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_use_only_the_variables_of_the_text(language: str) -> None:
    wrong = [
        (one, text)
        for message in read(language)
        if message.id
        for one, text in _pairs(message)
        if _variables(text) - _variables(one)
    ]
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_left_in_english_by_accident(language: str) -> None:
    same = [
        message.id
        for message in read(language)
        if isinstance(message.id, str)
        and message.id == message.string
        and len(_WORD.findall(message.id)) > 1
    ]
    assert same == []


@pytest.mark.parametrize("language", SHOPPERS)
def test_every_language_has_a_catalogue_of_its_own_name(language: str) -> None:
    assert language == "en" or language in LANGUAGES
    assert formats.locale_of(language).language == language.partition("-")[0]


def _pairs(message: Any) -> list[tuple[str, str]]:
    one = " ".join(message.id) if isinstance(message.id, tuple) else message.id
    texts = message.string if isinstance(message.string, tuple) else (message.string,)
    return [(one, text) for text in texts]


def _variables(text: str) -> set[str]:
    return {first or second for first, second in _VARIABLE.findall(text)}


def test_arabic_counts_in_all_six_forms() -> None:
    with override("ar"):
        said = [ngettext("%(n)s parcel", "%(n)s parcels", n) for n in (0, 1, 2, 3, 11, 100)]
    assert said == ["لا شحنات", "شحنة واحدة", "شحنتان", "%(n)s شحنات", "%(n)s شحنة", "%(n)s شحنة"]
