"""The `Idempotency-Key` of a request."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.exceptions import APIException
from rest_framework.request import Request

from api.base import Answers, described
from merchants.models import Merchant
from stores import replies
from stores.models import ApiReply

KEY: Final = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="Up to 100 characters, remembered for 48 hours. A second request with it changes "
    "nothing and gets the first one's answer; with another body it is refused (422).",
)
USED: Final[Answers] = described(422, "The key was used with another body.")


class UsedKey(APIException):
    status_code = 422
    default_detail = (
        "This Idempotency-Key was used with another body. Take a new key for a new request."
    )


def begin(
    request: Request, *, merchant: Merchant, errand: str, now: datetime
) -> tuple[ApiReply | None, bool]:
    """The key's row (None without a key), and whether the work is still to be done."""
    key = request.headers.get("Idempotency-Key", "").strip()
    if len(key) > 100 or not key.isprintable():
        raise serializers.ValidationError(
            {"Idempotency-Key": ["Up to 100 printable characters, e.g. a UUID."]}
        )
    if not key:
        return None, True
    fingerprint = replies.fingerprint_of(request.data)
    try:
        return replies.begin(
            merchant=merchant, errand=errand, key=key, fingerprint=fingerprint, now=now
        )
    except replies.KeyUsed as error:
        raise UsedKey from error
