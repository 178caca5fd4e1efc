"""What stores keep: connections, privacy requests, versions of orders."""

from stores.models.connections import StoreConnection
from stores.models.privacy import PrivacyRequest
from stores.models.versions import OrderVersion

__all__ = ["OrderVersion", "PrivacyRequest", "StoreConnection"]
