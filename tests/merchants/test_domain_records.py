"""What the DNS says of a shop's own domain, asked of a real server."""

from __future__ import annotations

import pytest
from pytest_django import Settings

from lib.dns_lookup import Lookup, NoAnswer
from merchants.domain_records import can_be_reached, look_up, proof_name, proof_value
from merchants.models import Domain
from tests.merchants.domain_scenes import HOST, Records, lead

FOUND, MISSING, OTHER = Domain.Finding.FOUND, Domain.Finding.MISSING, Domain.Finding.OTHER


def pointing() -> tuple[Domain.Finding, str]:
    found = look_up(HOST, dns=Lookup())
    return found.points, found.points_seen


def test_nothing_is_there_yet(zone: Records) -> None:
    found = look_up(HOST, dns=Lookup())
    assert (found.points, found.proof("t")) == (MISSING, (MISSING, ""))


def test_both_records_are_found(zone: Records) -> None:
    lead(zone)
    zone[proof_name(HOST)] = ["v=something else", proof_value("t")]
    found = look_up(HOST, dns=Lookup())
    assert (found.points, found.proof("t")) == (FOUND, (FOUND, ""))


def test_cname_elsewhere_is_shown(zone: Records) -> None:
    lead(zone, to="shops.myshop.example")
    assert pointing() == (OTHER, "shops.myshop.example")


def test_token_of_another_is_shown_and_proves_nothing(zone: Records) -> None:
    zone[proof_name(HOST)] = [proof_value("u"), "x"]
    assert look_up(HOST, dns=Lookup()).proof("t") == (OTHER, f"{proof_value('u')} · x")


def test_chain_of_names_that_ends_here_will_do(zone: Records) -> None:
    lead(zone, to="alias.noor.example")
    lead(zone, "alias.noor.example")
    assert pointing() == (FOUND, "")


def test_our_addresses_will_do_instead_of_a_cname(zone: Records) -> None:
    zone[f"A {HOST}"] = ["203.0.113.7"]
    assert pointing() == (FOUND, "")


def test_addresses_that_the_operator_named_will_do(zone: Records, settings: Settings) -> None:
    settings.PAGES_ADDRESSES = ["203.0.113.80"]
    zone[f"A {HOST}"] = ["203.0.113.80"]
    assert pointing() == (FOUND, "")


def test_one_address_elsewhere_leads_readers_astray(zone: Records) -> None:
    zone[f"A {HOST}"] = ["203.0.113.7"]
    zone[f"AAAA {HOST}"] = ["2001:db8::bad"]
    assert pointing() == (OTHER, "2001:db8::bad · 203.0.113.7")


def test_silence_is_no_answer(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lib.dns_lookup._SECONDS", 0.3)
    with pytest.raises(NoAnswer):
        look_up(HOST, dns=Lookup("127.0.0.1:9"))


@pytest.mark.parametrize(
    ("host", "can"), [("127.0.0.1", False), ("localhost", False), ("homeward.example", True)]
)
def test_machine_without_a_name_cannot_be_reached(settings: Settings, host: str, can: bool) -> None:
    settings.PAGES_HOST = host
    assert can_be_reached() == can
