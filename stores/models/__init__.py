"""What stores keep: connections, what is asked and written there, privacy, versions of orders."""

from stores.models.asking import Pull, StoreFailure, WantedOrder
from stores.models.attempts import ConnectAttempt, Installation
from stores.models.connections import ApiState, StoreConnection
from stores.models.privacy import PrivacyRequest
from stores.models.versions import OrderVersion
from stores.models.writes import StoreWrite

__all__ = [
    "ApiState",
    "ConnectAttempt",
    "Installation",
    "OrderVersion",
    "PrivacyRequest",
    "Pull",
    "StoreConnection",
    "StoreFailure",
    "StoreWrite",
    "WantedOrder",
]
