"""Who sees what: every page, every role, and nobody else's."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, reverse
from django.utils import timezone

from carriers.models import CarrierAccount
from dashboard.urls import urlpatterns
from edd.models import HandlingRule, LaneDays, MerchantDisruption
from help_texts.models import Banner, Question
from inbox.models import Delivery
from merchants.models import Domain, Merchant, PublishableKey, Role
from merchants.scope import merchant_scope
from notifications.models import (
    ChannelSetting,
    DryRun,
    Message,
    MessagePrice,
    RegisteredText,
    Suppression,
    TemplateVersion,
    VoucherRule,
)
from notifications.webhooks import endpoints
from selling.models import Product, Promotion
from stores.models import OrderImport, StoreConnection
from tests import factories
from tests.dashboard.conftest import SignIn
from tracking.models import BackTest, DeliveryAnswer, Event, Order, Shipment

#: Pages that are read, and the lowest role that may.
PAGES = {
    "home": Role.VIEWER,
    "orders": Role.VIEWER,
    "order": Role.VIEWER,
    "imports": Role.VIEWER,
    "templates": Role.ADMIN,
    "template_edit": Role.ADMIN,
    "template_preview": Role.ADMIN,
    "template_version": Role.ADMIN,
    "message_prices": Role.ADMIN,
    "import_sample": Role.VIEWER,
    "import": Role.VIEWER,
    "import_undo": Role.ADMIN,
    "dates": Role.VIEWER,
    "dates_handling_new": Role.ADMIN,
    "dates_handling": Role.ADMIN,
    "dates_lane_new": Role.ADMIN,
    "dates_lane": Role.ADMIN,
    "parcel_why": Role.VIEWER,
    "messages": Role.VIEWER,
    "message_rules": Role.ADMIN,
    "texts": Role.VIEWER,
    "text_rules": Role.VIEWER,
    "text_new": Role.ADMIN,
    "text": Role.ADMIN,
    "message_tries": Role.VIEWER,
    "message_try": Role.VIEWER,
    "message_usage": Role.VIEWER,
    "message_usage_csv": Role.VIEWER,
    "message_rules_csv": Role.VIEWER,
    "rule": Role.ADMIN,
    "rule_new": Role.ADMIN,
    "vouchers": Role.VIEWER,
    "voucher_new": Role.ADMIN,
    "voucher": Role.ADMIN,
    "suppressions": Role.VIEWER,
    "suppressions_csv": Role.ADMIN,
    "suppression_add": Role.ADMIN,
    "suppression_remove": Role.ADMIN,
    "channels": Role.ADMIN,
    "channel": Role.ADMIN,
    "channel_account": Role.ADMIN,
    "channel_leave": Role.ADMIN,
    "message": Role.VIEWER,
    "message_preview": Role.VIEWER,
    "carriers": Role.VIEWER,
    "carrier": Role.VIEWER,
    "carrier_choose": Role.ADMIN,
    "carrier_names": Role.AGENT,
    "carrier_connect": Role.ADMIN,
    "carrier_credentials": Role.ADMIN,
    "carrier_remove": Role.ADMIN,
    "code": Role.ADMIN,
    "quarantine": Role.VIEWER,
    "scan": Role.VIEWER,
    "stores": Role.VIEWER,
    "store": Role.VIEWER,
    "store_feed": Role.VIEWER,
    "report_dates": Role.VIEWER,
    "report_dates_csv": Role.VIEWER,
    "report_feedback": Role.VIEWER,
    "report_feedback_csv": Role.AGENT,
    "report_attempts": Role.VIEWER,
    "report_attempts_csv": Role.VIEWER,
    "store_choose": Role.ADMIN,
    "store_connect": Role.ADMIN,
    "store_disconnect": Role.ADMIN,
    "store_again": Role.ADMIN,
    "store_settings": Role.ADMIN,
    "delivery": Role.VIEWER,
    "dates_backtest": Role.VIEWER,
    "dates_backtest_run": Role.VIEWER,
    "publishable_new": Role.ADMIN,
    "publishable": Role.ADMIN,
    "dates_calendars": Role.VIEWER,
    "dates_disruptions": Role.VIEWER,
    "dates_disruption": Role.ADMIN,
    "dates_disruption_new": Role.ADMIN,
    "addresses": Role.ADMIN,
    "cash": Role.ADMIN,
    "answer_settings": Role.ADMIN,
    "team": Role.ADMIN,
    "keys": Role.ADMIN,
    "webhooks": Role.VIEWER,
    "webhook_new": Role.ADMIN,
    "webhook": Role.VIEWER,
    "webhook_edit": Role.ADMIN,
    "webhook_remove": Role.ADMIN,
    "webhook_delivery": Role.VIEWER,
    "questions": Role.VIEWER,
    "question": Role.ADMIN,
    "question_new": Role.ADMIN,
    "question_ours": Role.ADMIN,
    "question_remove": Role.ADMIN,
    "banners": Role.VIEWER,
    "banner": Role.ADMIN,
    "banner_new": Role.ADMIN,
    "banner_page": Role.ADMIN,
    "banner_remove": Role.ADMIN,
    "embed": Role.ADMIN,
    "embed_order": Role.ADMIN,
    "embed_frame": Role.ADMIN,
    "embed_lookup": Role.ADMIN,
    "embed_app": Role.ADMIN,
    "page_access": Role.ADMIN,
    "brand": Role.ADMIN,
    "brand_page": Role.ADMIN,
    "brand_preview": Role.ADMIN,
    "domains": Role.ADMIN,
    "domain_remove": Role.ADMIN,
    "languages": Role.ADMIN,
    "promotions": Role.VIEWER,
    "promotion_new": Role.ADMIN,
    "promotion": Role.ADMIN,
    "promotion_preview_new": Role.ADMIN,
    "promotion_preview": Role.ADMIN,
    "products": Role.VIEWER,
    "products_sample": Role.VIEWER,
    "product": Role.ADMIN,
    "audit": Role.ADMIN,
    "parcel_new": Role.AGENT,
    "sandbox_parcel": Role.AGENT,
    "setup_preview": Role.ADMIN,
    "setup_mail": Role.ADMIN,
    "setup_message_part": Role.ADMIN,
    "setup_done": Role.ADMIN,
    "setup_step": Role.ADMIN,
}
#: Changes, and the lowest role that may.
CHANGES = {
    "domain_check": Role.ADMIN,
    "domain_prefer": Role.ADMIN,
    "feedback_policy": Role.ADMIN,
    "links_close": Role.AGENT,
    "promotion_switch": Role.ADMIN,
    "promotion_move": Role.ADMIN,
    "promotion_remove": Role.ADMIN,
    "products_upload": Role.ADMIN,
    "product_remove": Role.ADMIN,
    "template_check": Role.ADMIN,
    "template_test": Role.ADMIN,
    "template_ours": Role.ADMIN,
    "template_hand_in": Role.ADMIN,
    "templates_hand_in": Role.ADMIN,
    "message_price_remove": Role.ADMIN,
    "address": Role.AGENT,
    "address_score": Role.AGENT,
    "parcel_add": Role.AGENT,
    "person_put": Role.AGENT,
    "person_take_off": Role.AGENT,
    "parcel_carrier": Role.AGENT,
    "parcel_fields": Role.AGENT,
    "answer": Role.AGENT,
    "scan_rule": Role.AGENT,
    "dates_save": Role.ADMIN,
    "dates_order": Role.ADMIN,
    "dates_handling_remove": Role.ADMIN,
    "dates_lane_remove": Role.ADMIN,
    "carrier_switch": Role.ADMIN,
    "carrier_try": Role.ADMIN,
    "store_secret": Role.ADMIN,
    "store_now": Role.ADMIN,
    "store_older": Role.ADMIN,
    "delivery_replay": Role.ADMIN,
    "dates_calendar_add": Role.ADMIN,
    "dates_calendar_remove": Role.ADMIN,
    "publishable_replace": Role.ADMIN,
    "publishable_revoke": Role.ADMIN,
    "dates_disruption_end": Role.ADMIN,
    "text_answer": Role.ADMIN,
    "text_remove": Role.ADMIN,
    "voucher_codes": Role.ADMIN,
    "questions_listed": Role.ADMIN,
    "question_switch": Role.ADMIN,
    "question_move": Role.ADMIN,
    "banner_take": Role.ADMIN,
    "dates_slow_dismiss": Role.ADMIN,
    "member_add": Role.ADMIN,
    "member_change": Role.ADMIN,
    "key_revoke": Role.ADMIN,
    "webhook_test": Role.ADMIN,
    "webhook_secret": Role.ADMIN,
    "webhook_switch": Role.ADMIN,
    "webhook_missed": Role.ADMIN,
    "webhook_again": Role.ADMIN,
    "webhook_replay": Role.ADMIN,
    "parcel_detect": Role.AGENT,
    "confirmations": Role.ADMIN,
    "message_calm": Role.ADMIN,
    "rule_switch": Role.ADMIN,
    "rule_remove": Role.ADMIN,
    "channel_switch": Role.ADMIN,
    "channel_test": Role.ADMIN,
    "channel_check": Role.ADMIN,
    "import_mapping": Role.ADMIN,
    "import_read": Role.ADMIN,
    "import_discard": Role.ADMIN,
    "import_again": Role.ADMIN,
    "setup_country": Role.ADMIN,
    "setup_tone": Role.ADMIN,
    "setup_end": Role.ADMIN,
    "setup_dismiss": Role.ADMIN,
    "setup_skip": Role.ADMIN,
}
#: No member is needed, or tested on its own.
OTHERS = {
    "entry", "login", "logout", "language", "join", "order_search", "logo", "signup",
    "brand_picture", "signup_again", "confirm", "password", "password_new", "new", "new_country",
    "new_preview",
    "setup", "store_back", "import_refused", "message_search",
}  # fmt: skip


@pytest.fixture(autouse=True)
def sandbox_is_offered(settings: Any) -> None:
    settings.SANDBOX_URL = "http://127.0.0.1:9"


RANKS = [Role.VIEWER, Role.AGENT, Role.ADMIN, Role.OWNER]


def paths(merchant: Merchant) -> dict[str, str]:
    """The address of every page and change, with ids that exist in this merchant's shop."""
    with merchant_scope(merchant.pk):
        order = Order.objects.get(number="1042")
        parcel = Shipment.objects.get(order=order)
        answer = DeliveryAnswer.objects.get()
        scan = Event.objects.order_by("pk")[0]
        message = Message.objects.get()
        account = CarrierAccount.objects.get()
        delivery = Delivery.objects.get()
        imported = OrderImport.objects.create(
            merchant=merchant, file_name="orders.csv", size=1, state="done", orders_new=1
        )
        handling = HandlingRule.objects.create(
            merchant=merchant, kind="tag", match="fragile", handling_days=3
        )
        lane = LaneDays.objects.create(merchant=merchant, fastest=1, slowest=2)
        back_test = BackTest.objects.create(merchant=merchant, months=3)
        dry_run = DryRun.objects.create(merchant=merchant, state="failed")
        key = PublishableKey.objects.create(merchant=merchant, key="pk_pages")
        registered = RegisteredText.objects.create(
            merchant=merchant,
            country="IN",
            topic="shipped",
            language="en",
            body="{#var#} left.",
            values=["number"],
        )
        voucher_rule = VoucherRule.objects.create(merchant=merchant, name="Late", worth="10 %")
        domain = Domain.objects.create(merchant=merchant, host="track.noor.example")
        question = Question.objects.create(
            merchant=merchant, texts={"en": {"question": "Why?", "answer": "So."}}
        )
        banner = Banner.objects.create(
            merchant=merchant, texts={"en": "Busy"}, first=date(2026, 11, 1), last=date(2199, 1, 1)
        )
        ChannelSetting.objects.create(
            merchant=merchant, channel="line", is_on=True, provider="line"
        )
        disruption = MerchantDisruption.objects.create(
            merchant=merchant, days=2, starts=date(2026, 11, 1), ends=date(2199, 1, 1)
        )
        suppression = Suppression.objects.create(
            merchant=merchant, channel="sms", address="+971501234567", reason="it is a landline"
        )
        endpoint, _secret = endpoints.add(
            merchant=merchant, url="https://shop.example/hooks", events=["*"], by=None,
            now=timezone.now(),
        )  # fmt: skip
        sent = endpoints.send_test(endpoint, now=timezone.now())
        promotion = Promotion.objects.create(merchant=merchant, title="Autumn light")
        product = Product.objects.create(merchant=merchant, key="t:lamp", title="Lamp")
        price = MessagePrice.objects.create(
            merchant=merchant, channel="sms", amount=1, currency="AED"
        )
        text = TemplateVersion.objects.create(
            merchant=merchant, topic="delivered", channel="whatsapp", language="en", version=1,
            body="Here it is.",
        )  # fmt: skip
        store = StoreConnection.objects.values_list("pk", flat=True).first() or 1
    ids: dict[str, tuple[object, ...]] = {
        "order": (order.pk,),
        "address": (order.pk,),
        "address_score": (order.pk,),
        "parcel_add": (order.pk,),
        **dict.fromkeys(("person_put", "person_take_off"), (order.pk, "receiver")),
        **dict.fromkeys(("domain_check", "domain_prefer", "domain_remove"), (domain.pk,)),
        "parcel_carrier": (parcel.pk,),
        "parcel_fields": (parcel.pk,),
        "parcel_why": (parcel.pk,),
        **dict.fromkeys(("dates_handling", "dates_handling_remove"), (handling.pk,)),
        **dict.fromkeys(("dates_lane", "dates_lane_remove"), (lane.pk,)),
        "answer": (answer.pk,),
        "scan": (scan.pk,),
        "scan_rule": (scan.pk,),
        "message": (message.pk,),
        **dict.fromkeys(("rule", "rule_new", "rule_switch", "rule_remove"), ("delivered",)),
        "message_preview": (message.pk,),
        "suppression_remove": (suppression.pk,),
        "carrier": (account.pk,),
        "carrier_credentials": (account.pk,),
        "carrier_switch": (account.pk,),
        "carrier_try": (account.pk,),
        "carrier_remove": (account.pk,),
        "carrier_connect": ("aramex",),
        "store": (store,),
        "store_connect": ("shopify",),
        "store_feed": (store,),
        "store_secret": (store,),
        "store_again": (store,),
        "store_settings": (store,),
        "store_now": (store,),
        "store_older": (store,),
        "store_disconnect": (store,),
        "delivery": (store, delivery.pk),
        "delivery_replay": (store, delivery.pk),
        **dict.fromkeys(("import", "import_undo"), (imported.pk,)),
        **dict.fromkeys(("import_mapping", "import_read", "import_discard"), (imported.pk,)),
        "import_again": (imported.pk,),
        "dates_backtest_run": (back_test.pk,),
        "message_try": (dry_run.pk,),
        **dict.fromkeys(("publishable", "publishable_replace", "publishable_revoke"), (key.pk,)),
        "dates_calendar_remove": (1,),
        **dict.fromkeys(("dates_disruption", "dates_disruption_end"), (disruption.pk,)),
        **dict.fromkeys(("text", "text_answer", "text_remove"), (registered.pk,)),
        **dict.fromkeys(("voucher", "voucher_codes"), (voucher_rule.pk,)),
        **dict.fromkeys(("question", "question_move", "question_remove"), (question.pk,)),
        **dict.fromkeys(("question_ours", "question_switch"), ("when",)),
        **dict.fromkeys(("banner", "banner_remove"), (banner.pk,)),
        "banner_take": ("christmas-2026",),
        "dates_slow_dismiss": (1,),
        "promotion": (promotion.pk,),
        **{f"promotion_{do}": (promotion.pk,) for do in ("preview", "switch", "move", "remove")},
        **dict.fromkeys(("product", "product_remove"), (product.pk,)),
        "links_close": (order.pk,),
        "member_change": (1,),
        "key_revoke": (1,),
        **{name: (endpoint.pk,) for name in [*PAGES, *CHANGES] if name.startswith("webhook_")},
        "webhook": (endpoint.pk,),
        "webhook_new": (),
        **dict.fromkeys(("webhook_delivery", "webhook_replay"), (sent.pk,)),
        **dict.fromkeys(
            ("channel", "channel_leave", "channel_switch", "channel_test", "channel_check"),
            ("line",),
        ),
        "channel_account": ("line", "line"),
        "setup_step": ("look",),
        "setup_skip": ("look",),
        **{
            f"template_{name}": ("delivered", "whatsapp", "en")
            for name in ("edit", "preview", "check", "test", "ours", "hand_in")
        },
        "template_version": ("delivered", "whatsapp", "en", text.version),
        "templates_hand_in": ("en",),
        "message_price_remove": (price.pk,),
    }
    queries = {"code": "?carrier=sandbox&code=ZZ9"}
    return {
        name: reverse(f"dashboard:{name}", args=[merchant.slug, *ids.get(name, ())])
        + queries.get(name, "")
        for name in [*PAGES, *CHANGES]
    }


