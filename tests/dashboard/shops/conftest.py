"""A plain shop to connect, and somebody who may."""

from __future__ import annotations

import pytest
from django.test import Client

from merchants.models import Merchant
from tests import factories
from tests.stores.conftest import connected, plain, play

__all__ = ["connected", "owner", "plain", "play"]


@pytest.fixture
def owner(client: Client, merchant: Merchant) -> Client:
    """The merchant's owner, logged in."""
    client.force_login(factories.user(merchant))
    return client
