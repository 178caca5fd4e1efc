"""Connected shops."""

from __future__ import annotations

import pytest

from merchants.models import Merchant
from stores.connect import connect_store, hook_path_of
from stores.models import StoreConnection
from tests.hooks.posting import SECRET


@pytest.fixture
def shopify(merchant: Merchant) -> StoreConnection:
    return connect_store(
        merchant=merchant, platform="shopify", name="Noor", secret=SECRET,
        external_id="noor.myshopify.com",
    )  # fmt: skip


@pytest.fixture
def shopify_path(shopify: StoreConnection) -> str:
    return hook_path_of(shopify)


@pytest.fixture
def woo_path(merchant: Merchant) -> str:
    made = connect_store(merchant=merchant, platform="woocommerce", name="Noor", secret=SECRET)
    return hook_path_of(made)
