"""Carriers as shops write them."""

from __future__ import annotations

import pytest

from stores.carrier_names import slug_of


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Aramex", "aramex"),
        ("DHL Express", "dhl_universal"),
        ("dhl_express", "dhl_universal"),
        ("UPS", "ups"),
        ("  SMSA   Express ", "smsa"),
        ("سمسا", "smsa"),
        ("أرامكس", "aramex"),
        ("J&T Express", "jtexpress"),
        ("royalmail", "royalmail"),
        ("dhl_universal", "dhl_universal"),
        ("CJ대한통운", "cj_logistics"),
        ("Sandbox Express", "sandbox"),
        ("Other", ""),
        ("", ""),
    ],
)
def test_name_leads_to_its_carrier(name: str, slug: str) -> None:
    assert slug_of(name) == slug
