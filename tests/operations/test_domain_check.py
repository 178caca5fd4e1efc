"""Caddy's question: certificates for our host and merchants' verified domains, for nobody else."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from merchants.models import Domain, Merchant
from operations import domain_check
from tests.factories import NOW

HOST = "track.noor.example"


@pytest.fixture(autouse=True)
def domain(settings: Settings, merchant: Merchant) -> Domain:
    settings.BASE_HOST = "homeward.example"
    settings.OUR_HOSTS = ["homeward.example", "web"]
    return Domain.objects.create(host=HOST, merchant=merchant, verified_at=NOW)


def ask(client: Client, domain: str, **options: object) -> HttpResponse:
    return client.get("/internal/domain-check", {"domain": domain}, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", [HOST, HOST.upper(), f"{HOST}.", "homeward.example"])
def test_known_host_gets_a_certificate(client: Client, name: str) -> None:
    answer = ask(client, name, headers={"Host": "web:8000"})
    assert (answer.status_code, answer.content) == (200, b"")


@pytest.mark.parametrize(
    "name",
    ["evil.example", f"a.{HOST}", "noor.example", "", "web", "localhost", "10.0.0.1", f"{HOST}/x",
     "x y.example", "*", f"{'a' * 64}.example", f"{'a.' * 130}example"],
)  # fmt: skip
def test_unknown_name_gets_none(client: Client, name: str) -> None:
    answer = ask(client, name, headers={"Host": "web:8000"})
    assert (answer.status_code, answer.content) == (404, b"")


def test_unverified_domain_gets_none(client: Client, domain: Domain) -> None:
    Domain.objects.update(verified_at=None)
    assert ask(client, domain.host, headers={"Host": "web"}).status_code == 404


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"])
def test_nobody_asks_through_the_proxy(client: Client, header: str) -> None:
    headers = {"Host": "homeward.example", header: "203.0.113.9"}
    assert ask(client, HOST, headers=headers).status_code == 404


def test_nobody_asks_from_outside(client: Client) -> None:
    headers = {"Host": "homeward.example"}
    assert ask(client, HOST, headers=headers, REMOTE_ADDR="8.8.8.8").status_code == 404
    assert ask(client, HOST, headers=headers, REMOTE_ADDR="172.18.0.4").status_code == 200


def test_many_unknown_names_are_held_up_and_known_ones_never(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(domain_check, "UNKNOWN_A_MINUTE", 3)
    statuses = [ask(client, f"{n}.evil.example", headers={"Host": "web"}).status_code
                for n in range(5)]  # fmt: skip
    assert statuses == [404, 404, 404, 429, 429]
    assert ask(client, HOST, headers={"Host": "web"}).status_code == 200


def test_question_costs_one_query(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        ask(client, HOST, headers={"Host": "web"})


def test_own_domain_has_no_such_address(client: Client) -> None:
    assert ask(client, HOST, headers={"Host": HOST}).status_code == 404
