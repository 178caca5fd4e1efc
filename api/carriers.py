"""`/api/v1/carriers/`: who can be asked, and what they need."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, overload

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request
from rest_framework.response import Response

from api.base import ABSENT, REFUSED, WRONG, MerchantView, Strict, many
from api.fields import Text
from carriers import registry
from carriers.base import Carrier
from carriers.couriers import served
from carriers.finding import hubs_among
from carriers.models import Courier
from lib.folding import fold
from tracking.candidates import connected


class LimitsOutput(serializers.Serializer[Any]):
    per_second = serializers.FloatField(allow_null=True)
    per_day = serializers.IntegerField(allow_null=True)
    concurrent = serializers.IntegerField()


class CarrierOutput(serializers.Serializer[Any]):
    slug = serializers.CharField()
    name = serializers.CharField()
    through = serializers.CharField(
        allow_null=True,
        help_text="The aggregator of yours that serves it, whose limits are these; null: we do.",
    )
    countries = serializers.ListField(child=serializers.CharField())
    proven = serializers.ChoiceField(
        choices=["recorded", "documented", "unproven"],
        help_text="How we know its answers: recorded ones, its documents, or neither.",
    )
    push = serializers.BooleanField(help_text="Whether it sends scans by itself.")
    batch_size = serializers.IntegerField()
    limits = LimitsOutput()
    needs = serializers.ListField(
        child=serializers.CharField(), help_text="Extra fields a parcel must have."
    )

    def to_representation(self, instance: Carrier | Courier) -> dict[str, Any]:
        asked = registry.get(instance.hub) if isinstance(instance, Courier) else instance
        shown: dict[str, Any] = {
            "slug": instance.slug,
            "name": instance.name,
            "through": None,
            "countries": list(asked.countries),
            "proven": asked.proven,
            "push": asked.push,
            "batch_size": asked.batch_size,
            "limits": LimitsOutput(asked.limits).data,
            "needs": list(asked.needs),
        }
        if isinstance(instance, Courier):
            countries = [code for code in instance.countries.split(",") if code]
            shown |= {"through": instance.hub, "countries": countries}
        return shown


class CarrierFilter(Strict):
    """What narrows the list; `page` and `page_size` belong to its pages."""

    q = Text(80, help_text="A part of the name or slug.")
    page = serializers.IntegerField(required=False, min_value=1)
    page_size = serializers.IntegerField(required=False, min_value=1)


class CarrierPages(PageNumberPagination):
    """All of ours fit on the first page."""

    page_size = 200
    page_size_query_param = "page_size"
    max_page_size = 200

    def get_paginated_response(self, data: Any) -> Response:
        links = {"next": self.get_next_link(), "previous": self.get_previous_link()}
        return Response(links | {"results": data})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": "string", "nullable": True, "format": "uri"}
        properties = {"next": link, "previous": link, "results": schema}
        return {"type": "object", "required": ["results"], "properties": properties}


class _Listed(Sequence[Any]):
    """Ours, then the hubs': one list of which only the page that is shown is read."""

    def __init__(self, own: list[Carrier], further: QuerySet[Courier]) -> None:
        self.own, self.further = own, further

    def __len__(self) -> int:
        return len(self.own) + self.further.count()

    @overload
    def __getitem__(self, index: int) -> Any: ...
    @overload
    def __getitem__(self, index: slice) -> list[Any]: ...
    def __getitem__(self, index: int | slice) -> Any:
        if isinstance(index, int):
            return self[index : index + 1][0]
        start, stop, _ = index.indices(len(self))
        before = len(self.own)
        rest = self.further[max(start - before, 0) : max(stop - before, 0)]
        return [*self.own[start:stop], *rest]


class Carriers(MerchantView):
    serializer_class = CarrierOutput
    pagination_class = CarrierPages

    @extend_schema(
        operation_id="carriers_list",
        parameters=[CarrierFilter],
        responses={**many(CarrierOutput), **WRONG, **ABSENT, **REFUSED},
        summary="List carriers",
        description="Everyone we can ask, with what each needs and how fast it may be asked; then"
        " the carriers that an aggregator of yours serves, `through` it.",
    )
    def get(self, request: Request) -> Response:
        wanted = CarrierFilter(data=request.query_params.dict())
        wanted.is_valid(raise_exception=True)
        words = wanted.validated_data.get("q", "")
        own = sorted(registry.CARRIERS.values(), key=lambda carrier: carrier.slug)
        named = [one for one in own if fold(words) in fold(f"{one.name} {one.name_ar} {one.slug}")]
        further = served(hubs_among(connected()), words=words).exclude(
            slug__in=[one.slug for one in own]
        )
        return self.pages(_Listed(named, further), CarrierOutput)
