"""Step one: a name and a country make a shop; the country sets the rest."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from dashboard.setup import slugs
from dashboard.setup.country import countries, facts_of, guess, weekend_words
from edd.models import DateRules
from merchants.models import AuditEntry, Brand, Membership, Merchant, Role, User
from merchants.scope import merchant_scope
from tests import factories

NEW = {"shop_name": "Dune Goods", "country": "AE", "support_email": "care@dune.example"}


@pytest.fixture
def client(db: None) -> Client:
    """A person without a shop, signed in."""
    made = Client()
    made.force_login(User.objects.create_user("sara@stranger.example", "x", name="Sara"))
    return made


@pytest.mark.parametrize(
    ("country", "zone", "currency", "languages", "weekend"),
    [
        ("AE", "Asia/Dubai", "AED", "en,ar", "6,7"),
        ("SA", "Asia/Riyadh", "SAR", "ar,en", "5,6"),
        ("KW", "Asia/Kuwait", "KWD", "ar,en", "5,6"),
        ("DE", "Europe/Berlin", "EUR", "de", "6,7"),
        ("FR", "Europe/Paris", "EUR", "fr", "6,7"),
        ("BE", "Europe/Brussels", "EUR", "nl,fr,de", "6,7"),
        ("BR", "America/Sao_Paulo", "BRL", "pt-br", "6,7"),
        ("NO", "Europe/Oslo", "NOK", "nb", "6,7"),
        ("US", "America/New_York", "USD", "en", "6,7"),
        ("IN", "Asia/Kolkata", "INR", "en,hi", "6,7"),
        ("ZZ", "UTC", "USD", "en", "6,7"),
    ],
)
def test_country_sets_clock_money_languages_and_weekend(
    country: str, zone: str, currency: str, languages: str, weekend: str
) -> None:
    facts = facts_of(country, year=2026)
    assert (facts.zone, facts.currency, facts.languages, facts.weekend) == (
        zone, currency, languages, weekend,
    )  # fmt: skip


def test_first_markets_come_first_in_both_languages() -> None:
    assert [code for code, _name in countries("en")[:3]] == ["AE", "SA", "KW"]
    assert dict(countries("ar"))["AE"] == "الإمارات العربية المتحدة"
    assert weekend_words("5,6", "en") == "Friday and Saturday"


@pytest.mark.parametrize(
    ("header", "country"), [("en-AE,en;q=0.9", "AE"), ("ar-SA", "SA"), ("en", ""), ("", "")]
)
def test_browser_guesses_the_country(header: str, country: str) -> None:
    assert guess(header) == country


def test_name_and_country_are_enough(client: Client) -> None:
    response = client.post("/app/new/", NEW)
    shop = Merchant.objects.get()
    assert response.headers["Location"] == "/app/dune-goods/setup/look/"
    assert (shop.slug, shop.zone, shop.currency) == ("dune-goods", "Asia/Dubai", "AED")
    assert (shop.languages, shop.default_language) == (["en", "ar"], "en")
    assert (shop.sends_own_confirmations, shop.setup_ended_at) == (None, None)
    assert Membership.objects.get().role == Role.OWNER
    with merchant_scope(shop.pk):
        assert (Brand.objects.count(), DateRules.objects.count()) == (1, 0)
        assert AuditEntry.objects.get().action == "merchant.founded"


def test_what_the_country_set_can_be_changed(client: Client) -> None:
    own = {
        "country_was": "AE", "slug": "dunes", "slug_was": "dune-goods", "zone": "Asia/Dubai",
        "weekend": "5,6", "currency": "USD", "languages": "ar",
    }  # fmt: skip
    client.post("/app/new/", NEW | own)
    shop = Merchant.objects.get()
    assert (shop.slug, shop.currency, shop.languages) == ("dunes", "USD", ["ar"])
    with merchant_scope(shop.pk):
        assert DateRules.objects.get().rest_days == [5, 6]


def test_values_of_the_country_before_do_not_stay(client: Client) -> None:
    stale = {"country_was": "AE", "zone": "Asia/Dubai", "currency": "AED", "weekend": "6,7"}
    client.post("/app/new/", NEW | stale | {"country": "SA"})
    shop = Merchant.objects.get()
    assert (shop.zone, shop.currency) == ("Asia/Riyadh", "SAR")


def test_part_follows_name_and_country_before_anything_is_saved(client: Client) -> None:
    typed = NEW | {"country_was": "", "slug": "", "slug_was": ""}
    part = client.post("/app/new/country/", typed).context
    values = {one["name"]: one["value"] for one in part["country_fields"]}
    assert (values["slug"], values["zone"]) == ("dune-goods", "Asia/Dubai")
    assert part["preview_url"] == "/app/new/preview/?language=en&name=Dune+Goods&country=AE"
    assert "Dune Goods" in client.get(part["preview_url"]).content.decode()
    assert Merchant.objects.count() == 0


@pytest.mark.parametrize(
    ("name", "slug"),
    [("Dune Goods", "dune-goods"), ("Café Ünal", "cafe-unal"), ("Login", "login-2"), ("", "")],
)
def test_slug_is_proposed_from_the_name(db: None, name: str, slug: str) -> None:
    assert slugs.propose(name) == slug


def test_name_without_latin_letters_gets_a_neutral_slug(db: None) -> None:
    proposed = slugs.propose("متجر النور")
    assert slugs.problem(proposed) == ""
    assert proposed.startswith("shop-")


@pytest.mark.parametrize(
    ("slug", "problem"),
    [
        ("noor", "taken"), ("login", "reserved"), ("signup", "reserved"), ("new", "reserved"),
        ("join", "reserved"), ("ab", "short"), ("Ünal", "form"), ("a b c", "form"),
        ("-abc", "form"), ("abc--d", "form"), ("x" * 51, "form"), ("noor-2", ""),
    ],
)  # fmt: skip
def test_slug_that_cannot_be_had_says_why(merchant: Merchant, slug: str, problem: str) -> None:
    assert slugs.problem(slug) == problem


def test_every_fixed_address_is_reserved() -> None:
    from dashboard.urls import urlpatterns

    fixed = {str(one.pattern).split("/")[0] for one in urlpatterns} - {"", "<slug:merchant>"}
    assert fixed - slugs.RESERVED == set()


def test_taken_slug_is_refused_with_one_that_is_free(client: Client) -> None:
    factories.merchant()
    response = client.post("/app/new/", NEW | {"country_was": "AE", "slug": "noor"})
    errors = {one["name"]: one["error"] for one in response.context["country_fields"]}
    assert (response.status_code, errors["slug"]) == (400, "noor is taken. noor-2 is free.")


@pytest.mark.parametrize("typed", [{"shop_name": ""}, {"country": ""}, {"country": "EU"}])
def test_name_and_country_are_needed(client: Client, typed: dict[str, str]) -> None:
    assert client.post("/app/new/", NEW | typed).status_code == 400
    assert Merchant.objects.count() == 0


def test_person_may_own_several_shops(client: Client) -> None:
    client.post("/app/new/", NEW)
    client.post("/app/new/", NEW | {"shop_name": "Oasis"})
    context = client.get("/app/").context
    assert [one["url"] for one in context["merchants"]] == ["/app/dune-goods/", "/app/oasis/"]
    assert context["new_url"] == "/app/new/"


def test_owner_of_one_shop_finds_the_way_to_another(merchant: Merchant) -> None:
    client = Client()
    client.force_login(factories.user(merchant))
    assert client.get("/app/noor/").context["shops_url"] == "/app/?all"
    assert client.get("/app/?all").context["new_url"] == "/app/new/"


def test_where_sign_up_is_closed_only_owners_found_shops(
    merchant: Merchant, client: Client, settings: Any
) -> None:
    settings.SIGNUP_OPEN = False
    owner = Client()
    owner.force_login(factories.user(merchant))
    assert [one.get("/app/new/").status_code for one in (client, owner)] == [404, 200]


def test_shop_that_is_there_is_changed_and_keeps_its_address(merchant: Merchant) -> None:
    client = Client()
    client.force_login(factories.user(merchant, role=Role.ADMIN))
    data = NEW | {"country": "SA", "slug": "other", "country_was": "AE"}
    response = client.post("/app/noor/setup/shop/", data)
    merchant.refresh_from_db()
    assert response.headers["Location"] == "/app/noor/setup/look/"
    assert (merchant.name, merchant.slug, merchant.zone) == ("Dune Goods", "noor", "Asia/Riyadh")
