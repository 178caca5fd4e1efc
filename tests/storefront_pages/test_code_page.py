"""A code unlocks more of one page in one browser, for a while; nothing else does."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from merchants.models import Merchant
from merchants.scope import merchant_scope
from notifications.models import Message, PageCode
from notifications.page_codes import code_of
from storefront_pages import code_limits, proof
from tests.notifications.phones import SMS_FROM, switch_on
from tests.storefront_pages import scenes
from tests.storefront_pages.visits import enter
from tracking.links import link_for, page_path, revoke_links
from tracking.models import AddressCheck, Consent, Link, Order, Recipient

STREET = "Villa 14, Street 22b"
EMAIL = {"do": "send", "way": "1"}


@pytest.fixture
def order(merchant: Merchant) -> Order:
    with merchant_scope(merchant.pk):
        return scenes.placed(merchant)


@pytest.fixture
def path(merchant: Merchant, order: Order) -> str:
    with merchant_scope(merchant.pk):
        return page_path(
            link_for(order=order, recipient=Recipient.objects.get()), merchant=merchant
        )


@pytest.fixture
def texting(merchant: Merchant, settings: Any) -> None:
    settings.TWILIO_ACCOUNT_SID, settings.TWILIO_SMS_FROM = "AC0", SMS_FROM
    with merchant_scope(merchant.pk):
        switch_on(merchant, "sms")


def newest(merchant: Merchant) -> str:
    with merchant_scope(merchant.pk):
        return code_of(PageCode.objects.latest("pk"))


def unlock(client: Client, merchant: Merchant, path: str) -> Any:
    client.post(f"{path}code/", EMAIL)
    return client.post(f"{path}code/", {"do": "enter", "code": newest(merchant)})


def test_code_shows_the_address(client: Client, merchant: Merchant, path: str) -> None:
    assert STREET not in client.get(path).content.decode()
    answer = unlock(client, merchant, path)
    assert (answer.status_code, answer["Location"]) == (303, f"{path}#details")
    assert STREET in client.get(path).content.decode()


def test_page_leads_to_the_code_and_back(client: Client, merchant: Merchant, path: str) -> None:
    assert f'href="{path}code/"' in client.get(path).content.decode()
    form = client.get(f"{path}code/").content.decode()
    assert re.findall(r"<h1>(.*?)</h1>", form) == ["Is it you?"]
    assert re.findall(r"<span><bdi>(.*?)</bdi></span>", form) == ["s•••@shopper.example"]
    client.post(f"{path}code/", EMAIL)
    form = client.get(f"{path}code/?sent=1").content.decode()
    assert re.findall(r"<h1>(.*?)</h1>", form) == ["Enter your code"]
    assert 'autocomplete="one-time-code"' in form


def test_another_browser_sees_no_more_than_before(
    client: Client, merchant: Merchant, path: str
) -> None:
    unlock(client, merchant, path)
    assert STREET in client.get(path).content.decode()
    assert STREET not in Client().get(path).content.decode()


def test_cookie_is_for_this_page_and_says_nothing(
    client: Client, merchant: Merchant, path: str
) -> None:
    kept = unlock(client, merchant, path).cookies[proof.COOKIE]
    assert (kept["path"], kept["httponly"], kept["samesite"], kept["max-age"]) == (
        path, True, "Lax", proof.SECONDS,
    )  # fmt: skip
    assert re.fullmatch(r"\d+-\d+:[\w-]+:[\w-]+", kept.value) is not None


def test_cookie_of_one_page_opens_no_other(client: Client, merchant: Merchant, path: str) -> None:
    with merchant_scope(merchant.pk):
        second = scenes.order(merchant, line1="Villa 77")
        theirs = link_for(order=second)
    enter(client, Link.objects.exclude(pk=theirs.pk).get())
    assert STREET in client.get(path).content.decode()
    assert "Villa 77" not in client.get(page_path(theirs, merchant=merchant)).content.decode()


def test_forged_cookie_opens_nothing(client: Client, path: str) -> None:
    client.cookies[proof.COOKIE] = f"{Link.objects.get().pk}-1:1vOabc:forged"
    assert STREET not in client.get(path).content.decode()


def test_unlocked_page_is_kept_nowhere(client: Client, merchant: Merchant, path: str) -> None:
    plain = client.get(path)
    unlock(client, merchant, path)
    cache.clear()
    opened = client.get(path)
    assert opened.headers["Cache-Control"] == "no-store"
    assert opened.headers["ETag"] != plain.headers["ETag"]
    assert list(cache._cache.get_client().scan_iter("*page:*")) == []  # type: ignore[attr-defined]


def test_unlocked_etag_brings_nobody_a_304(client: Client, merchant: Merchant, path: str) -> None:
    plain = client.get(path).headers["ETag"]
    unlock(client, merchant, path)
    assert client.get(path, headers={"If-None-Match": plain}).status_code == 200
    etag = client.get(path).headers["ETag"]
    assert Client().get(path, headers={"If-None-Match": etag}).status_code == 200
    assert client.get(path, headers={"If-None-Match": etag}).status_code == 304


def test_it_can_be_hidden_again(client: Client, merchant: Merchant, path: str) -> None:
    unlock(client, merchant, path)
    assert client.post(f"{path}code/", {"do": "forget"}).status_code == 303
    assert STREET not in client.get(path).content.decode()


def test_wrong_code_says_so_and_opens_nothing(
    client: Client, merchant: Merchant, path: str
) -> None:
    client.post(f"{path}code/", EMAIL)
    wrong = f"{(int(newest(merchant)) + 1) % 1_000_000:06d}"
    answer = client.post(f"{path}code/", {"do": "enter", "code": wrong})
    assert (answer.status_code, dict(answer.cookies)) == (422, {})
    assert re.findall(r'role="alert">.*?<p>(.*?)</p>', answer.content.decode(), re.DOTALL) == [
        "This code does not fit. Check it, or have a new one sent."
    ]


def test_no_address_can_be_typed(client: Client, merchant: Merchant, path: str) -> None:
    for way in ("thief@x.example", "2", "0", ""):
        answer = client.post(f"{path}code/", {"do": "send", "way": way, "to": "thief@x.example"})
        assert answer.status_code == 422
    with merchant_scope(merchant.pk):
        assert Message.objects.count() == 0


def test_codes_for_one_link_are_limited(client: Client, merchant: Merchant, path: str) -> None:
    most = code_limits.SENDS_A_LINK[0]
    statuses = [
        client.post(f"{path}code/", EMAIL, REMOTE_ADDR=f"192.0.2.{n}").status_code
        for n in range(most + 1)
    ]
    assert statuses == [303] * most + [429]


def test_entries_are_limited(client: Client, merchant: Merchant, path: str) -> None:
    client.post(f"{path}code/", EMAIL)
    most = code_limits.ENTRIES_A_LINK[0]
    guess = {"do": "enter", "code": "x"}
    statuses = [
        client.post(f"{path}code/", guess, REMOTE_ADDR=f"192.0.2.{n}").status_code
        for n in range(most + 1)
    ]
    assert statuses == [422] * most + [429]


@pytest.mark.parametrize(
    ("limit", "keeps"),
    [("SENDS_AN_ADDRESS", "REMOTE_ADDR"), ("SENDS_A_TARGET", "to"), ("SENDS_A_SHOP", "shop")],
)
def test_each_limit_holds_by_itself(
    client: Client, merchant: Merchant, monkeypatch: pytest.MonkeyPatch, limit: str, keeps: str
) -> None:
    monkeypatch.setattr(code_limits, limit, (2, 3600))
    statuses = []
    for n in range(3):
        with merchant_scope(merchant.pk):
            email = "same@x.example" if keeps == "to" else f"n{n}@x.example"
            own = scenes.order(merchant, number=f"#7{n}", customer_email=email)
            page = page_path(link_for(order=own), merchant=merchant)
        address = "192.0.2.1" if keeps == "REMOTE_ADDR" else f"192.0.2.{n}"
        statuses.append(client.post(f"{page}code/", EMAIL, REMOTE_ADDR=address).status_code)
    assert statuses == [303, 303, 429]


def test_closed_link_closes_what_a_code_opened(
    client: Client, merchant: Merchant, order: Order, path: str
) -> None:
    unlock(client, merchant, path)
    with merchant_scope(merchant.pk):
        assert revoke_links(order=order, now=order.placed_at) == 1
    assert client.get(path).status_code == 404


def test_works_without_javascript_and_csrf_tokens(merchant: Merchant, path: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(f"{path}code/", EMAIL, headers={"Origin": "null"})
    assert answer.status_code == 303


def test_nothing_of_anybody_is_logged_counted_or_in_an_address(
    client: Client, merchant: Merchant, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    answers = [client.post(f"{path}code/", EMAIL), unlock(client, merchant, path)]
    secrets = [*(scenes.SECRETS[name] for name in ("customer_email", "line1")), newest(merchant)]
    counters = [key.decode() for key in cache._cache.get_client().scan_iter("*code*")]  # type: ignore[attr-defined]
    assert len(counters) == 6
    written = [*counters, *(answer["Location"] for answer in answers), caplog.text]
    assert [(one, text) for one in secrets for text in written if one in text] == []


# --- another address ---------------------------------------------------------------------------


def allow(merchant: Merchant) -> None:
    Merchant.objects.filter(pk=merchant.pk).update(lets_change_address=True)


def test_address_is_changed_after_a_code_and_kept_as_an_answer(
    client: Client, merchant: Merchant, order: Order, path: str
) -> None:
    allow(merchant)
    unlock(client, merchant, path)
    assert f'href="{path}address/"' in client.get(path).content.decode()
    assert STREET in client.get(f"{path}address/").content.decode()
    typed = {"line1": "Villa 99", "city": "Sharjah", "phone": "+971 50 222 3344"}
    answer = client.post(f"{path}address/", typed)
    assert (answer.status_code, answer["Location"]) == (303, f"{path}#details")
    with merchant_scope(merchant.pk):
        now = Order.objects.get(pk=order.pk)
        assert (now.line1, now.city, now.customer_phone, now.landmark) == (
            "Villa 99", "Sharjah", "+971 50 222 3344", "",
        )  # fmt: skip
        assert AddressCheck.objects.get(order=order).answered_by is None


def test_postcode_is_asked_for_where_there_is_one(
    client: Client, merchant: Merchant, order: Order, path: str
) -> None:
    allow(merchant)
    unlock(client, merchant, path)
    asked = []
    for country, known in (("AE", ""), ("AE", "00000"), ("SA", "")):
        with merchant_scope(merchant.pk):
            Order.objects.filter(pk=order.pk).update(country=country, postcode=known)
        asked.append('name="postcode"' in client.get(f"{path}address/").content.decode())
    assert asked == [False, True, True]


def test_address_stays_where_the_shop_does_not_allow_it(
    client: Client, merchant: Merchant, order: Order, path: str
) -> None:
    unlock(client, merchant, path)
    assert client.get(f"{path}address/")["Location"] == path
    client.post(f"{path}address/", {"line1": "Villa 99", "city": "Dubai", "phone": "0507654321"})
    with merchant_scope(merchant.pk):
        assert Order.objects.get(pk=order.pk).line1 == STREET


def test_address_stays_once_a_parcel_is_on_its_way(
    client: Client, merchant: Merchant, order: Order, path: str
) -> None:
    allow(merchant)
    unlock(client, merchant, path)
    with merchant_scope(merchant.pk):
        scenes.parcel(merchant, scenes.scan(3, "transit.generic"), of=order)
    assert "address/" not in client.get(path).content.decode()
    client.post(f"{path}address/", {"line1": "Villa 99", "city": "Dubai", "phone": "0507654321"})
    with merchant_scope(merchant.pk):
        assert Order.objects.get(pk=order.pk).line1 == STREET


def test_half_an_address_is_asked_for_again(client: Client, merchant: Merchant, path: str) -> None:
    allow(merchant)
    unlock(client, merchant, path)
    answer = client.post(f"{path}address/", {"line1": "", "city": "Dubai", "phone": "12"})
    found = re.findall(r'class="field__error" id="(.*?)"', answer.content.decode())
    assert (answer.status_code, found) == (422, ["f-line1-error", "f-phone-error"])


# --- a phone for updates -------------------------------------------------------------------------


def test_phone_is_added_by_its_own_code_with_consent(
    client: Client, merchant: Merchant, order: Order, path: str, texting: None
) -> None:
    assert f'href="{path}phone/"' in client.get(f"{path}preferences/").content.decode()
    client.post(f"{path}phone/", {"do": "send", "phone": "050 999 8877"})
    with merchant_scope(merchant.pk):
        assert Message.objects.get().to == "+971509998877"
    answer = client.post(f"{path}phone/", {"do": "enter", "code": newest(merchant)})
    assert (answer.status_code, answer["Location"]) == (303, f"{path}preferences/?saved=1")
    with merchant_scope(merchant.pk):
        person, consent = Recipient.objects.get(), Consent.objects.get()
    assert (person.phone, person.has_own_phone) == ("+971509998877", True)
    assert (consent.channel, consent.purpose, consent.given, consent.source) == (
        "sms", "tracking", True, "order page",
    )  # fmt: skip


def test_added_phone_opens_nothing(
    client: Client, merchant: Merchant, order: Order, path: str, texting: None
) -> None:
    client.post(f"{path}phone/", {"do": "send", "phone": "050 999 8877"})
    client.post(f"{path}phone/", {"do": "enter", "code": newest(merchant)})
    assert "8877" not in client.get(f"{path}code/").content.decode()


def test_code_for_a_phone_opens_no_page(
    client: Client, merchant: Merchant, path: str, texting: None
) -> None:
    client.post(f"{path}phone/", {"do": "send", "phone": "050 999 8877"})
    answer = client.post(f"{path}code/", {"do": "enter", "code": newest(merchant)})
    assert (answer.status_code, dict(answer.cookies)) == (422, {})


def test_what_is_no_phone_is_said_so(client: Client, path: str, texting: None) -> None:
    answer = client.post(f"{path}phone/", {"do": "send", "phone": "12"})
    assert answer.status_code == 422


def test_shop_without_text_messages_asks_for_no_phone(client: Client, path: str) -> None:
    assert f"{path}phone/" not in client.get(f"{path}preferences/").content.decode()
    assert client.get(f"{path}phone/").status_code == 404
