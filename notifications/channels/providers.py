"""Through whom a merchant may send with an account of its own: by channel, one entry each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from notifications.channels.forms import Provider as Provider

PROVIDERS: Final[Mapping[str, Mapping[str, Provider]]] = {}
