"""Web push: a note in the shopper's browser (RFC 8030, 8291, 8292).

The endpoint is an address that a browser names, so the call goes through `lib.http`, which
refuses private ones. Encryption and the sender's proof are pywebpush's and py-vapid's.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import time
from typing import ClassVar, Final
from urllib.parse import urlsplit

import httpx
from cryptography.hazmat.primitives import serialization
from django.conf import settings
from py_vapid import Vapid02
from py_vapid.utils import b64urlencode
from pywebpush import WebPusher, WebPushException

from lib import formats, http
from notifications.channels.base import Browser, ChannelError, CutOff, Doubt, Letter
from notifications.channels.lines import never_left

#: How long a push service keeps a note for a phone that is off.
_KEEP_SECONDS: Final = 24 * 3600
_PROOF_SECONDS: Final = 12 * 3600
#: The browser has unsubscribed, or the endpoint was never one.
GONE: Final = frozenset({404, 410})
BROWSER_GONE: Final = "the browser no longer takes notes from us"
#: Push services carry 4,096 bytes at most, encryption included.
_MOST_BYTES: Final = 3000


class WebPushChannel:
    """Encrypts for one browser and posts to its push service. There is nobody to ask later."""

    slug: ClassVar[str] = "webpush"
    doubt: ClassVar[Doubt] = Doubt.LEAVE

    def __init__(self) -> None:
        self._runner = asyncio.Runner()
        self._http: httpx.AsyncClient | None = None

    def send(self, letter: Letter) -> str:
        browser = letter.browser
        if browser is None:
            raise ChannelError(f"Not sent: {BROWSER_GONE}", permanent=True)
        try:
            body = _encrypted(browser, note(letter))
        except (WebPushException, ValueError) as error:
            raise ChannelError("The browser’s keys cannot be used", permanent=True) from error
        if self._http is None:
            self._http = http.client(connections=4)
        request = self._http.build_request(
            "POST", browser.endpoint, content=body, headers=_headers(browser, letter)
        )
        try:
            response = self._runner.run(http.send(self._http, request))
        except (httpx.RequestError, http.RefusedAddress) as error:
            if never_left(error):
                raise ChannelError("The push service could not be reached") from error
            raise CutOff("The line to the push service broke before it answered") from error
        return _judged(response)

    def candidates(self, letter: Letter) -> list[str]:
        raise ChannelError("A push service cannot be asked")

    def close(self) -> None:
        if self._http is not None:
            self._runner.run(self._http.aclose())
        self._runner.close()


def note(letter: Letter) -> bytes:
    """What the browser's worker (static/js/push.js) shows, as JSON."""
    text = letter.text
    while True:
        content = {
            "title": letter.subject,
            "body": text,
            "url": letter.link,
            "tag": letter.topic,
            "lang": letter.language,
            "dir": "rtl" if formats.is_rtl(letter.language) else "ltr",
        }
        packed = json.dumps(content, ensure_ascii=False).encode()
        if len(packed) <= _MOST_BYTES:
            return packed
        text = text[: len(text) * 3 // 4].rstrip() + "…"


def public_key() -> str:
    """Our key as browsers take it for `applicationServerKey`; "" where push is not set up."""
    if not settings.WEBPUSH_PRIVATE_KEY:
        return ""
    key = Vapid02.from_raw(settings.WEBPUSH_PRIVATE_KEY.encode()).public_key
    point = key.public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )
    return str(b64urlencode(point))


def _encrypted(browser: Browser, content: bytes) -> bytes:
    pusher = WebPusher(
        {
            "endpoint": browser.endpoint,
            "keys": {"p256dh": browser.p256dh, "auth": browser.auth},
        }
    )
    return bytes(pusher.encode(content)["body"])


def _headers(browser: Browser, letter: Letter) -> dict[str, str]:
    parts = urlsplit(browser.endpoint)
    proof = Vapid02.from_raw(settings.WEBPUSH_PRIVATE_KEY.encode()).sign(
        {
            "aud": f"{parts.scheme}://{parts.netloc}",
            "sub": settings.WEBPUSH_SUBJECT,
            "exp": int(time.time()) + _PROOF_SECONDS,
        }
    )
    # A newer note on the same parcel replaces one that the phone has not fetched yet. The push
    # service sees the topic, so it is a digest.
    topic = hashlib.sha256(letter.topic.encode()).hexdigest()[:32]
    return {
        **{str(name): str(value) for name, value in proof.items()},
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(_KEEP_SECONDS),
        "Urgency": "normal",
        "Topic": topic,
    }


def _judged(response: httpx.Response) -> str:
    """The push service's receipt (its Location's last part), or the error with its decision."""
    if response.is_success:
        return str(response.headers.get("Location", "")).rpartition("/")[2][:120]
    status = response.status_code
    if status in GONE:
        raise ChannelError(f"Not delivered: {BROWSER_GONE}", permanent=True, suppress=BROWSER_GONE)
    wait = response.headers.get("Retry-After", "")
    raise ChannelError(
        f"The push service answered {status}",
        permanent=status in {400, 401, 403, 413},
        retry_after=float(wait) if wait.isdecimal() else None,
    )
