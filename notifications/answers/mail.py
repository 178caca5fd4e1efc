"""An e-mail as anymail hands it over, and the part of it that is kept.

https://anymail.dev/en/stable/inbound/
Machines are recognised as RFC 3834 and custom have it; nobody answers them, so no two machines ever
write to each other for long.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable
from dataclasses import asdict
from email.utils import parseaddr
from html.parser import HTMLParser
from typing import Any, Final, Protocol

from django.conf import settings

from notifications.answers.addresses import token_in
from notifications.answers.quoted import new_words
from notifications.answers.said import Letter, Said, Wish
from notifications.answers.words import wish_of

CHANNEL: Final = "email"
LONGEST: Final = 10_000
_MOST_FILES: Final = 20
_MOST_REFERENCES: Final = 20
_BULK: Final = frozenset({"bulk", "junk", "list", "auto_reply"})
_MACHINE_HEADERS: Final = (
    "X-Autoreply", "X-Autorespond", "X-Auto-Response", "List-Id", "List-Unsubscribe",
)  # fmt: skip
_MACHINES: Final = frozenset({"mailer-daemon", "postmaster", "noreply", "no-reply", "bounce"})


class Mail(Protocol):
    """What is read of anymail's `AnymailInboundMessage`."""

    subject: str | None
    text: str | None
    html: str | None
    stripped_text: str | None
    envelope_sender: str | None
    envelope_recipient: str | None
    attachments: list[Any]

    def get(self, name: str, failobj: Any = None) -> Any: ...

    def get_all(self, name: str, failobj: Any = None) -> Any: ...


def read_mail(mail: Mail) -> Said:
    """What the mail says: new words only, files by name. Never raises for what a sender wrote."""
    sender = parseaddr(str(mail.get("From", "")))[1].lower()[:254]
    recipients = [mail.envelope_recipient or "", *_headers(mail, "To", "Cc", "Delivered-To")]
    text = _text(mail)
    found = wish_of(text, channel=CHANNEL)
    message_id = str(mail.get("Message-ID", "")).strip()[:250]
    return Said(
        channel=CHANNEL,
        number=sender,
        to=parseaddr(recipients[0] or next(iter(recipients[1:]), ""))[1].lower()[:254],
        text=text,
        provider_id=message_id or _digest(sender, str(mail.get("Date", "")), text),
        wish=found.wish,
        language=found.language,
        answers=_references(mail),
        token=token_in(recipients),
        letter=Letter(
            subject=" ".join(str(mail.subject or "").split())[:200],
            message_id=message_id,
            attachments=tuple(_names(mail.attachments)),
            is_automatic=_is_automatic(mail, sender),
        ),
    )


def dump(said: Said) -> bytes:
    """As it is stored until a worker reads it: without files, at most LONGEST letters."""
    return json.dumps(asdict(said) | {"wish": said.wish.value}, ensure_ascii=False).encode()


def load(body: bytes) -> Said:
    """What `dump` stored."""
    kept = json.loads(body)
    letter = kept["letter"]
    return Said(
        channel=kept["channel"],
        number=kept["number"],
        to=kept["to"],
        text=kept["text"],
        provider_id=kept["provider_id"],
        wish=Wish(kept["wish"]),
        language=kept["language"],
        answers=tuple(kept["answers"]),
        token=kept["token"],
        letter=Letter(
            subject=letter["subject"],
            message_id=letter["message_id"],
            attachments=tuple(letter["attachments"]),
            is_automatic=letter["is_automatic"],
        ),
    )


def our_addresses(extra: Iterable[str] = ()) -> Collection[str]:
    """What we write from: a line that holds one of these begins the quoted letter."""
    own = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].lower()
    domain = f"@{settings.INBOUND_EMAIL_DOMAIN}" if settings.INBOUND_EMAIL_DOMAIN else ""
    return {one for one in (own, domain, *extra) if one}


def _text(mail: Mail) -> str:
    """The provider's own cut where it makes one, else ours."""
    if mail.stripped_text:
        return mail.stripped_text.replace("\x00", "").strip()[:LONGEST]
    text = mail.text or plain(mail.html or "")
    return new_words(text.replace("\x00", ""), ours=our_addresses())[:LONGEST]


def _headers(mail: Mail, *names: str) -> list[str]:
    return [str(value) for name in names for value in mail.get_all(name) or ()]


def _references(mail: Mail) -> tuple[str, ...]:
    """Message-IDs that it answers, the nearest first."""
    direct = str(mail.get("In-Reply-To", "")).split()
    thread = str(mail.get("References", "")).split()[-_MOST_REFERENCES:]
    return tuple(dict.fromkeys([*direct, *reversed(thread)]))


def _is_automatic(mail: Mail, sender: str) -> bool:
    submitted = str(mail.get("Auto-Submitted", "no")).split(";")[0].strip().lower()
    suppress = str(mail.get("X-Auto-Response-Suppress", "")).lower()
    return (
        submitted not in {"no", ""}
        or str(mail.get("Precedence", "")).strip().lower() in _BULK
        or any(mail.get(name) for name in _MACHINE_HEADERS)
        or suppress in {"all", "oof", "autoreply"}
        or str(mail.get("Return-Path", "x")).strip() == "<>"
        or not sender
        or sender.partition("@")[0].partition("+")[0] in _MACHINES
        or any(sender.endswith(own) for own in our_addresses())
    )


def _names(files: Iterable[Any]) -> list[str]:
    names = [str(file.get_filename() or file.get_content_type()) for file in files]
    return [name.replace("\x00", "")[:120] for name in names[:_MOST_FILES]]


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


class _Plain(HTMLParser):
    """The text of a mail that has only HTML; quoted blocks are marked as mail programs do."""

    _BREAKS: Final = frozenset({"br", "p", "div", "tr", "li", "h1", "h2", "h3"})
    _SILENT: Final = frozenset({"style", "script", "head", "title"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = [""]
        self._quoted = 0
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "blockquote":
            self._quoted += 1
        self._silent += tag in self._SILENT
        if tag in self._BREAKS or tag == "blockquote":
            self.lines.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "blockquote":
            self._quoted = max(self._quoted - 1, 0)
        if tag in self._SILENT:
            self._silent = max(self._silent - 1, 0)
        if tag in self._BREAKS or tag == "blockquote":
            self.lines.append("")

    def handle_data(self, data: str) -> None:
        words = " ".join(data.split())
        if not words or self._silent:
            return
        if self._quoted and not self.lines[-1]:
            self.lines[-1] = "> "
        joint = " " if self.lines[-1] and data[:1].isspace() else ""
        self.lines[-1] += joint + words + (" " if data[-1:].isspace() else "")


def plain(html: str) -> str:
    """HTML as plain lines."""
    parser = _Plain()
    parser.feed(html)
    parser.close()
    return "\n".join(line.rstrip() for line in parser.lines).strip()