def test_every_address_is_in_one_of_the_tables() -> None:
    names = {one.name for one in urlpatterns if isinstance(one, URLPattern)}
    assert names == {*PAGES, *CHANGES, *OTHERS}


# The shop is made once a test, and every address asked in it: made for each, they took a minute.


@pytest.mark.parametrize("role", RANKS)
def test_pages_open_from_their_role_on(shop: Merchant, sign_in: SignIn, role: Role) -> None:
    client = sign_in(role)
    at = paths(shop)
    found = {name: client.get(at[name]).status_code for name in PAGES}
    rank = RANKS.index(role)
    assert found == {
        name: 200 if rank >= RANKS.index(needed) else 403 for name, needed in PAGES.items()
    }


def test_pages_in_arabic_read_from_right_to_left(shop: Merchant, sign_in: SignIn) -> None:
    client = sign_in(Role.OWNER)
    framed = {"setup_mail", "setup_message_part", "brand_page", "banner_page", "carrier_names"}
    framed |= {"import_sample", "report_dates_csv", "suppressions_csv"}
    framed |= {"report_feedback_csv", "report_attempts_csv"}
    framed |= {"message_usage_csv", "message_rules_csv"}
    framed |= {"promotion_preview_new", "products_sample"}
    pages = [name for name in PAGES if not name.endswith("_preview") and name not in framed]
    at, arabic = paths(shop), {"accept-language": "ar"}
    wrong = [
        name
        for name in pages
        if '<html lang="ar" dir="rtl">' not in client.get(at[name], headers=arabic).content.decode()
    ]
    assert wrong == []


