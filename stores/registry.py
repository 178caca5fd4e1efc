"""Every store we can be connected to, one line each. The only place that lists adapters."""

from __future__ import annotations

from stores.base import Store
from stores.providers.amazon import Amazon
from stores.providers.bigcommerce import BigCommerce
from stores.providers.etsy import Etsy
from stores.providers.magento import Magento
from stores.providers.noon import Noon
from stores.providers.prestashop import PrestaShop
from stores.providers.salla import Salla
from stores.providers.shipbob import ShipBob
from stores.providers.shopify import Shopify
from stores.providers.woocommerce import WooCommerce
from stores.providers.zid import Zid

_ALL: tuple[Store, ...] = (
    Amazon(),
    BigCommerce(),
    Etsy(),
    Magento(),
    Noon(),
    PrestaShop(),
    Salla(),
    ShipBob(),
    Shopify(),
    WooCommerce(),
    Zid(),
)

STORES: dict[str, Store] = {store.slug: store for store in _ALL}


def get(slug: str) -> Store:
    """The adapter for a slug. Raises KeyError when there is none."""
    return STORES[slug]
