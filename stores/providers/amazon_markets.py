"""Amazon's marketplaces: their ids, which endpoint serves them, where their sellers agree.

https://developer-docs.amazon.com/sp-api/docs/marketplace-ids,
https://developer-docs.amazon.com/sp-api/docs/sp-api-endpoints,
https://developer-docs.amazon.com/sp-api/docs/seller-central-urls.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

_EUROPE: Final = "https://sellingpartnerapi-eu.amazon.com"
_NORTH_AMERICA: Final = "https://sellingpartnerapi-na.amazon.com"
_FAR_EAST: Final = "https://sellingpartnerapi-fe.amazon.com"


@dataclass(frozen=True, slots=True)
class Market:
    """One marketplace; `domain` is how people call it."""

    domain: str
    market_id: str
    country: str
    endpoint: str

    @property
    def seller_central(self) -> str:
        return f"https://sellercentral.{self.domain}"


_ALL: Final = (
    Market("amazon.ae", "A2VIGQ35RCS4UG", "AE", _EUROPE),
    Market("amazon.ca", "A2EUQ1WTGCTBG2", "CA", _NORTH_AMERICA),
    Market("amazon.co.jp", "A1VC38T7YXB528", "JP", _FAR_EAST),
    Market("amazon.co.uk", "A1F83G8C2ARO7P", "GB", _EUROPE),
    Market("amazon.co.za", "AE08WJ6YKNBMC", "ZA", _EUROPE),
    Market("amazon.com", "ATVPDKIKX0DER", "US", _NORTH_AMERICA),
    Market("amazon.com.au", "A39IBJ37TRP1C6", "AU", _FAR_EAST),
    Market("amazon.com.be", "AMEN7PMS3EDWL", "BE", _EUROPE),
    Market("amazon.com.br", "A2Q3Y263D00KWC", "BR", _NORTH_AMERICA),
    Market("amazon.com.mx", "A1AM78C64UM0Y8", "MX", _NORTH_AMERICA),
    Market("amazon.com.tr", "A33AVAJ2PDY3EV", "TR", _EUROPE),
    Market("amazon.de", "A1PA6795UKMFR9", "DE", _EUROPE),
    Market("amazon.eg", "ARBP9OOSHTCHU", "EG", _EUROPE),
    Market("amazon.es", "A1RKKUPIHCS9HS", "ES", _EUROPE),
    Market("amazon.fr", "A13V1IB3VIYZZH", "FR", _EUROPE),
    Market("amazon.ie", "A28R8C7NBKEWEA", "IE", _EUROPE),
    Market("amazon.in", "A21TJRUUN4KGV", "IN", _EUROPE),
    Market("amazon.it", "APJ6JRA9NG5V4", "IT", _EUROPE),
    Market("amazon.nl", "A1805IZSGTT6HS", "NL", _EUROPE),
    Market("amazon.pl", "A1C3SOZRARQ6R3", "PL", _EUROPE),
    Market("amazon.sa", "A17E79C6D8DWNP", "SA", _EUROPE),
    Market("amazon.se", "A2NODRKZP88ZB9", "SE", _EUROPE),
    Market("amazon.sg", "A19VAU5U5O7RUS", "SG", _FAR_EAST),
)

#: By domain, the name of the shop that a merchant types.
MARKETS: Final = {market.domain: market for market in _ALL}
#: By Amazon's id, which orders name.
BY_ID: Final = {market.market_id: market for market in _ALL}
