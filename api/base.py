"""The base of every view: the key's merchant in scope for the whole answer, limits, strictness."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack, suppress
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse
from rest_framework import serializers
from rest_framework.exceptions import APIException
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle

from lib import limits
from merchants.models import ApiKey, Merchant
from merchants.scope import merchant_scope
from tracking.models import Shipment
from tracking.shown import Where, Who, note_shown, seen

#: Requests a second that one key may make.
PER_SECOND: Final = 50


class TooLong(APIException):
    status_code = 413
    default_detail = "The body is too long. Send fewer orders at a time."


class PerKey(BaseThrottle):
    """A fixed window a second and key; the window's state goes out as headers."""

    def allow_request(self, request: Request, view: Any) -> bool:
        if not isinstance(request.auth, ApiKey):
            return True
        view.window = limits.count(f"api:{request.auth.pk}", limit=PER_SECOND, seconds=1)
        return not view.window.is_over

    def wait(self) -> float:
        return 1.0


class _RollBack(Exception):
    """Ends the scope's transaction without its writes."""


class MerchantView(GenericAPIView[Any]):
    """A view of one merchant's rows.

    The scope opens once the key is known and closes after the answer was rendered; an
    answer that is an error rolls back whatever the view wrote.
    """

    throttle_classes = [PerKey]
    #: The longest body that is read.
    most_bytes: int = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    window: limits.Window | None = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Response:
        with suppress(_RollBack), ExitStack() as scope:
            self._scope = scope
            answered = super().dispatch(request, *args, **kwargs)
            assert isinstance(answered, Response)
            response = answered
            # Rendered here: a lazy query must not run after the scope has closed.
            response.render()
            if response.status_code >= 400:
                raise _RollBack
        return response

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdecimal() and int(length) > self.most_bytes:
            raise TooLong
        if self.most_bytes > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            # Django's own limit is for all addresses; here ours was just checked.
            http = request._request
            http._body = http.read()
        self._scope.enter_context(merchant_scope(self.merchant.pk))

    def finalize_response(
        self, request: Request, response: Response, *args: Any, **kwargs: Any
    ) -> Response:
        if self.window is not None:
            response["RateLimit-Limit"] = str(self.window.limit)
            response["RateLimit-Remaining"] = str(self.window.remaining)
            response["RateLimit-Reset"] = str(self.window.seconds_left)
        return super().finalize_response(request, response, *args, **kwargs)

    @property
    def merchant(self) -> Merchant:
        key = self.request.auth
        assert isinstance(key, ApiKey)  # HasApiKey let nobody else in
        return key.merchant

    def pages(self, queryset: Any, output: type[serializers.Serializer[Any]]) -> Response:
        """One page of a list as the serializer shows it."""
        rows = self.paginate_queryset(queryset) or []
        return self.get_paginated_response(output(rows, many=True, context=self.shown(rows)).data)

    def shown(self, rows: list[Any]) -> dict[str, Any]:
        """What a serializer needs beside the rows, fetched once for all of them."""
        return {}

    def note_dates(self, shipments: Iterable[Shipment]) -> None:
        """The answer tells the windows of these parcels: the ledger keeps it."""
        looks = seen(shipments, where=Where.API, who=Who.PROGRAM)
        note_shown(looks, merchant_id=self.merchant.pk, now=timezone.now())


class Strict(serializers.Serializer[Any]):
    """Refuses fields it does not know: a typing error must not look like success."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, dict):
            return super().to_internal_value(data)
        known = {name for name, field in self.fields.items() if not field.read_only}
        unknown = [str(name) for name in data if name not in known]
        if unknown:
            hint = f"There is no such field. Known here: {', '.join(sorted(known))}."
            raise serializers.ValidationError({name: [hint] for name in unknown})
        # Our own answers say null for "not known"; sent back, it means "not said".
        said = {name: value for name, value in data.items() if value is not None}
        return super().to_internal_value(said)


class Mistake(serializers.Serializer[Any]):
    field = serializers.CharField(help_text="Where, e.g. `shipments[0].carrier`; empty for all.")
    message = serializers.CharField()


class Problem(serializers.Serializer[Any]):
    """RFC 9457, sent as application/problem+json."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    errors = Mistake(many=True, required=False)  # type: ignore[assignment]


Answers = dict[int | tuple[int, str], Any]


def many(output: type[serializers.Serializer[Any]]) -> Answers:
    """A list's answer. The media type is named because drf-spectacular recognises a list by
    the least of the keys, and problems name theirs."""
    return {(200, "application/json"): output(many=True)}


def described(status: int, words: str) -> Answers:
    """A problem as OpenAPI describes it."""
    answer = OpenApiResponse(Problem, description=words)
    return {(status, "application/problem+json"): answer}


#: What endpoints may answer beside their own: everywhere, to wrong input, for an absent row.
REFUSED: Final[Answers] = {
    **described(401, "No key, or one that does not exist or was revoked."),
    **described(429, f"More than {PER_SECOND} requests in one second; see Retry-After."),
}
WRONG: Final[Answers] = described(400, "What is wrong, field by field.")
ABSENT: Final[Answers] = described(404, "Not there, or not yours.")