def test_changes_are_refused_below_their_role(shop: Merchant, sign_in: SignIn) -> None:
    below = {name: RANKS[RANKS.index(needed) - 1] for name, needed in CHANGES.items()}
    clients = {role: sign_in(role) for role in set(below.values())}
    at = paths(shop)
    found = {name: clients[below[name]].post(at[name]).status_code for name in CHANGES}
    assert found == dict.fromkeys(CHANGES, 403)


def test_changes_by_get_are_refused(shop: Merchant, sign_in: SignIn) -> None:
    client, at = sign_in(Role.OWNER), paths(shop)
    found = {name: client.get(at[name]).status_code for name in CHANGES}
    assert found == dict.fromkeys(CHANGES, 405)


def asked(client: Client, name: str, address: str, data: dict[str, str] | None = None) -> Any:
    """Ask as the address is meant: a change by POST."""
    return client.post(address, data or {}) if name in CHANGES else client.get(address)


def test_stranger_finds_nothing(shop: Merchant, other: Merchant, sign_in: SignIn) -> None:
    client, at = sign_in(Role.OWNER, at=other), paths(shop)
    found = {name: asked(client, name, address).status_code for name, address in at.items()}
    assert found == dict.fromkeys(at, 404)


def test_ids_of_another_shop_are_not_there(
    shop: Merchant, other: Merchant, sign_in: SignIn
) -> None:
    """The right slug with somebody else's ids."""
    client = sign_in(Role.OWNER, at=other)
    with_ids = {
        name: address.replace(f"/{shop.slug}/", f"/{other.slug}/")
        for name, address in paths(shop).items()
        if name != "code" and any(part.isdigit() for part in address.split("/"))
    }
    assert len(with_ids) > 10
    role = {"role": "viewer"}
    found = {
        name: asked(client, name, address, role if name == "member_change" else None).status_code
        for name, address in with_ids.items()
    }
    assert found == dict.fromkeys(with_ids, 404)


