"""Names of hosts as people type them."""

from __future__ import annotations

import pytest

from lib.domain_names import Fault, NotADomain, domain_name, is_apex, shown


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("track.noor.example", "track.noor.example"),
        ("  https://Track.NOOR.example/  ", "track.noor.example"),
        ("http://track.noor.example:443", "track.noor.example"),
        ("track.noor.example.", "track.noor.example"),
        ("noor.com.sa", "noor.com.sa"),
        ("تتبع.نور.example", "xn--ngbda5d.xn--wgb5bg.example"),
        ("ट्रैक.नूर.example", "xn--11bt5c6exa.xn--l2bq7c.example"),
        ("track。noor。example", "track.noor.example"),
        ("XN--ngbda5d.noor.example", "xn--ngbda5d.noor.example"),
    ],
)
def test_name_is_read_in_any_spelling(typed: str, name: str) -> None:
    assert domain_name(typed) == name


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("", Fault.UNREADABLE),
        ("hello@noor.example", Fault.UNREADABLE),
        ("track noor.example", Fault.UNREADABLE),
        ("track_noor.example", Fault.UNREADABLE),
        ("-track.noor.example", Fault.UNREADABLE),
        ("track..example", Fault.UNREADABLE),
        ("ftp://track.noor.example", Fault.UNREADABLE),
        (f"{'a' * 64}.example", Fault.UNREADABLE),
        ("https://[::1", Fault.UNREADABLE),
        (".".join(["a" * 60] * 4) + ".example", Fault.UNREADABLE),
        ("203.0.113.9", Fault.ADDRESS),
        ("https://[2001:db8::1]/", Fault.ADDRESS),
        ("203.0.113", Fault.ADDRESS),
        ("٢٠٣.٠.١١٣.٩", Fault.ADDRESS),
        ("https://noor.example/tracking/", Fault.PATH),
        ("noor.example?x=1", Fault.PATH),
        ("example", Fault.SUFFIX),
        ("localhost", Fault.SUFFIX),
        ("com.sa", Fault.SUFFIX),
        ("co.uk", Fault.SUFFIX),
    ],
)
def test_what_no_shop_may_have_says_why(typed: str, fault: Fault) -> None:
    with pytest.raises(NotADomain) as refused:
        domain_name(typed)
    assert refused.value.fault is fault


@pytest.mark.parametrize("typed", ["تتبع.نور.example", "ट्रैक.नूर.example", "track.noor.example"])
def test_name_is_shown_in_its_own_letters(typed: str) -> None:
    assert shown(domain_name(typed)) == typed


def test_name_that_cannot_be_shown_stays_as_it_is() -> None:
    assert shown("xn--a.example") == "xn--a.example"


@pytest.mark.parametrize(
    ("name", "apex"),
    [("noor.example", True), ("noor.com.sa", True), ("track.noor.example", False),
     ("track.noor.com.sa", False)],
)  # fmt: skip
def test_whole_domains_are_told_apart(name: str, apex: bool) -> None:
    assert is_apex(name) == apex
