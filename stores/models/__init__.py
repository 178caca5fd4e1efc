"""What stores keep: connections and their feeds, what is asked and written there, privacy."""

from stores.models.asking import Pull, StoreFailure, WantedOrder
from stores.models.attempts import ConnectAttempt, Installation
from stores.models.connections import ApiState, StoreConnection
from stores.models.feed import FeedModel, Gap
from stores.models.privacy import PrivacyRequest
from stores.models.replies import ApiReply
from stores.models.versions import OrderVersion
from stores.models.writes import StoreWrite

__all__ = [
    "ApiReply",
    "ApiState",
    "ConnectAttempt",
    "FeedModel",
    "Gap",
    "Installation",
    "OrderVersion",
    "PrivacyRequest",
    "Pull",
    "StoreConnection",
    "StoreFailure",
    "StoreWrite",
    "WantedOrder",
]
