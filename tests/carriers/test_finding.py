"""Which carrier a name means: ours, a hub's, or nobody's, with what may have been meant."""

from __future__ import annotations

import pytest
from django.utils import timezone

from carriers.base import HubCourier
from carriers.couriers import keep_couriers
from carriers.finding import Found, find_carrier

HUBS = ["aftership"]


@pytest.fixture(autouse=True)
def served(db: None) -> None:
    names = ("DPD Romania", "Österreichische Post", "Nova Poshta", "Nova Express", "Correos")
    couriers = [HubCourier(name.lower().replace(" ", "-"), name) for name in names]
    keep_couriers("aftership", couriers, now=timezone.now())


@pytest.mark.parametrize(
    ("typed", "slug"),
    [
        ("Aramex", "aramex"), ("aramex", "aramex"), ("أرامكس", "aramex"), ("ارامكس", "aramex"),
        ("سمسا إكسبريس", "smsa"), ("dhl  EXPRESS", "dhl_express"), ("FedEx 2Day", "fedex"),
        ("DPD", "dpd"), ("DPD Romania", "dpd_romania"), ("nova poshta", "nova_poshta"),
        ("osterreichische post", "osterreichische_post"), ("own_fleet", "own_fleet"), ("", ""),
    ],
)  # fmt: skip
def test_name_in_any_usual_spelling_is_found(typed: str, slug: str) -> None:
    assert find_carrier(typed, hubs=HUBS) == Found(slug)


def test_hubs_carriers_are_only_for_who_is_with_the_hub() -> None:
    assert find_carrier("Nova Poshta", hubs=[]) == Found()
    assert find_carrier("DPD Romania", hubs=[]) == Found("dpd")


def test_a_part_of_several_names_decides_nothing() -> None:
    assert find_carrier("nova", hubs=HUBS) == Found(
        near=("Nova Express", "Nova Poshta"), is_shared=True
    )


def test_a_slip_is_answered_with_what_is_close() -> None:
    assert find_carrier("Nova Poshtaa", hubs=HUBS) == Found(near=("Nova Poshta",))
    assert find_carrier("Purolater", hubs=[]) == Found(near=("Purolator",))
    assert find_carrier("zzzzqqq", hubs=HUBS) == Found()


def test_suggestions_speak_the_readers_language() -> None:
    assert find_carrier("أرامكسس", hubs=[], language="ar") == Found(near=("أرامكس",))
