"""What stores keep: connections, what is asked and written there, privacy, orders' versions."""

from stores.models.asking import Pull, StoreFailure, WantedOrder
from stores.models.attempts import ConnectAttempt, Installation
from stores.models.connections import ApiState, StoreConnection
from stores.models.partners import PartnerOrder
from stores.models.privacy import PrivacyRequest
from stores.models.versions import OrderVersion
from stores.models.writes import StoreWrite

__all__ = [
    "ApiState",
    "ConnectAttempt",
    "Installation",
    "OrderVersion",
    "PartnerOrder",
    "PrivacyRequest",
    "Pull",
    "StoreConnection",
    "StoreFailure",
    "StoreWrite",
    "WantedOrder",
]
