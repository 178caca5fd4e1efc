"""The journey on one screen: its switches, its quiet hours, its channels."""

from __future__ import annotations

from datetime import time

from merchants.models import AuditEntry, Merchant, Role
from merchants.scope import merchant_scope
from notifications.models import Calm, Rule
from notifications.rules import rules_of
from notifications.triggers import PHASE_LABELS, TRIGGERS
from tests.dashboard.conftest import SignIn

PATH = "/app/noor/messages/rules/"
CALM = {
    "quiet_from": "22:00", "quiet_to": "09:00", "ramadan_from": "", "ramadan_to": "",
    "most_a_day": "2", "oldest_hours": "24", "skip_seen": "on",
}  # fmt: skip


def is_on(merchant: Merchant, topic: str) -> bool:
    with merchant_scope(merchant.pk):
        return next(rule.is_on for rule in rules_of(merchant) if rule.slug == topic)


def audited(merchant: Merchant) -> list[tuple[str, str]]:
    with merchant_scope(merchant.pk):
        return list(AuditEntry.objects.order_by("pk").values_list("action", "subject"))


def test_every_trigger_has_its_card_in_its_phase(sign_in: SignIn) -> None:
    html = sign_in().get(PATH).content.decode()
    assert all(f'id="rule-{slug}"' in html for slug in TRIGGERS)
    starts = [html.index(f'id="{phase}"') for phase in PHASE_LABELS]
    assert starts == sorted(starts)


def test_channel_that_is_not_in_use_is_named_beside_the_sentence(sign_in: SignIn) -> None:
    html = sign_in().get(PATH).content.decode()
    card = html[html.index('id="rule-delivered"') : html.index('id="rule-all_delivered"')]
    assert "tell <strong>the buyer, the receiver, and the front desk</strong> by" in card
    assert [name in card for name in (">WhatsApp<", ">SMS<", ">E-mail<")] == [True, True, False]


def test_switch_is_kept_and_written_down(sign_in: SignIn, merchant: Merchant) -> None:
    client = sign_in()
    answer = client.post(f"{PATH}packed/switch/", {})
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"{PATH}#rule-packed"
    assert not is_on(merchant, "packed")
    client.post(f"{PATH}packed/switch/", {"is_on": "on"})
    client.post(f"{PATH}packed/switch/", {"is_on": "on"})
    assert is_on(merchant, "packed")
    assert audited(merchant) == [("rule.switched", "packed")] * 2


def test_switch_answers_htmx_with_the_one_card(sign_in: SignIn) -> None:
    answer = sign_in().post(f"{PATH}packed/switch/", {}, headers={"HX-Request": "true"})
    html = answer.content.decode()
    assert html.strip().startswith('<li class="flow is-off" id="rule-packed">')
    assert html.count("<li") == 1


def test_rule_that_is_none_is_not_found(sign_in: SignIn) -> None:
    client = sign_in()
    assert client.post(f"{PATH}own-99/switch/", {}).status_code == 404
    assert client.get(f"{PATH}nonsense/").status_code == 404


def test_quiet_hours_are_kept(sign_in: SignIn, merchant: Merchant) -> None:
    assert sign_in().post(f"{PATH}calm/", CALM).status_code == 303
    with merchant_scope(merchant.pk):
        row = Calm.objects.get()
    assert (row.quiet_from, row.quiet_to, row.most_a_day) == (time(22), time(9), 2)
    assert (row.oldest_hours, row.skip_seen, row.ramadan_from) == (24, True, None)
    assert audited(merchant) == [("calm.changed", "")]


def test_half_of_ramadan_is_refused_beside_its_field(sign_in: SignIn, merchant: Merchant) -> None:
    answer = sign_in().post(f"{PATH}calm/", CALM | {"ramadan_from": "03:00"})
    assert answer.status_code == 400
    assert "Give both hours of Ramadan, or neither." in answer.content.decode()
    with merchant_scope(merchant.pk):
        assert Calm.objects.count() == 0


def test_typical_order_counts_what_its_buyer_hears(sign_in: SignIn, merchant: Merchant) -> None:
    merchant.sends_own_confirmations = False
    merchant.save(update_fields=["sends_own_confirmations"])
    html = sign_in().get(PATH).content.decode()
    assert "The buyer of a typical order hears this: 7 by e-mail." in html


def test_agent_sees_the_log_but_not_the_journey(sign_in: SignIn) -> None:
    client = sign_in(Role.AGENT)
    assert client.get(PATH).status_code == 403
    assert "What is sent" not in client.get("/app/noor/messages/").content.decode()


def test_rules_of_others_are_not_found(
    sign_in: SignIn, merchant: Merchant, other: Merchant
) -> None:
    with merchant_scope(other.pk):
        theirs = Rule.objects.create(merchant=other, trigger="packed", name="Theirs")
    assert sign_in().get(f"{PATH}own-{theirs.pk}/").status_code == 404
