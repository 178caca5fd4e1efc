"""What a shopper may choose to hear of."""

from __future__ import annotations

from collections import Counter

from notifications.groups import ALWAYS, GROUPS, OFFERS, is_wanted, topics_without
from notifications.triggers import TRIGGERS


def test_every_trigger_is_in_one_group() -> None:
    times = Counter(str(topic) for one in GROUPS for topic in one.topics)
    assert set(times.values()) == {1}
    assert {*times, *ALWAYS, *OFFERS} == set(TRIGGERS)


def test_offers_are_what_advertises() -> None:
    assert {slug for slug, one in TRIGGERS.items() if one.is_marketing} == OFFERS


def test_switched_off_group_mutes_its_topics() -> None:
    muted = topics_without({"day", "trouble", "steps"})
    assert muted == {"refund", "goodwill", "feedback"}
    assert [one.slug for one in GROUPS if is_wanted(one, muted)] == ["day", "trouble", "steps"]
