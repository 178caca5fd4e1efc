"""Quotes: the date before an order, sealed, and tied to the order that names it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from django.core.signing import Signer

from edd.estimate import Handling, Rules
from edd.quotes import Ask, NotAQuote, Quote, prefix_of, quote, seal, shape, window_of_quote

#: A Monday, 11:47 in Dubai.
NOW = datetime(2026, 11, 9, 7, 47, tzinfo=UTC)
RULES = Rules(zone="Asia/Dubai", country="AE", cut_off=time(14))
ASK = Ask(country="SA", region="01", city="Riyadh", carrier="aramex", service="Express")


def ask(ask: Ask = ASK, rules: Rules = RULES, **rest: int) -> Quote:
    return quote(rules, ask, now=NOW, **rest)


def read(sealed: str, **other: object) -> object:
    values = {"merchant_id": 7, "country": "SA", "placed_at": NOW + timedelta(minutes=5)}
    return window_of_quote(sealed, **(values | other))  # type: ignore[arg-type]


def test_sealed_quote_says_what_was_shown() -> None:
    given = ask(level=95)
    window = read(seal(given, merchant_id=7))
    assert (window.first, window.last) == (given.promise.first, given.promise.last)  # type: ignore[attr-defined]
    assert (window.zone, window.level, window.source, window.made_at) == (  # type: ignore[attr-defined]
        "Asia/Riyadh", 95, given.promise.source, NOW,
    )  # fmt: skip


def test_sealed_quote_holds_no_town_and_no_postcode() -> None:
    sealed = seal(ask(replace(ASK, prefix="123")), merchant_id=7)
    said = Signer(salt="edd.quote").unsign_object(sealed)
    assert [part for part in said if part in {"Riyadh", "123"}] == []


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ({"merchant_id": 8}, "This is no quote of ours."),
        ({"country": "AE"}, "This quote was for SA, the order goes to AE."),
        ({"placed_at": NOW + timedelta(days=91)}, "This quote was given on 2026-11-09; "),
        ({"placed_at": NOW - timedelta(days=1)}, "This quote was given on 2026-11-09; "),
    ],
)
def test_quote_of_something_else_is_refused(other: dict[str, object], words: str) -> None:
    with pytest.raises(NotAQuote) as refused:
        read(seal(ask(), merchant_id=7), **other)
    assert str(refused.value).startswith(words)


@pytest.mark.parametrize("text", ["", "x", "W10:abc", "\0", "é:é"])
def test_text_that_we_did_not_sign_is_refused(text: str) -> None:
    with pytest.raises(NotAQuote):
        read(text)


def test_signed_text_of_another_shape_is_refused() -> None:
    for other in ([7], {"a": 1}, [7, "x", 2, 3, 4, 5, 6, 7, 8, 9, 10]):
        with pytest.raises(NotAQuote):
            read(Signer(salt="edd.quote").sign_object(other))


def test_changed_quote_is_refused() -> None:
    sealed = seal(ask(), merchant_id=7)
    middle = len(sealed) // 4
    flipped = "A" if sealed[middle] != "A" else "B"
    with pytest.raises(NotAQuote):
        read(sealed[:middle] + flipped + sealed[middle + 1 :])


def test_of_a_postcode_only_the_beginning_is_taken() -> None:
    given = ["110 001", "SW1A 1AA", "١٢٣٤٥", "", "1-2"]
    assert [prefix_of(one) for one in given] == ["110", "SW1", "123", "", "12"]


def test_quote_for_a_later_order_is_given_now() -> None:
    later = quote(RULES, ASK, now=NOW, placed_at=NOW + timedelta(days=7))
    assert later.made_at == NOW
    assert later.promise.first == ask().promise.first + timedelta(days=7)


def test_country_of_the_warehouse_may_be_another() -> None:
    """A parcel from Riyadh to Riyadh goes no border."""
    assert ask(replace(ASK, from_country="SA")).promise.last < ask().promise.last


def test_shape_is_what_programs_read() -> None:
    fields = shape(ask(), rules_at=NOW)
    promise = ask().promise
    assert fields["date"] == {
        "from": str(promise.first), "to": str(promise.last), "by": str(promise.last),
    }  # fmt: skip
    assert fields["order_by"] == "2026-11-09T13:00:00+03:00"
    assert fields["order_within_seconds"] == (2 * 60 + 13) * 60
    assert fields["freshness"] == {
        "rules_at": "2026-11-09T07:47:00Z",
        "valid_until": "2026-11-09T10:00:00Z",
        "stale": False,
    }


def test_handling_moves_date_and_countdown() -> None:
    rules = replace(RULES, handling=(Handling("sku", "lamp", 3, time(12)),))
    slow = ask(replace(ASK, skus=("Lamp",)), rules)
    assert slow.promise.order_within == timedelta(minutes=13)
    assert slow.promise.first > ask().promise.first
