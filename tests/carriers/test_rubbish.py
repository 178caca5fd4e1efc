"""Every adapter against bytes that are not an answer. One test names all adapters that failed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from carriers.base import CarrierError
from carriers.registry import READERS

FIXTURES = Path(__file__).parent / "fixtures"
MEGABYTES = 10_000_000

RUBBISH = {
    "empty": b"",
    "blanks": b"   ",
    "html": b"<!DOCTYPE html><html><body>Service unavailable</body></html>",
    "xhtml": b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><body/></html>',
    "login page": b"<html><body>Please sign in</body></html>",
    "words": b"not json at all",
    "null": b"null",
    "empty object": b"{}",
    "list of null": b"[null]",
    "text": b'"text"',
    "number": b"17",
    "truncated json": b'{"trackResponse": {"shipment": [{"inquiryNumber"',
    "truncated xml": b"<?xml version='1.0'?><TrackResponse><Shipment>",
    "deep": b"[" * 5000,
    "bogus encoding": b'<?xml version="1.0" encoding="bogus"?><a/>',
    "entities": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
    "utf-16 mark": b"\xff\xfe\x00\x01",
    "10 MB of json": b"{" + b" " * MEGABYTES,
    "10 MB of xml": b"<a>" + b"x" * MEGABYTES,
}


def ways_to_read() -> Iterator[tuple[str, Callable[[bytes], Any]]]:
    for slug, reader in READERS.items():
        yield f"{slug}.parse", reader.parse
        yield f"{slug}.read_push", reader.read_push


@pytest.mark.parametrize("kind", RUBBISH)
def test_rubbish_is_unreadable(kind: str) -> None:
    outcome: dict[str, object] = {}
    for name, read in ways_to_read():
        try:
            outcome[name] = read(RUBBISH[kind])
        except CarrierError as error:
            outcome[name] = (error.kind, error.permanent)

    expected = ("unreadable", False)
    assert {name: one for name, one in outcome.items() if one != expected} == {}


def test_reply_that_breaks_off_is_unreadable() -> None:
    outcome: dict[str, object] = {}
    for path in sorted(FIXTURES.glob("*/*.*")):
        body = path.read_bytes().rstrip()
        for kept in (1, len(body) // 3, len(body) // 2, len(body) - 1):
            name = f"{path.parent.name}/{path.name}[:{kept}]"
            try:
                outcome[name] = READERS[path.parent.name].parse(body[:kept])
            except CarrierError as error:
                outcome[name] = (error.kind, error.permanent)

    expected = ("unreadable", False)
    assert {name: one for name, one in outcome.items() if one != expected} == {}
