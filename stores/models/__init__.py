"""What stores keep: connections, privacy requests, versions of orders, files of orders."""

from stores.models.connections import StoreConnection
from stores.models.imports import (
    ImportedOrder,
    ImportMapping,
    ImportPiece,
    ImportRow,
    OrderImport,
)
from stores.models.privacy import PrivacyRequest
from stores.models.versions import OrderVersion

__all__ = [
    "ImportMapping",
    "ImportPiece",
    "ImportRow",
    "ImportedOrder",
    "OrderImport",
    "OrderVersion",
    "PrivacyRequest",
    "StoreConnection",
]
