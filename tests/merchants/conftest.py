"""What tests of shops' own domains share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from tests.lib.fake_dns import running_dns
from tests.merchants.domain_scenes import OURS, Records


@pytest.fixture
def zone(settings: Settings) -> Iterator[Records]:
    """The records of the world; ours is there."""
    records: Records = {f"A {OURS}": ["203.0.113.7"], f"AAAA {OURS}": ["2001:db8::7"]}
    settings.PAGES_HOST = OURS
    with running_dns(records) as server:
        settings.DNS_SERVERS = server
        yield records
