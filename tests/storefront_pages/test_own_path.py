"""Pages under a path of the shop's own site: links, forms, sheets carry it for its proxy alone."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.test import Client

from lib import limits
from merchants.models import Merchant
from merchants.scope import merchant_scope
from storefront_pages.own_path import proxy_lines, word_for
from tests.storefront_pages import scenes
from tracking.links import link_for, page_url
from tracking.models import Link

ROOT = "https://shop.example/tracking/"


def through(merchant: Merchant, **headers: str) -> dict[str, str]:
    return {"X-Homeward-Path": word_for(merchant.slug, ROOT), **headers}


def addresses_of(page: str) -> set[str]:
    """What the page loads from its own host, and where its links and forms lead there."""
    return set(re.findall(r'(?:href|src|action|data-to)="(/[^"]*)"', page))


@pytest.mark.parametrize("scene", [scenes.out, scenes.attempt_failed, scenes.delivered])
def test_page_stays_under_the_path(client: Client, merchant: Merchant, scene: scenes.Scene) -> None:
    with merchant_scope(merchant.pk):
        path = scenes.path(merchant, scene(merchant))
    ours = ("", "preferences/", "messages/", "code/", "phone/", "unsubscribe/")
    for address in (*(path + one for one in ours), "/p/noor/", "/p/noor/faq/"):
        page = client.get(address, headers=through(merchant)).content.decode()
        found = addresses_of(page)
        assert len(found) > 3
        assert [one for one in found if not one.startswith("/tracking/")] == []


def test_answer_of_the_form_leads_to_the_page_under_the_path(
    client: Client, merchant: Merchant
) -> None:
    with merchant_scope(merchant.pk):
        order = scenes.out(merchant)
    data = {"number": order.number, "proof": "88417"}
    found = client.post("/p/noor/", data, headers=through(merchant))
    with merchant_scope(merchant.pk):
        token = Link.objects.get(order_id=order.pk, by_lookup=True).token
    assert found.headers["Location"] == f"/tracking/t/{token}/"


def test_deeds_lead_back_under_the_path(client: Client, merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        path = scenes.path(merchant, scenes.out(merchant))
    deeds = {
        "preferences/": {"language": "en"},
        "code/": {"do": "send", "way": "1"},
    }
    for name, typed in deeds.items():
        done = client.post(path + name, typed, headers=through(merchant))
        assert done.status_code in {302, 303}
        assert done.headers["Location"].startswith("/tracking/t/")


def test_whole_addresses_are_those_of_the_path(client: Client, merchant: Merchant) -> None:
    Merchant.objects.filter(pk=merchant.pk).update(page_root=ROOT)
    with merchant_scope(merchant.pk):
        path = scenes.path(merchant, scenes.out(merchant))
    order = client.get(f"{path}order.json", headers=through(merchant)).json()["order"]
    assert order["page_url"] == ROOT + path.removeprefix("/p/noor/")
    faq = client.get("/p/noor/faq/", headers=through(merchant))
    assert faq.context["canonical"] == f"{ROOT}faq/"


def test_kept_page_of_one_path_is_not_shown_at_another(client: Client, merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        path = scenes.path(merchant, scenes.out(merchant))
    own = client.get(path, headers=through(merchant)).content.decode()
    ours = client.get(path).content.decode()
    assert ("/tracking/" in own, "/tracking/" in ours, "/p/noor/" in own) == (True, False, False)


def test_word_of_another_shop_or_a_made_up_one_changes_nothing(
    client: Client, merchant: Merchant, other: Merchant
) -> None:
    for word in (word_for(other.slug, ROOT), f"{merchant.slug}/tracking/:made-up", "x"):
        page = client.get("/p/noor/", headers={"X-Homeward-Path": word}).content.decode()
        assert "/tracking/" not in page


def test_proxy_is_believed_who_asks_and_others_are_not(
    client: Client, merchant: Merchant, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    counted = limits.count
    monkeypatch.setattr(
        limits, "count", lambda name, **more: asked.append(name) or counted(name, **more)
    )
    data = {"number": "1042", "proof": "x@noor.example"}
    said = {"X-Homeward-Client": "203.0.113.9"}
    client.post("/p/noor/", data, headers=through(merchant) | said)
    client.post("/p/noor/", data, headers=said)
    assert ["203.0.113.9" in name for name in asked if "127.0.0.1" in name or "203." in name] == [
        True, False,
    ]  # fmt: skip


def test_shops_other_hosts_are_not_made_https_by_us(
    client: Client, merchant: Merchant, settings: object
) -> None:
    settings.SECURE_HSTS_SECONDS = 60  # type: ignore[attr-defined]
    answers = [client.get("/p/noor/", secure=True, headers=h) for h in ({}, through(merchant))]
    assert ["Strict-Transport-Security" in one.headers for one in answers] == [True, False]


def test_messages_lead_to_the_path(merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        link = link_for(order=scenes.out(merchant))
    assert page_url(link, merchant=merchant) == f"{settings.BASE_URL}/p/noor/t/{link.token}/"
    merchant.page_root = ROOT
    assert page_url(link, merchant=merchant) == f"{ROOT}t/{link.token}/"


def test_lines_for_the_proxy_name_path_and_word(merchant: Merchant) -> None:
    lines = proxy_lines(merchant.slug, ROOT).splitlines()
    assert lines[0] == "location ^~ /tracking/ {"
    assert f'  proxy_set_header X-Homeward-Path "{word_for("noor", ROOT)}";' in lines
    assert proxy_lines(merchant.slug, "") == ""
