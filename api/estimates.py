"""`/api/v1/estimates/`: the date before an order, for many places and ways at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import product
from typing import Any, Final

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.base import REFUSED, WRONG, MerchantView, Strict
from api.estimate_shapes import EstimatesOutput
from api.fields import CarrierSlug, Country, Instant, Text
from api.problems import mistakes
from edd.quotes import Ask, prefix_of, quote, seal, shape
from edd.reasons import explain
from edd.rules import load_rules
from lib.addresses.postcodes import is_possible

#: Destinations times services in one request.
MOST: Final = 200
#: How far `placed_at` may lie from now: it is about orders to come, not about the past.
_SLACK: Final = timedelta(minutes=5)
_AHEAD: Final = timedelta(days=365)


class QuoteDestination(Strict):
    """Where it goes."""

    country = Country()
    region = Text(80, help_text="A code (`CA`, `US-CA`) or a name.")
    city = Text(80)
    postcode = Text(20, help_text="Checked as a whole; only its first three characters are used.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        postcode, country = attrs.get("postcode", ""), attrs["country"]
        if postcode and not _may_be(postcode, country):
            words = f"{postcode!r} is not a postcode of {country}, nor the beginning of one."
            raise serializers.ValidationError({"postcode": [words]})
        return attrs


class QuoteService(Strict):
    """How it is sent; empty is any."""

    carrier = CarrierSlug()
    service = Text(60)


class QuoteOrigin(Strict):
    """Where it is sent from; left out, the merchant's own warehouse."""

    warehouse = Text(100, help_text="The id or name that your rules of handling use.")
    country = Country(required=False, allow_blank=True)


class QuoteItem(Strict):
    sku = serializers.CharField(max_length=120)


class EstimatesInput(Strict):
    destinations = QuoteDestination(many=True)
    services = QuoteService(many=True, required=False, help_text="Left out: any carrier.")
    placed_at = Instant(required=False, help_text="When it will be ordered; left out, now.")
    level = serializers.ChoiceField(
        choices=[80, 90, 95],
        required=False,
        help_text="So many per cent are to come by the last day; left out, your own level.",
    )
    items = QuoteItem(many=True, required=False)
    tags = serializers.ListField(
        child=serializers.CharField(max_length=60), required=False, max_length=50
    )

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        # `from` is a word of Python's own.
        return {"from": QuoteOrigin(required=False)} | super().get_fields()

    def validate_placed_at(self, value: datetime) -> datetime:
        now = timezone.now()
        if value < now - _SLACK:
            raise serializers.ValidationError(
                "This is past. Ask for an order that is still to come; leave it out for now."
            )
        if value > now + _AHEAD:
            raise serializers.ValidationError(f"At most {_AHEAD.days} days ahead.")
        return max(value, now)


class _Around(EstimatesInput):
    """All but the places and the ways, each of which is read, and refused, alone."""

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        def some(**rest: Any) -> serializers.ListField:
            return serializers.ListField(child=serializers.JSONField(), **rest)

        return super().get_fields() | {
            "destinations": some(allow_empty=False),
            "services": some(required=False),
        }

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        asked = len(attrs["destinations"]) * len(attrs.get("services") or [{}])
        if asked > MOST:
            words = f"Destinations times services are {asked:,}; at most {MOST} at a time."
            raise serializers.ValidationError({"destinations": [words]})
        return attrs


class Estimates(MerchantView):
    serializer_class = EstimatesOutput

    @extend_schema(
        operation_id="estimates",
        request=EstimatesInput,
        responses={200: EstimatesOutput, **WRONG, **REFUSED},
        summary="Say when an order would come",
        description=f"Each of `destinations` ({{country, region, city, postcode}}) with each of "
        f"`services` ({{carrier, service}}), {MOST} answers at most. One that is wrong loses none "
        "of the others. Nothing is stored: the `quote` of an answer is sealed, and an order that "
        "names it is promised the same date.",
    )
    def post(self, request: Request) -> Response:
        given = _Around(data=request.data)
        given.is_valid(raise_exception=True)
        rows = list(_rows(given.validated_data, merchant_id=self.merchant.pk, now=timezone.now()))
        answered = sum(row["status"] == 200 for row in rows)
        return Response({"answered": answered, "refused": len(rows) - answered, "estimates": rows})


def _rows(said: dict[str, Any], *, merchant_id: int, now: datetime) -> Iterator[dict[str, Any]]:
    """An answer for each place with each way."""
    rules = load_rules(merchant_id)
    places = _read_each(QuoteDestination(), said["destinations"], "destinations")
    ways = _read_each(QuoteService(), said.get("services") or [{}], "services")
    for (place_number, place), (way_number, way) in product(enumerate(places), enumerate(ways)):
        row = {"destination": place_number, "service": way_number}
        if wrong := place.wrong + way.wrong:
            yield row | {"status": 400, "errors": wrong}
            continue
        made = quote(
            rules,
            _ask(place.said, way.said, said),
            now=now,
            placed_at=said.get("placed_at"),
            level=said.get("level"),
        )
        yield (
            row
            | {"status": 200}
            | shape(made, rules_at=now)
            | {
                "why": explain(made.promise.why),
                "quote": seal(made, merchant_id=merchant_id),
            }
        )


@dataclass(frozen=True, slots=True)
class _Part:
    """One place or way: what it says, or what is wrong with it."""

    said: dict[str, Any]
    wrong: list[dict[str, str]]


def _read_each(form: Strict, given: list[Any], name: str) -> list[_Part]:
    parts = []
    for number, one in enumerate(given):
        try:
            parts.append(_Part(form.run_validation(one), []))
        except serializers.ValidationError as error:
            parts.append(_Part({}, list(mistakes(error.detail, f"{name}[{number}]"))))
    return parts


def _ask(place: dict[str, Any], way: dict[str, Any], said: dict[str, Any]) -> Ask:
    origin = said.get("from", {})
    return Ask(
        country=place["country"],
        region=place.get("region", ""),
        city=place.get("city", ""),
        prefix=prefix_of(place.get("postcode", "")),
        carrier=way.get("carrier", ""),
        service=way.get("service", ""),
        warehouse=origin.get("warehouse", ""),
        from_country=origin.get("country", ""),
        tags=tuple(said.get("tags", [])),
        skus=tuple(item["sku"] for item in said.get("items", [])),
    )


def _may_be(postcode: str, country: str) -> bool:
    """A postcode of this country, or as much of one as we use."""
    return is_possible(postcode, country=country) or prefix_of(postcode) == postcode.upper()
