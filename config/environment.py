"""Reads settings from the environment. A wrong value stops the start with one sentence."""

from __future__ import annotations

import base64
import ipaddress
import os
import re
from email.utils import parseaddr
from typing import Final
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"0", "false", "no", "off", ""}
#: Below this Django's own check calls a key weak.
_SECRET_LENGTH: Final = 50
_SECRET_VARIETY: Final = 10


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, default).strip()


def flag(name: str, *, default: bool = False) -> bool:
    value = os.environ.get(name, str(default)).strip().lower()
    if value in _TRUE:
        return True
    if value in _FALSE:
        return False
    raise ImproperlyConfigured(f"{name} must be yes or no, not {value!r}.")


def number(name: str, default: float, *, least: float = 0.0, most: float = 1e9) -> float:
    value = text(name) or str(default)
    try:
        found = float(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a number, not {value!r}.") from None
    if not least <= found <= most:
        raise ImproperlyConfigured(f"{name} must be from {least:g} to {most:g}, not {value}.")
    return found


def whole(name: str, default: int, *, least: int = 0, most: int = 65535) -> int:
    found = number(name, default, least=least, most=most)
    if found != int(found):
        raise ImproperlyConfigured(f"{name} must be a whole number, not {text(name)}.")
    return int(found)


def family(prefix: str) -> dict[str, str]:
    """Every variable that begins so, by the rest of its name in lower case; empty ones left out."""
    found = {name: text(name) for name in os.environ if name.startswith(prefix)}
    return {name.removeprefix(prefix).lower(): value for name, value in found.items() if value}


def names(name: str, default: str = "") -> list[str]:
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def one_of(name: str, default: str, allowed: tuple[str, ...]) -> str:
    value = text(name) or default
    if value not in allowed:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(allowed)}, not {value!r}.")
    return value


def is_production() -> bool:
    """A database of one's own, and neither demonstration, debugging nor tests: strict about all."""
    relaxed = flag("DEMO") or flag("DEBUG") or flag("HOMEWARD_TESTING")
    return bool(text("DATABASE_URL")) and not relaxed


def log_format() -> str:
    """Lines for programs in production, for people elsewhere."""
    return one_of("LOG_FORMAT", "json" if is_production() else "line", ("json", "line"))


def secret_key(name: str, *, local: bool) -> str:
    """The key that signs sessions; a fixed one where nobody else can come in."""
    value = text(name)
    if not value and local:
        return "local-only-" + "x" * 40
    how = "Generate one with: openssl rand -hex 32"
    if not value:
        raise ImproperlyConfigured(f"{name} is not set. {how}")
    if len(value) < _SECRET_LENGTH:
        raise ImproperlyConfigured(f"{name} must have at least {_SECRET_LENGTH} characters. {how}")
    if len(set(value)) < _SECRET_VARIETY or value.startswith(("django-insecure-", "local-only-")):
        raise ImproperlyConfigured(f"{name} can be guessed. {how}")
    return value


def fernet_keys(name: str, *, local: bool) -> list[str]:
    """Keys for stored secrets, newest first; a fixed one where nobody else can come in."""
    keys = names(name)
    how = "Generate one with: openssl rand -base64 32 | tr '+/' '-_'"
    if not keys and local:
        return [base64.urlsafe_b64encode(b"homeward-local-development-only!").decode()]
    if not keys:
        raise ImproperlyConfigured(f"{name} is not set. {how}")
    for place, key in enumerate(keys, start=1):
        try:
            raw = base64.b64decode(key, altchars=b"-_", validate=True)
        except ValueError:
            raw = b""
        if len(raw) != 32:
            raise ImproperlyConfigured(
                f"{name}: key {place} is not 32 bytes in URL-safe base64. {how}"
            )
    return keys