def test_nobody_is_sent_to_the_sign_in(shop: Merchant) -> None:
    client, wrong = Client(), []
    for name, address in paths(shop).items():
        answer = asked(client, name, address)
        onward = answer.headers.get("Location", "")
        if answer.status_code != 302 or not onward.startswith("/app/login/?next=/app/noor/"):
            wrong.append(name)
    assert wrong == []


def test_change_without_a_token_is_refused(shop: Merchant) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(factories.user(shop))
    assert client.post(paths(shop)["carrier_switch"], {"to": "off"}).status_code == 403


def test_members_of_one_shop_are_led_to_it(shop: Merchant, sign_in: SignIn) -> None:
    response = sign_in(Role.VIEWER).get("/app/")
    assert (response.status_code, response.headers["Location"]) == (302, "/app/noor/")


def test_members_of_two_shops_choose(shop: Merchant, other: Merchant) -> None:
    person = factories.user(shop)
    person.memberships.create(merchant=other, role=Role.VIEWER)
    client = Client()
    client.force_login(person)
    found = client.get("/app/").context["merchants"]
    assert [one["url"] for one in found] == ["/app/noor/", "/app/other/"]


@pytest.mark.parametrize("is_demonstration", [True, False])
def test_home_leads_to_the_shop_in_the_demonstration_only(
    sign_in: SignIn, settings: Any, is_demonstration: bool
) -> None:
    settings.DEMO = is_demonstration
    body = sign_in(Role.VIEWER).get("/app/noor/").content.decode()
    assert ('href="/demo/shop/noor/"' in body) == is_demonstration
