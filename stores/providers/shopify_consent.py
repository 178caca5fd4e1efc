"""Installing our app in a Shopify shop: the consent page, its signed answer, the tokens.

https://shopify.dev/docs/apps/build/authentication-authorization/access-tokens/authorization-code-grant
https://shopify.dev/docs/apps/build/authentication-authorization/access-tokens/offline-access-tokens

Offline tokens that end after an hour, with a refresh token for 90 days that is replaced at each
use: public apps may have no others since April 2026.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlencode

from carriers.shapes import decimal, text
from lib.signing import same
from stores.payload import StoreError, instant
from stores.shop import App, Grant, Shop
from stores.talk import Answer, Call, ShopError, Talk

#: What every shop's own name at Shopify looks like; any other host is not Shopify's.
_SHOP: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,60}\.myshopify\.com")
_HANDLE: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,60}")
_ADMIN: Final = "admin.shopify.com/store/"
_TOKENS: Final = "/admin/oauth/access_token"
#: A token is renewed so long before its end.
_AHEAD: Final = timedelta(minutes=5)
_USUAL_SECONDS: Final = 3_600


def shop_name(typed: str) -> str:
    """`noor.myshopify.com`, from that, from `noor`, or from an address of its admin pages.

    Raises StoreError in words: nothing else may be asked for a token.
    """
    plain = typed.strip().lower().split("://", 1)[-1]
    host = plain.split("/", 1)[0]
    if plain.startswith(_ADMIN):
        host = plain.removeprefix(_ADMIN).split("/", 1)[0].split("?", 1)[0]
    if _HANDLE.fullmatch(host):
        host += ".myshopify.com"
    if not _SHOP.fullmatch(host):
        raise StoreError("Enter the shop’s name at Shopify, like noor.myshopify.com.")
    return host


def consent_url(app: App, scopes: Sequence[str], *, name: str, state: str, back: str) -> str:
    """Where the merchant agrees. Without `grant_options[]` the token is an offline one."""
    query = urlencode(
        {
            "client_id": app.client_id,
            "scope": ",".join(scopes),
            "redirect_uri": back,
            "state": state,
        }
    )
    return f"https://{name}/admin/oauth/authorize?{query}"


def is_grant(app: App, params: Mapping[str, str], *, name: str) -> bool:
    """Whether Shopify signed this answer with our secret, for the shop that was meant."""
    shop = params.get("shop", "").lower()
    if not app or not params.get("code") or not _SHOP.fullmatch(shop) or name not in {"", shop}:
        return False
    if "host" in params and not _is_host(params["host"], shop):
        return False
    return same(params.get("hmac", ""), signature(app.client_secret, params))


def signature(secret: str, params: Mapping[str, str]) -> str:
    """Hex of HMAC-SHA256 over the sorted parameters without `hmac`."""
    pairs = sorted(
        f"{_escaped(name).replace('=', '%3D')}={_escaped(value)}"
        for name, value in params.items()
        if name != "hmac"
    )
    return hmac.new(secret.encode(), "&".join(pairs).encode(), hashlib.sha256).hexdigest()


def _escaped(words: str) -> str:
    return words.replace("%", "%25").replace("&", "%26")


def _is_host(encoded: str, shop: str) -> bool:
    """`host` is the base64 of the admin page that the merchant came from."""
    try:
        host = base64.b64decode(encoded + "=" * (-len(encoded) % 4), altchars=b"-_").decode()
    except (binascii.Error, UnicodeDecodeError):
        return False
    handle = shop.removesuffix(".myshopify.com")
    return host.strip("/").lower() in {f"{shop}/admin", f"{_ADMIN}{handle}"}


def exchange(shop: Shop, grant: Grant) -> Talk[dict[str, str]]:
    """The code for tokens; a code is good once."""
    answer = yield _token_call(shop, code=grant.params["code"], expiring="1")
    return _credentials(answer, shop.now)


def is_expiring(shop: Shop) -> bool:
    """Whether the access token ends within minutes and can be renewed."""
    until = instant(shop.credentials.get("expires_at"))
    has_refresh = bool(shop.credentials.get("refresh_token"))
    return has_refresh and until is not None and until <= shop.now + _AHEAD


def refresh(shop: Shop) -> Talk[dict[str, str]]:
    """New tokens; the refresh token is replaced as well."""
    answer = yield _token_call(
        shop, grant_type="refresh_token", refresh_token=shop.credentials["refresh_token"]
    )
    kept = {name: value for name, value in shop.credentials.items() if name != "expires_at"}
    return kept | _credentials(answer, shop.now, refresh_token=kept["refresh_token"])


def _token_call(shop: Shop, **fields: str) -> Call:
    ours = {"client_id": shop.app.client_id, "client_secret": shop.app.client_secret}
    headers = {"accept": "application/json"}
    form = tuple((ours | fields).items())
    return Call("POST", _TOKENS, form=form, headers=headers, plain=True)


def _credentials(answer: Answer, now: datetime, *, refresh_token: str = "") -> dict[str, str]:
    said = answer.mapping()
    token = text(said.get("access_token"))
    if not token:
        raise ShopError("Shopify’s answer holds no access token", kind="unreadable")
    found = {"access_token": token, "scope": text(said.get("scope"))}
    renewed = text(said.get("refresh_token")) or refresh_token
    if not renewed:
        return found  # a shop's own app may be given a token without end
    # Where Shopify forgets to say how long, the usual hour is safe.
    seconds = float(decimal(said.get("expires_in")) or _USUAL_SECONDS)
    ends = now + timedelta(seconds=min(max(seconds, 0.0), 10 * _USUAL_SECONDS))
    return found | {"refresh_token": renewed, "expires_at": ends.isoformat()}
