"""Nobody finds another merchant's rows: by table, by raw SQL, by address, by the API.

Fails when a table or a route exists that is not covered here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Final

import pytest
from django.apps import apps
from django.db import connection, models
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from merchants.access import issue_api_key
from merchants.models import ApiKey, Domain, Membership, Merchant, PublishableKey
from merchants.owned import MerchantOwned
from merchants.scope import merchant_scope
from notifications.models import Message, Rule
from tests import everything, factories
from tests.everything import MARK
from tracking.models import Link, Order, Shipment

APPS: Final = {
    "merchants", "carriers", "edd", "inbox", "help_texts", "tracking", "selling", "stores",
    "notifications", "helpdesk", "storefront_pages", "dashboard", "api", "hooks", "operations",
    "demo",
}  # fmt: skip

#: Tables without a policy, each with its reason.
OPEN_TABLES: Final = {
    "merchants.User": "a person may belong to several merchants",
    "merchants.Merchant": "the tenant itself",
    "merchants.Membership": "read before the merchant is known",
    "carriers.Courier": "facts of the hubs: which carriers they serve",
    "carriers.PlatformAccount": "the operator's own; merchants point to it",
    "notifications.OperatorSmsRule": "what a country takes as a text message, for all merchants",
    "edd.OperatorDayRule": "what happens in a country, for all merchants",
    "edd.Learned": "how far is learned, and models without any merchant's own part",
    "edd.PooledNode": "sums over all merchants' parcels: counts, and no parcel among them",
    "edd.OperatorDisruption": "the operator's word about a carrier or a country, for all merchants",
    "merchants.Domain": "door: host to merchant",
    "merchants.ApiKey": "door: hash to merchant",
    "merchants.PublishableKey": "door: the key in a shop's own pages to merchant",
    "stores.ConnectAttempt": "door: a shop's answer to merchant",
    "stores.Installation": "shops that installed our app and that nobody has claimed yet",
    "inbox.Door": "door: hook token to merchant",
    "tracking.Link": "door: link token to merchant",
    "tracking.GapCount": "sums over all merchants' parcels: counts, and no parcel among them",
    "tracking.CarrierPulse": "counts over all merchants",
    "tracking.OperatorOverride": "what a carrier's code means, for all merchants",
    "tracking.Outage": "of a carrier, seen over all merchants",
    "tracking.Slowness": "of a carrier, counted over all merchants",
    "selling.Collected": "how far orders were read for catalogues: a number, and no order in it",
    "demo.CapturedMail": "the demonstration's mailbox; not installed in production",
    "demo.WooOrder": "the demonstration's WooCommerce shop, which is not ours",
    "demo.WooKey": "the demonstration's WooCommerce shop",
    "demo.WooHook": "the demonstration's WooCommerce shop",
    "demo.WooWritten": "the demonstration's WooCommerce shop",
}


@pytest.fixture
def theirs(other: Merchant) -> dict[type[models.Model], Any]:
    return everything.make(other)


def our_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model._meta.app_label in APPS]


def owned_models() -> list[type[MerchantOwned]]:
    return [model for model in our_models() if issubclass(model, MerchantOwned)]


def test_every_table_is_owned_or_listed_with_its_reason() -> None:
    unlisted = [model._meta.label for model in our_models() if not issubclass(model, MerchantOwned)]
    assert sorted(unlisted) == sorted(OPEN_TABLES)


def test_every_owned_table_has_a_forced_policy(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_policy p ON p.polrelid = c.oid"
            " WHERE c.relrowsecurity AND c.relforcerowsecurity"
        )
        guarded = {row[0] for row in cursor.fetchall()}
    assert {model._meta.db_table for model in owned_models()} - guarded == set()


def test_every_table_is_a_models_or_out_of_reach(db: None) -> None:
    known = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, has_table_privilege(c.oid, 'SELECT, INSERT, UPDATE, DELETE')"
            " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE n.nspname = 'public' AND c.relkind IN ('r', 'v', 'm', 'p')"
        )
        others = [row for row in cursor.fetchall() if row[0] not in known]
    assert sorted(others) == [("django_migrations", True), ("tracking_order_search", False)]


def test_no_row_of_another_merchant_is_found(
    merchant: Merchant, theirs: dict[type[models.Model], Any]
) -> None:
    missing = [model._meta.label for model in owned_models() if model not in theirs]
    assert missing == [], "tests/everything.py does not make these"
    with merchant_scope(merchant.pk), connection.cursor() as cursor:
        for model in owned_models():
            row = theirs[model]
            assert not model.objects.filter(pk=row.pk).exists(), model
            cursor.execute(f"SELECT count(*) FROM {model._meta.db_table} WHERE id = %s", [row.pk])
            assert cursor.fetchone() == (0,), model
            cursor.execute(f"UPDATE {model._meta.db_table} SET id = id WHERE id = %s", [row.pk])
            assert cursor.rowcount == 0, model


# --- addresses ------------------------------------------------------------------------------

#: Routes without anybody's rows, each with its reason.
OPEN_ROUTES: Final = {
    "healthz": "says only that the process lives",
    "readyz": "says only what is reachable",
    "metrics": "counts over all merchants and names none; tests/operations/test_metrics.py",
    "internal/domain-check": "says only whether a host is served",
    "": "leads to the dashboard",
    "app/": "leads to the visitor's own merchants",
    "app/login/": "before anybody is known",
    "app/logout/": "ends a session",
    "app/language/": "remembers the visitor's own language",
    "app/join/<int:member_id>/<str:token>/": "the token of an invitation is the proof",
    "app/signup/": "before anybody is known",
    "app/signup/again/": "before anybody is known",
    "app/confirm/<int:user_id>/<str:token>/": "the token from the mail is the proof",
    "app/password/": "before anybody is known",
    "app/password/<int:user_id>/<str:token>/": "the token from the mail is the proof",
    "app/connect/<slug:platform>/back/": "only the merchant that the visitor's session names",
    "app/new/": "before a merchant is there",
    "app/new/country/": "reads no table",
    "app/new/preview/": "reads no table",
    "desk/": "leads to the visitor's own merchants",
    "api/docs/": "documentation",
    "api/v1/.*": "answers every other address with the same problem",
    "api/v1/schema/": "documentation",
    "w/1/date.js": "our own script, the same for all",
    "w/1/order.js": "our own script, the same for all",
    "demo/style/": "the style page reads no table",
    "demo/mailbox/": "the demonstration's mailbox",
    "demo/phone/": "the demonstration's phones",
    "demo/phone/<int:owner_id>/": "the demonstration's phones",
    "demo/phone/<int:owner_id>/answer/": "the demonstration's phones",
    "demo/phone/<int:owner_id>/notes/": "the demonstration's phones",
    "demo/mailbox/<int:mail_id>/": "the demonstration's mailbox",
    "demo/mailbox/<int:mail_id>/body/": "the demonstration's mailbox",
    "demo/woo/": "the demonstration's WooCommerce shop; its API asks for its own keys",
    "demo/woo/do/": "the demonstration's WooCommerce shop: who runs it",
    "demo/woo/wp-json/<path:route>": "the demonstration's WooCommerce shop asks for its own keys",
    "demo/woo/wc-auth/v1/authorize": "the demonstration's WooCommerce shop: its owner agrees",
    "demo/webhooks/<slug:merchant>/": "the demonstration's program asks for a signature",
    "demo/shop/<slug:merchant>/": "the demonstration's shop: goods are no rows",
    "demo/shop/<slug:merchant>/goods/<slug:product>/": "goods are no rows",
    "demo/shop/<slug:merchant>/cart/": "the visitor's own session",
    "demo/shop/<slug:merchant>/place/": "the visitor's own session",
    "demo/shop/<slug:merchant>/checkout/": "the visitor's own session",
    "demo/shop/<slug:merchant>/thanks/": "only the order that the visitor's session names",
    "demo/shop/<slug:merchant>/backstage/": "only the order that the visitor's session names",
}
#: Routes of the shopper's pages, hooks and widget: the token in the path is the proof, so these are
#: walked with our slug and their token.
TOKEN_ROUTES: Final = ("p/", "hooks/", "w/")


def routes() -> Iterator[str]:
    """Every route as text, e.g. `app/<slug:merchant>/orders/<int:order_id>/`."""

    def walk(patterns: list[Any], prefix: str) -> Iterator[str]:
        for entry in patterns:
            route = prefix + _plain(str(entry.pattern))
            if isinstance(entry, URLResolver):
                yield from walk(entry.url_patterns, route)
            elif isinstance(entry, URLPattern):
                yield route

    return walk(get_resolver().url_patterns, "")


def _plain(pattern: str) -> str:
    """A regular expression of DRF's kind as a path pattern."""
    text = re.sub(r"\(\?P<(\w+)>[^)]*\)", r"<str:\1>", pattern)
    return (
        text.replace("^", "")
        .replace("\\Z", "")
        .replace("$", "")
        .replace("/?", "/")
        .replace("\\", "")
    )