def base_url(name: str, default: str, *, production: bool) -> str:
    """Our own address, without a last slash: scheme and host, nothing behind them."""
    value = text(name, default).rstrip("/")
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ImproperlyConfigured(f"{name} must start with http:// or https:// and name a host.")
    if parts.path or parts.query or parts.fragment or "@" in parts.netloc:
        raise ImproperlyConfigured(f"{name} must be scheme and host alone, e.g. https://x.example.")
    if production and parts.scheme != "https" and not is_this_machine(parts.hostname):
        raise ImproperlyConfigured(
            f"{name} must start with https://: sessions and links would travel in the clear."
        )
    return value


def hosts(name: str, default: str, *, production: bool) -> list[str]:
    found = names(name, default)
    if production and any(host.startswith(("*", ".")) for host in found):
        raise ImproperlyConfigured(
            f"{name} must name each host: a wildcard would take merchants' domains for ours."
        )
    return found


def addresses(name: str) -> list[str]:
    """IP addresses, as the DNS writes them."""
    try:
        return [str(ipaddress.ip_address(one)) for one in names(name)]
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}: {error}.") from error


def is_this_machine(host: str) -> bool:
    """Whether this host name or socket folder can only be this machine."""
    if host in {"", "localhost"} or host.startswith("/") or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def is_at_home(host: str) -> bool:
    """Whether this host is this machine or has an address of a private network."""
    if is_this_machine(host):
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_private
    except ValueError:
        return False


def redis_url(name: str, default: str) -> str:
    value = text(name) or default
    parts = urlsplit(value)
    socket = parts.scheme == "unix" and bool(parts.path.strip("/"))
    server = parts.scheme in {"redis", "rediss"} and bool(parts.hostname)
    if not socket and not (server and re.fullmatch(r"/?\d*", parts.path)):
        raise ImproperlyConfigured(f"{name} must look like redis://:password@host:6379/0.")
    return value


def sender(name: str, default: str, *, production: bool) -> str:
    """The address that all mail comes from, with or without a name before it."""
    value = text(name) or ("" if production else default)
    if not value:
        raise ImproperlyConfigured(f"{name} is not set: the address that all mail comes from.")
    _, address = parseaddr(value)
    if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", address):
        raise ImproperlyConfigured(f"{name} must hold an e-mail address, not {value!r}.")
    return value


def mail_backend(name: str, default: str, *, production: bool) -> str:
    value = text(name) or default
    if not re.fullmatch(r"\w+(\.\w+)+", value):
        raise ImproperlyConfigured(f"{name} must be the dotted path of a class, not {value!r}.")
    sends = value.startswith("anymail.") or value.endswith("smtp.EmailBackend")
    if production and value.startswith(("django.", "demo.")) and not sends:
        raise ImproperlyConfigured(f"{name} {value} sends nothing: no shopper would hear of it.")
    return value


def database(name: str, url: str) -> dict[str, object]:
    """A PostgreSQL address as a DATABASES entry; a socket folder may stand %2F-quoted as host."""
    parts = urlsplit(url)
    port: str | None
    try:
        port = str(parts.port or "")
    except ValueError:
        port = None
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/") or port is None:
        raise ImproperlyConfigured(
            f"{name} must look like postgresql://role:password@host:5432/database."
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.strip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": _host(parts.netloc),
        "PORT": port,
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        # Server-side cursors outlive a transaction; PgBouncer's transaction mode cannot keep them.
        "DISABLE_SERVER_SIDE_CURSORS": True,
    }


def _host(netloc: str) -> str:
    # urlsplit lower-cases .hostname, which would break a socket folder's path.
    host = netloc.rpartition("@")[2]
    if not host.startswith("["):
        host = host.partition(":")[0]
    return unquote(host)


def refuse_for_others(name: str, *, base_url: str, database_host: str) -> None:
    """DEMO and DEBUG open doors that must not be reached by others, nor lead to real orders."""
    if not is_at_home(urlsplit(base_url).hostname or ""):
        raise ImproperlyConfigured(
            f"{name} opens everything to anybody, and BASE_URL is a public address."
        )
    if not is_this_machine(database_host):
        raise ImproperlyConfigured(
            f"{name} may only use a database on this machine, not the one that DATABASE_URL names."
        )
