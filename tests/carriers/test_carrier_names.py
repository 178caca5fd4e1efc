"""Carriers as shops write them."""

from __future__ import annotations

import pytest

from carriers.carrier_names import FAMILIES, NAMED, OWN_FLEET, slug_of


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Aramex", "aramex"),
        ("DHL Express", "dhl_express"),
        ("dhl_express", "dhl_express"),
        ("DHL", "dhl_universal"),
        ("DHL Paket", "dhl_parcel_de"),
        ("Intraship (DHL)", "dhl_parcel_de"),
        ("FedEx® Ground", "fedex"),
        ("FedEx® 2Day Freight", "fedex"),
        ("UPS SurePost™ 1 lb", "ups"),
        ("ARAMEX", "aramex"),
        ("Aramex Domestic Express", "aramex"),
        ("Fastway Couriers", "aramex_anz"),
        ("سمسا إكسبريس", "smsa"),
        ("ناقل", "naqel"),
        ("البريد السعودي", "spl"),
        ("ــسبل", "spl"),
        ("Colissimo", "laposte"),
        ("Ecom Express", "delhivery"),
        ("DPD.co.uk", "dpd"),
        ("EVRi (international)", "evri"),
        ("Yamato (JA)", "yamato"),
        ("ヤマト運輸株式会社", "yamato"),
        ("佐川急便", "sagawa"),
        ("CJ대한통운", "cj_logistics"),
        ("顺丰速运", "sf_express"),
        ("Upstream Couriers", ""),
        ("UPS", "ups"),
        ("  SMSA   Express ", "smsa"),
        ("سمسا", "smsa"),
        ("أرامكس", "aramex"),
        ("J&T Express", "jtexpress"),
        ("royalmail", "royalmail"),
        ("dhl_universal", "dhl_universal"),
        ("Sandbox Express", "sandbox"),
        ("Other", ""),
        ("", ""),
    ],
)
def test_name_leads_to_its_carrier(name: str, slug: str) -> None:
    assert slug_of(name) == slug


def test_names_and_families_are_folded_without_clashes() -> None:
    assert FAMILIES.keys() <= NAMED
    assert {slug_of(name) for name in NAMED - {OWN_FLEET}} == NAMED - {OWN_FLEET}
    assert all(other in NAMED for others in FAMILIES.values() for other in others)