def guarded_routes() -> list[str]:
    return sorted({route for route in routes() if route not in OPEN_ROUTES})


def fill(route: str, values: dict[str, str]) -> str:
    """The address with every parameter filled; a new parameter must be taught here."""

    def value(match: re.Match[str]) -> str:
        name = match.group(1)
        if name not in values:
            pytest.fail(f"{route}: teach tests/test_tenancy.py what {name} is")
        return values[name]

    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", value, route)


def identifiers(theirs: dict[type[models.Model], Any], merchant: str) -> dict[str, str]:
    """Their rows' identifiers, under the parameter names that routes use."""
    order, shipment = theirs[Order], theirs[Shipment]
    by_model = {f"{model._meta.model_name}_id": str(row.pk) for model, row in theirs.items()}
    return by_model | {
        "merchant": merchant,
        "pk": str(order.pk),
        "answer_id": by_model["deliveryanswer_id"],
        "written_id": by_model["answer_id"],
        "account_id": by_model["carrieraccount_id"],
        "failure_id": by_model["carrierfailure_id"],
        "store_id": by_model["storeconnection_id"],
        "connection_id": by_model["storeconnection_id"],
        "slowness_id": "0",  # nobody's: there is none
        "key_id": by_model["apikey_id"],
        "key": theirs[PublishableKey].key,
        "import_id": by_model["orderimport_id"],
        "test_id": by_model["backtest_id"],
        "member_id": by_model["membership_id"],
        "order_id": str(order.pk),
        "shipment_id": str(shipment.pk),
        "message_id": str(theirs[Message].pk),
        "token": theirs[Link].token,
        "version": "1",
        "digest": "0",
        "name": "icon",
        "topic": "delivered",
        "rule": f"own-{theirs[Rule].pk}",
        "run_id": by_model["dryrun_id"],
        "channel": "email",
        "language": "en",
        "price_id": by_model["messageprice_id"],
        "kind": "store",
        "slug": "shopify",
        "platform": "shopify",
        "step": "store",
        "provider": "http_sms",
        "role": "receiver",
        "delivery_id": by_model["delivery_id"],
        "owner_id": by_model["recipient_id"],
        "product": "lamp",
        "stage": "delivered",
        "ours": "when",
        "peak": "christmas-2026",
        "format": "json",
    }


