"""A merchant's own mail server: SMTP to a host that a merchant names, so never a private one."""

from __future__ import annotations

import smtplib
import socket
from collections.abc import Mapping
from typing import Any

from django.core.mail.backends.smtp import EmailBackend
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lib.http import RefusedAddress, allowed_from_environment, is_public
from notifications.channels.base import Account
from notifications.channels.email import EmailChannel
from notifications.channels.forms import Field

_SECONDS = 20

FIELDS = (
    Field("host", _("Mail server")),
    Field("port", _("Port"), initial="587"),
    Field(
        "security",
        _("Encryption"),
        choices=(("starttls", "STARTTLS"), ("tls", "TLS")),
    ),
    Field("username", _("User name"), is_optional=True),
    Field("password", _("Password"), is_secret=True, is_optional=True),
    Field(
        "dkim_selector",
        _("DKIM selector"),
        _("The first word of the record that your mail server signs with: selector._domainkey."),
        is_optional=True,
    ),
)


class _Public(smtplib.SMTP):
    """Resolves at connect time, and connects to what it resolved."""

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        addresses = [str(entry[4][0]) for entry in found]
        if f"{host}:{port}" not in allowed_from_environment() and not all(
            is_public(address) for address in addresses
        ):
            raise RefusedAddress(f"{host} is not a public address")
        return socket.create_connection((addresses[0], port), timeout, self.source_address)


class _PublicTls(smtplib.SMTP_SSL, _Public):
    """The same over TLS from the first byte; the certificate is checked against the name."""


class PublicBackend(EmailBackend):
    """Django's backend over a connection that refuses private addresses."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _PublicTls if self.use_ssl else _Public


def open_smtp(account: Account) -> EmailChannel:
    config, secrets = account.config, account.secrets

    def connect() -> Any:
        security = config.get("security", "starttls")
        return PublicBackend(
            host=config["host"],
            port=int(config.get("port") or 587),
            username=config.get("username", ""),
            password=secrets.get("password", ""),
            use_tls=security == "starttls",
            use_ssl=security == "tls",
            timeout=_SECONDS,
        )

    return EmailChannel(account, connect)


def problems(values: Mapping[str, str]) -> dict[str, Promise | str]:
    """What is wrong with a filled-in form, by field."""
    found: dict[str, Promise | str] = {}
    host, port = values.get("host", ""), values.get("port", "")
    if not port.isdecimal() or not 0 < int(port) < 65536:
        found["port"] = _("Enter a port such as 587.")
    try:
        private = not is_public(host) and f"{host}:{port}" not in allowed_from_environment()
    except ValueError:
        private = host in {"", "localhost"} or "/" in host or " " in host
    if private:
        found["host"] = _("Enter the name of a public mail server.")
    if values.get("username") and not values.get("password"):
        found["password"] = _("This field is required.")
    return found
