"""What the place picker offers, and the scripts that show it."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from lib import at_hand, errands, near_limits
from merchants import publishable
from merchants.models import Merchant
from storefront_pages.embed_script import script, script_path
from storefront_pages.widget_door import DOORS

SHOP = "https://noor.example"


@pytest.fixture
def key(merchant: Merchant, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setattr(errands, "begin", lambda: None)
    monkeypatch.setattr(at_hand, "_submit", lambda work: work())
    DOORS.forget()
    near_limits.forget()
    yield publishable.issue(merchant=merchant, origins=[SHOP], fallback="usual", by=None).key
    DOORS.forget()


def places(key: str, *, headers: dict[str, str] | None = None, **query: str) -> Any:
    return Client().get(f"/w/{key}/places", query, headers=headers or {})


def test_emirates_are_offered_in_both_scripts(key: str) -> None:
    english, arabic = (places(key, country="AE", lang=tag).json() for tag in ("en", "ar"))
    assert (english["places"][1], arabic["places"][1]) == (["Dubai", "دبي"], ["دبي", "Dubai"])
    assert (english["words"]["city"], english["postcode"]) == ("City or emirate", None)
    assert (english["direction"], arabic["direction"]) == ("ltr", "rtl")
    assert ["AE", "الإمارات العربية المتحدة"] in arabic["countries"]


def test_india_is_asked_for_its_pin(key: str) -> None:
    said = places(key, country="in", lang="en").json()
    assert (said["country"], said["places"]) == ("IN", [])
    assert (said["words"]["postcode"], said["postcode"]) == ("PIN code", {"example": "560001"})


def test_without_a_country_the_shops_own_is_meant(key: str) -> None:
    assert places(key).json()["country"] == "AE"
    assert Client().get(f"/w/{key}/estimate?lang=en").json()["place"] == "United Arab Emirates"


def test_place_typed_in_arabic_is_the_same_place(key: str) -> None:
    ask = f"/w/{key}/estimate?country=AE&lang=en&city="
    typed, named = Client().get(f"{ask}العين"), Client().get(f"{ask}Al Ain")
    assert typed.json()["place"] == "Al Ain, United Arab Emirates"
    assert typed.headers["ETag"] == named.headers["ETag"]


def test_places_are_kept_for_a_day_and_known_by_their_tag(key: str) -> None:
    first = places(key, country="AE")
    assert first.headers["Cache-Control"] == "public, max-age=86400"
    again = places(key, country="AE", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_places_are_for_the_shops_pages_alone(key: str) -> None:
    ours, theirs = (places(key, headers={"Origin": o}) for o in (SHOP, "https://evil.example"))
    assert (ours.status_code, ours.headers["Access-Control-Allow-Origin"]) == (200, SHOP)
    assert theirs.status_code == 403
    assert places(key, country="Dubai").status_code == 400


def test_places_cost_no_query(key: str, django_assert_num_queries: Any) -> None:
    places(key)
    with django_assert_num_queries(0):
        places(key, country="SA", lang="ar")


def test_words_let_a_script_count_down(key: str) -> None:
    said = Client().get(f"/w/{key}/estimate?country=AE&city=Dubai&lang=en").json()
    words = said["words"]
    assert words["delivery"] == "Delivery to Dubai, United Arab Emirates"
    assert words["minutes"] == "{minutes}\N{NO-BREAK SPACE}min"
    hours, minutes = divmod(said["order_within_seconds"] // 60, 60)
    pattern = words["hours_minutes" if hours and minutes else "hours" if hours else "minutes"]
    within = words["within"] or pattern.format(hours=hours, minutes=max(minutes, 1))
    assert words["sentence"].format(within=within, window=said["window"]) == said["text"]


# --- scripts --------------------------------------------------------------------------------


def test_date_script_is_light() -> None:
    found = script("date")
    assert len(found.body) < 8_000
    assert len(found.packed) <= 3_000


@pytest.mark.parametrize("name", ["date", "order"])
def test_script_is_kept_as_long_as_its_address_allows(client: Client, name: str) -> None:
    plain = client.get(f"/w/1/{name}.js", headers={"Accept-Encoding": "gzip"})
    assert gzip.decompress(plain.content) == script(name).body
    assert plain.headers["Cache-Control"] == "public, max-age=86400, stale-while-revalidate=604800"
    assert plain.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert plain.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    named = client.get(script_path(name))
    assert named.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    again = client.get(f"/w/1/{name}.js", headers={"If-None-Match": plain.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
