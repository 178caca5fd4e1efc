"""Where a reply to one of our mails goes: `reply+<message>.<proof>@<domain>`.

The proof is an HMAC of the message's number, so nothing is stored and nothing can be guessed. Mail
servers may change the case of an address, so it is lower case only.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from typing import Final

from django.conf import settings
from django.utils.crypto import salted_hmac
from django.utils.http import base36_to_int, int_to_base36

from lib.signing import same

_SALT: Final = "notifications.answers.addresses"
#: 80 bits, 16 letters.
_PROOF_BYTES: Final = 10
_TOKEN: Final = re.compile(r"reply\+([0-9a-z]{1,13}\.[a-z2-7]{16})@", re.IGNORECASE)


def reply_address(message_id: int) -> str:
    """The address for replies to this message; "" where replies do not come to us."""
    domain = settings.INBOUND_EMAIL_DOMAIN
    return f"reply+{_token(message_id)}@{domain}" if domain else ""


def token_in(addresses: Iterable[str]) -> str:
    """The token of the first of these addresses that has one; "" without."""
    for address in addresses:
        found = _TOKEN.search(address)
        if found:
            return found[1].lower()
    return ""


def message_of(token: str) -> int | None:
    """The number of the message whose reply address this is; None for what we did not write."""
    number, _, proof = token.partition(".")
    if not proof:
        return None
    message_id = base36_to_int(number)
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return message_id if any(same(proof, _proof(message_id, key)) for key in keys) else None


def _token(message_id: int) -> str:
    return f"{int_to_base36(message_id)}.{_proof(message_id, settings.SECRET_KEY)}"


def _proof(message_id: int, secret: str | bytes) -> str:
    digest = salted_hmac(_SALT, str(message_id), secret=secret, algorithm="sha256").digest()
    return base64.b32encode(digest[:_PROOF_BYTES]).decode().lower()