def visible(response: Any) -> str:
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return body.decode("utf-8", "replace") + str(response.headers)


@pytest.mark.parametrize("method", ["get", "post"])
def test_logged_in_member_finds_nothing_of_another_merchant(
    merchant: Merchant, other: Merchant, theirs: dict[type[models.Model], Any], method: str
) -> None:
    owner = factories.user(merchant, email="me@noor.example")
    walked = [r for r in guarded_routes() if not r.startswith(("api/", *TOKEN_ROUTES))]
    assert len(walked) > 10
    client = Client(raise_request_exception=True)
    client.force_login(owner)
    for route in walked:
        for slug in (merchant.slug, other.slug):
            address = fill(route, identifiers(theirs, slug))
            response = getattr(client, method)(address)
            assert MARK not in visible(response), f"{method} {route} as {slug} shows their data"
            # A wrong method is refused for every slug alike, so it confirms nothing.
            if slug == other.slug:
                assert response.status_code in {404, 405}, f"{method} {route} confirms them"
            elif re.search(r"<int:(?!version)", route):
                assert response.status_code in {404, 405}, f"{method} {route}"


def test_their_rows_are_still_as_they_were(
    merchant: Merchant, other: Merchant, theirs: dict[type[models.Model], Any]
) -> None:
    owner = factories.user(merchant, email="me@noor.example")
    client = Client()
    client.force_login(owner)
    for route in guarded_routes():
        if not route.startswith(("api/", *TOKEN_ROUTES)):
            client.post(fill(route, identifiers(theirs, merchant.slug)))
    with merchant_scope(other.pk):
        for model in owned_models():
            assert model.objects.filter(pk=theirs[model].pk).exists(), model
    for door in (ApiKey, PublishableKey, Membership, Domain, Link):
        row = theirs[door]
        row.refresh_from_db()
        assert getattr(row, "revoked_at", None) is None


@pytest.mark.parametrize("method", ["get", "post", "patch", "put", "delete"])
def test_api_key_finds_nothing_of_another_merchant(
    merchant: Merchant, theirs: dict[type[models.Model], Any], method: str
) -> None:
    _, key = issue_api_key(merchant=merchant, name="mine", by=None)
    client = Client(headers={"authorization": f"Bearer {key}"})
    walked = [route for route in guarded_routes() if route.startswith("api/")]
    assert len(walked) > 4
    for route in walked:
        address = fill(route, identifiers(theirs, merchant.slug))
        options = (
            {} if method == "get" else {"data": json.dumps({}), "content_type": "application/json"}
        )
        response = getattr(client, method)(address, **options)
        assert MARK not in visible(response), f"{method} {route}"
        if "<" in route:
            assert response.status_code in {404, 405}, f"{method} {route}: {response.status_code}"


def test_api_without_a_key_is_refused(
    merchant: Merchant, theirs: dict[type[models.Model], Any]
) -> None:
    for route in guarded_routes():
        if route.startswith("api/"):
            response = Client().get(fill(route, identifiers(theirs, merchant.slug)))
            assert response.status_code == 401, route


def test_their_token_under_our_slug_finds_nothing(
    merchant: Merchant, theirs: dict[type[models.Model], Any]
) -> None:
    for route in guarded_routes():
        if route.startswith("p/"):
            response = Client().get(fill(route, identifiers(theirs, merchant.slug)))
            assert MARK not in visible(response), route
            if "<str:token>" in route or "<token>" in route:
                # A wrong method is refused whosever token it is.
                assert response.status_code in {404, 405}, route


def test_stranger_is_sent_to_the_log_in(
    merchant: Merchant, theirs: dict[type[models.Model], Any]
) -> None:
    for route in guarded_routes():
        if route.startswith(("app/", "desk/")):
            response = Client().get(fill(route, identifiers(theirs, merchant.slug)))
            assert response.status_code in {302, 405}, route
            assert MARK not in visible(response)
