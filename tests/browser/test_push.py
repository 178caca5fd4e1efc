"""The shopper chooses how to be told, and a note reaches the browser though the page is closed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from merchants.scope import merchant_scope
from notifications.compose import compose_due
from notifications.deliver import deliver_due
from notifications.models import Preference, PushSubscription
from notifications.sandbox.running import RunningPhones
from tests import factories
from tests.browser.conftest import in_background
from tests.notifications.conftest import hear
from tests.notifications.phones import pointed_at_phones, switch_on
from tracking.links import link_for, page_path
from tracking.models import Recipient

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def phones(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[RunningPhones]:
    with pointed_at_phones(settings) as running:
        monkeypatch.setenv("OUTBOUND_ALLOW", running.host)
        yield running


def test_shopper_chooses_channels_and_this_browser(
    page: Page, live_server: LiveServer, phones: RunningPhones, shoot: Callable[[str], None]
) -> None:
    merchant = factories.merchant()
    with merchant_scope(merchant.pk):
        switch_on(merchant, "sms", "whatsapp")
        parcel = factories.shipment(merchant)
        link = link_for(order=parcel.order, recipient=Recipient.objects.get())
        path = page_path(link, merchant=merchant)
    # The browser maker's push service is not on this machine: ours gives the subscription.
    browser = json.dumps(phones.device("sara"))
    page.add_init_script(f"PushManager.prototype.subscribe = async () => ({browser});")
    page.context.grant_permissions(["notifications"], origin=live_server.url)
    page.goto(live_server.url + path)
    page.get_by_role("link", name="Choose how we write to you").click()
    shoot("preferences-en")
    page.get_by_role("button", name="Tell me in this browser").click()
    expect(page.get_by_text("This browser will tell you")).to_be_visible()
    page.reload()
    page.get_by_role("switch", name="WhatsApp").uncheck()
    page.get_by_role("switch", name="SMS").check()
    page.get_by_label("Language of the messages").select_option("ar")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status").first).to_contain_text("تم الحفظ")
    shoot("preferences-ar")
    with merchant_scope(merchant.pk):
        assert Preference.objects.get().channels == ["email", "sms", "webpush"]
        assert PushSubscription.objects.count() == 1
        hear(parcel, (0, "out.on_vehicle"), now=timezone.now())
    compose_due(now=timezone.now())
    in_background(lambda: deliver_due(clock=timezone.now))
    [note] = phones.notes("sara")
    assert shown_by_worker(page, live_server, note) == [note["title"], note["body"], "rtl", "ar"]


def shown_by_worker(page: Page, live_server: LiveServer, note: dict[str, Any]) -> list[str]:
    """Give the note to the page's service worker as the browser would; what it then shows."""
    devtools = page.context.new_cdp_session(page)
    found: list[dict[str, Any]] = []
    devtools.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: found.extend(event["registrations"]),
    )
    devtools.send("ServiceWorker.enable")
    page.wait_for_timeout(300)
    devtools.send(
        "ServiceWorker.deliverPushMessage",
        {
            "origin": live_server.url,
            "registrationId": found[-1]["registrationId"],
            "data": json.dumps(note),
        },
    )
    shown = """async () => {
      for (let n = 0; n < 50; n++) {
        const registration = await navigator.serviceWorker.getRegistration();
        const [one] = await registration.getNotifications();
        if (one) return [one.title, one.body, one.dir, one.lang];
        await new Promise((done) => setTimeout(done, 100));
      }
      return [];
    }"""
    found_shown: list[str] = page.evaluate(shown)
    return found_shown
