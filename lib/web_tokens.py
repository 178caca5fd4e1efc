"""JSON Web Tokens that prove who asks, signed with a private RSA key (RFC 7519, RS256)."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from typing import Any, Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

_PEM: Final = re.compile(r"-----BEGIN ([A-Z ]+)-----(.+?)-----END \1-----", re.DOTALL)


def signed_rs256(claims: Mapping[str, Any], key: str) -> str:
    """The token. `key` is PEM; line breaks that a form lost, or wrote as \\n, do not matter.

    Raises ValueError for what is no private RSA key.
    """
    header = _part({"alg": "RS256", "typ": "JWT"})
    signing = f"{header}.{_part(claims)}"
    signature = _private(key).sign(signing.encode(), padding.PKCS1v15(), hashes.SHA256())
    return f"{signing}.{_words(signature)}"


def _private(key: str) -> rsa.RSAPrivateKey:
    found = _PEM.search(key.replace("\\n", "\n"))
    if found is None:
        raise ValueError("the key is not PEM")
    body = "".join(found[2].split())
    lines = "\n".join(body[start : start + 64] for start in range(0, len(body), 64))
    pem = f"-----BEGIN {found[1]}-----\n{lines}\n-----END {found[1]}-----\n"
    try:
        private = serialization.load_pem_private_key(pem.encode(), password=None)
    except (TypeError, UnsupportedAlgorithm) as error:
        raise ValueError("the key has a password, or is of an unknown kind") from error
    if not isinstance(private, rsa.RSAPrivateKey):
        raise ValueError("the key is not RSA")
    return private


def _part(values: Mapping[str, Any]) -> str:
    return _words(json.dumps(values, separators=(",", ":")).encode())


def _words(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
