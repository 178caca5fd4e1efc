"""Every adapter against damaged answers and against any bytes at all.

Whatever comes, an update that makes sense or a CarrierError. Each seed damages every recorded
shape anew; `processes` runs the same with many more.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from carriers.base import Carrier, CarrierError
from carriers.registry import READERS
from tests.carriers.sound import check_update

FIXTURES = Path(__file__).parent / "fixtures"
REPLIES = {path.relative_to(FIXTURES): path.read_bytes() for path in sorted(FIXTURES.glob("*/*.*"))}

ODD_VALUES = (
    None, True, False, 0, -1, 10**20, 1.5, 1e308, float("inf"), float("nan"), "", "é\ud800", "\x00",
    "2024-01-10T11:00:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00",
    "/Date(99999999999999+9999)/", "99999999", "20240110", "+99:99", "12345678901234567890",
    [], {}, [None], [[]], [{}], {"a": None}, [{"a": 1}, {"b": 2}],
)  # fmt: skip


def broken(dice: random.Random, value: Any, harm: float) -> Any:
    """The value with some of its parts lost, doubled, unwrapped or swapped for another type."""
    if dice.random() < harm:
        return dice.choice(ODD_VALUES)
    if isinstance(value, dict):
        kept = [key for key in value if dice.random() > harm]
        return {key: broken(dice, value[key], harm) for key in kept}
    if isinstance(value, list):
        parts = [broken(dice, item, harm) for item in value]
        shape = dice.randrange(10)
        if shape == 0 and parts:
            return parts[0]
        return parts + parts if shape == 1 else parts
    return value


def holed(dice: random.Random, body: bytes) -> bytes:
    """The bytes with one to three stretches lost or overwritten."""
    for _ in range(dice.randint(1, 3)):
        start = dice.randint(0, len(body))
        end = start + dice.randint(0, 60)
        body = body[:start] + dice.randbytes(dice.randint(0, 4)) + body[end:]
    return body


def damaged(dice: random.Random, reply: Path) -> bytes:
    """Most JSON stays JSON of another shape: cut bytes would seldom get past its parser."""
    if reply.suffix == ".json" and dice.randrange(8):
        harm = dice.choice((0.02, 0.08, 0.2, 0.4))
        return json.dumps(broken(dice, json.loads(REPLIES[reply]), harm)).encode()
    return holed(dice, REPLIES[reply])


def read_safely(slug: str, body: bytes) -> None:
    """An update that makes sense or a CarrierError; anything else names adapter and bytes."""
    for read in (READERS[slug].parse, READERS[slug].read_push):
        try:
            for update in read(body):
                check_update(update)
        except CarrierError:
            continue
        except Exception as error:
            error.add_note(f"{slug}.{read.__name__} of {body!r}")
            raise


def other_readings(slug: str) -> Iterator[Callable[[bytes], object]]:
    """What else of a carrier's answers is read: its tokens, registrations, couriers, verdicts."""
    carrier = READERS[slug]
    if isinstance(carrier, Carrier):
        yield from (carrier.parse_token, carrier.refuses_token)
        for name in ("parse_registration", "parse_couriers", "parse_answer"):
            if getattr(type(carrier), name) is not getattr(Carrier, name):
                yield getattr(carrier, name)


def read_the_rest_safely(slug: str, body: bytes) -> None:
    for read in other_readings(slug):
        try:
            read(body)
        except CarrierError:
            continue
        except Exception as error:
            error.add_note(f"{slug}: {read!r} of {body!r}")
            raise


def names_of(value: object) -> set[str]:
    """Every key of every object in it."""
    if isinstance(value, dict):
        return set(value).union(*map(names_of, value.values()))
    return set().union(*map(names_of, value)) if isinstance(value, list) else set()


#: Names that adapters look for, so that invented answers are not refused at the first of them.
NAMES = sorted(
    set().union(*(names_of(json.loads(REPLIES[one])) for one in REPLIES if one.suffix == ".json"))
)
SEEDS = st.integers(0, 2**32 - 1)
JSON_TEXTS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda part: (
        st.lists(part, max_size=3)
        | st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=3), part, max_size=4)
    ),
    max_leaves=8,
).map(json.dumps)
BYTES = st.binary(max_size=60) | (JSON_TEXTS | st.text(max_size=60)).map(
    lambda words: words.encode("utf-8", "surrogatepass")
)

brief = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
long = settings(brief, max_examples=1500)


@brief
@given(seed=SEEDS)
def test_damaged_answer_is_read_or_refused(seed: int) -> None:
    dice = random.Random(seed)
    for reply in REPLIES:
        for _ in range(3):
            read_safely(reply.parent.name, damaged(dice, reply))


@settings(brief, max_examples=150)
@given(body=BYTES)
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    for slug in READERS:
        read_safely(slug, body)
        read_the_rest_safely(slug, body)


@pytest.mark.processes
@long
@given(reply=st.sampled_from(list(REPLIES)), seed=SEEDS)
def test_much_damage_is_read_or_refused(reply: Path, seed: int) -> None:
    dice = random.Random(seed)
    for _ in range(40):
        read_safely(reply.parent.name, damaged(dice, reply))


@pytest.mark.processes
@long
@given(body=BYTES)
def test_many_more_bytes_are_read_or_refused(body: bytes) -> None:
    for slug in READERS:
        read_safely(slug, body)
        read_the_rest_safely(slug, body)
