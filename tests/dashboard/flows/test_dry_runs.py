"""Trying rules from the dashboard, and the figures of what was sent."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from dashboard.flows.dry_run_words import signed
from merchants.models import AuditEntry, Merchant, Role
from merchants.scope import merchant_scope
from notifications.dry_run.running import work
from notifications.models import DryRun, Message, Rule
from tests.dashboard.conftest import SignIn
from tests.dashboard.flows.test_editor import PATH, posted

TRIES = "/app/noor/messages/tries/"


@pytest.fixture
def quiet(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nobody works on a run by himself."""
    monkeypatch.setattr("dashboard.flows.asking.run_dry_run", lambda run_id: None)
    return


def the_run(merchant: Merchant) -> DryRun:
    with merchant_scope(merchant.pk):
        return DryRun.objects.get()


def test_edited_rule_is_tried_and_not_saved(shop: Merchant, sign_in: SignIn, quiet: None) -> None:
    client = sign_in()
    answer = client.post(f"{PATH}attempt_failed/", posted(do="try", cash=None, countries=""))
    run = the_run(shop)
    assert answer.headers["Location"] == f"{TRIES}{run.pk}/"
    waiting = client.get(f"{TRIES}{run.pk}/").content.decode()
    assert "Waiting for its turn" in waiting
    assert 'hx-trigger="every 1s"' in waiting
    with merchant_scope(shop.pk):
        assert Rule.objects.count() == 0
        assert AuditEntry.objects.order_by("-pk")[0].action == "rules.tried"
    work(run.pk, now=run.created_at)
    html = client.get(f"{TRIES}{run.pk}/").content.decode()
    assert "your rules today" in html
    assert 'hx-trigger="every 1s"' not in html


def test_whole_set_is_tried_and_read(shop: Merchant, sign_in: SignIn, quiet: None) -> None:
    client = sign_in()
    client.post(TRIES)
    run = the_run(shop)
    work(run.pk, now=run.created_at)
    html = client.get(TRIES).content.decode()
    assert "All rules as they are." in html
    assert "Some of them to read" in html
    assert "Noura" in html


def test_second_try_shows_the_first(shop: Merchant, sign_in: SignIn, quiet: None) -> None:
    client = sign_in()
    client.post(TRIES)
    answer = client.post(TRIES, follow=True)
    assert "A run is at work already." in answer.content.decode()
    with merchant_scope(shop.pk):
        assert DryRun.objects.count() == 1


def test_viewer_looks_and_does_not_ask(shop: Merchant, sign_in: SignIn, quiet: None) -> None:
    client = sign_in(Role.VIEWER)
    assert client.get(TRIES).status_code == 200
    assert client.post(TRIES).status_code == 403


def test_figures_are_shown_and_downloaded(shop: Merchant, sign_in: SignIn) -> None:
    with merchant_scope(shop.pk):
        Message.objects.update(state="delivered", segments=2, cost="0.08", cost_currency="USD")
    client = sign_in()
    html = client.get("/app/noor/messages/usage/").content.decode()
    assert "1 message was sent in the last 30 days" in html
    rules = client.get("/app/noor/messages/rules.csv").content.decode().splitlines()
    assert rules[1] == "shipped,email,0,1,1,0,0,0,0,0,2,0.08000 USD"
    months = client.get("/app/noor/messages/usage.csv").content.decode().splitlines()
    assert months[1].endswith(",email,AE,0,1,1,0,0,0,0,0,2,0.08000 USD")


@pytest.mark.parametrize(
    ("n", "language", "text"),
    [(420, "en", "+420"), (-38, "en", "−38"), (0, "en", "±0"), (3, "ar", "\u2066+3\u2069")],
)
def test_differences_carry_their_sign(n: int, language: str, text: str) -> None:
    assert signed(n, language) == text
