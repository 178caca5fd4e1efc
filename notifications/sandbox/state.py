"""What the phones have: messages by number, notes by browser, who answered STOP."""

from __future__ import annotations

import base64
import json
import os
import secrets
from collections import deque
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Literal, get_args

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

#: How the provider fails: before it took the message (a status, a reset, "inside" an answer of 200)
#: or after (cut).
FailureMode = Literal["none", "400", "401", "429", "500", "inside", "reset", "silence", "cut"]
MODES: Final[tuple[str, ...]] = get_args(FailureMode)
_RECENT: Final = 200


@dataclass(slots=True)
class Text:
    """One message as Twilio keeps it; `to` and `sender` with their `whatsapp:` prefix."""

    sid: str
    to: str
    sender: str
    body: str
    direction: str
    status: str
    created_at: str
    error_code: int | None = None
    callback: str = ""

    @property
    def created(self) -> datetime:
        return datetime.fromisoformat(self.created_at)


@dataclass(slots=True)
class Content:
    """A WhatsApp template as Twilio keeps it, with how its approval stands."""

    sid: str
    name: str
    language: str
    body: str
    variables: dict[str, str]
    category: str = ""
    status: str = "unsubmitted"
    reason: str = ""


@dataclass(slots=True)
class Device:
    """A browser that takes notes: the keys it was subscribed with, and what it received."""

    name: str
    private_pem: str
    auth: str
    notes: list[dict[str, Any]] = field(default_factory=list)
    is_gone: bool = False

    @property
    def private_key(self) -> ec.EllipticCurvePrivateKey:
        key = serialization.load_pem_private_key(self.private_pem.encode(), password=None)
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        return key

    @property
    def p256dh(self) -> str:
        point = self.private_key.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        return base64.urlsafe_b64encode(point).rstrip(b"=").decode()


@dataclass(slots=True)
class Failure:
    """How the next requests fail; `for_requests` None: until told otherwise."""

    mode: FailureMode = "none"
    for_requests: int | None = None


class State:
    """Everything remembered, with its file. Raises ValueError for a file that is not ours."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path
        self.texts: dict[str, Text] = {}
        self.devices: dict[str, Device] = {}
        self.contents: dict[str, Content] = {}
        #: What becomes of a template that is handed in.
        self.verdict = "approved"
        #: (our sender, their number) pairs after a STOP.
        self.stopped: set[tuple[str, str]] = set()
        self.failure = Failure()
        #: What happens to texts for a number: an error code, told as `undelivered`.
        self.outcomes: dict[str, int] = {}
        self.callbacks: deque[dict[str, Any]] = deque(maxlen=_RECENT)
        #: What the other gateways took, as it was posted: {"gateway", "headers", "content"}.
        self.posted: deque[dict[str, Any]] = deque(maxlen=_RECENT)
        if path is not None and path.exists():
            self._load(path)

    def add_text(self, text: Text) -> None:
        self.texts[text.sid] = text
        self.save()

    def add_device(self, name: str) -> Device:
        """A new browser, or the one of that name."""
        if name not in self.devices:
            pem = ec.generate_private_key(ec.SECP256R1()).private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
            auth = base64.urlsafe_b64encode(secrets.token_bytes(16)).rstrip(b"=").decode()
            self.devices[name] = Device(name, pem.decode(), auth)
            self.save()
        return self.devices[name]

    def take_failure(self) -> FailureMode:
        """The failure that this request meets; counts it."""
        mode = self.failure.mode
        if self.failure.for_requests is not None:
            self.failure.for_requests -= 1
            if self.failure.for_requests <= 0:
                self.failure = Failure()
        return mode

    def save(self) -> None:
        """Write the file whole and put it in place at once; nothing without a path."""
        if self.path is None:
            return
        kept = {
            "version": 1,
            "texts": [asdict(text) for text in self.texts.values()],
            "devices": [asdict(device) for device in self.devices.values()],
            "contents": [asdict(content) for content in self.contents.values()],
            "stopped": sorted(self.stopped),
        }
        self.path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self.path.with_name(f"{self.path.name}.new")
        fresh.touch(mode=0o600)
        fresh.write_text(json.dumps(kept, ensure_ascii=False))
        os.replace(fresh, self.path)  # noqa: PTH105

    def _load(self, path: Path) -> None:
        try:
            kept = json.loads(path.read_text())
            self.texts = {row["sid"]: Text(**row) for row in kept["texts"]}
            self.devices = {row["name"]: Device(**row) for row in kept["devices"]}
            self.contents = {row["sid"]: Content(**row) for row in kept.get("contents", [])}
            self.stopped = {(sender, number) for sender, number in kept["stopped"]}
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(f"{path} is not the phones’ state: {error!r}") from error
