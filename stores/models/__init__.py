"""What stores keep: connections, privacy requests, versions of orders, answers to repeat."""

from stores.models.connections import StoreConnection
from stores.models.privacy import PrivacyRequest
from stores.models.replies import ApiReply
from stores.models.versions import OrderVersion

__all__ = ["ApiReply", "OrderVersion", "PrivacyRequest", "StoreConnection"]
