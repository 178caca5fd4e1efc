"""A client with a key."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from merchants.access import issue_api_key
from merchants.models import Merchant


class Program:
    """A merchant's program: JSON in, JSON out, with its key."""

    def __init__(self, key: str) -> None:
        self.client = Client(headers={"Authorization": f"Bearer {key}"})

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(f"/api/v1/{path}", query)

    def post(self, path: str, body: Any, **headers: str) -> Any:
        return self.client.post(
            f"/api/v1/{path}", body, content_type="application/json", headers=headers
        )


@pytest.fixture
def program(merchant: Merchant) -> Program:
    return Program(issue_api_key(merchant=merchant, name="tests", by=None)[1])


@pytest.fixture
def stranger(other: Merchant) -> Program:
    return Program(issue_api_key(merchant=other, name="tests", by=None)[1])
