"""One rule: what the form makes of it, what it refuses, and the way back to ours."""

from __future__ import annotations

from typing import Any

import pytest

from merchants.models import AuditEntry, Merchant
from merchants.scope import merchant_scope
from notifications.models import Rule
from notifications.rules import rules_of
from tests.dashboard.conftest import SignIn

PATH = "/app/noor/messages/rules/"
FORM = {
    "do": "save", "roles": ["buyer"], "way_email": "always", "way_whatsapp": "1", "way_sms": "2",
    "delay": "2", "unit": "hours", "still": "on", "countries": "Saudi Arabia, ae",
    "languages": ["ar"], "tags": "VIP, gift", "least_value": "99.50", "cash": "yes",
}  # fmt: skip


def posted(**changed: Any) -> dict[str, Any]:
    return {name: value for name, value in (FORM | changed).items() if value is not None}


def test_everything_that_was_chosen_is_kept(sign_in: SignIn, merchant: Merchant) -> None:
    answer = sign_in().post(f"{PATH}delivered/", posted())
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"{PATH}#rule-delivered"
    with merchant_scope(merchant.pk):
        row = Rule.objects.get()
        assert AuditEntry.objects.get().action == "rule.changed"
    assert (row.base, row.trigger, row.roles) == ("delivered", "delivered", ["buyer"])
    assert row.ways == [["email"], ["whatsapp", "sms"]]
    assert (row.delay_minutes, row.still, row.at_night) == (120, True, False)
    assert row.conditions == {
        "countries": ["SA", "AE"], "tags": ["VIP", "gift"], "languages": ["ar"],
        "least_value": "99.5", "cash": True,
    }  # fmt: skip


def test_what_was_saved_stands_in_the_form_again(sign_in: SignIn) -> None:
    client = sign_in()
    client.post(f"{PATH}delivered/", posted())
    html = client.get(f"{PATH}delivered/").content.decode()
    assert 'value="Saudi Arabia, United Arab Emirates"' in html
    assert 'name="way_sms" value="2" aria-label="SMS: Else" checked' in html
    assert 'name="delay" type="number" value="2"' in html


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"roles": None}, "Choose at least one who is told."),
        ({"way_email": "not", "way_whatsapp": "not", "way_sms": "not"},
         "Choose at least one way. To tell nobody, switch it off."),
        ({"way_sms": "1"}, "Two ways have the same place in the order."),
        ({"countries": "Atlantis"}, "“Atlantis” is no country we know."),
        ({"delay": "91", "unit": "days"}, "At most 90 days."),
        ({"most_value": "5"}, "This is less than the least value."),
        ({"way_email": "sometimes"}, "Choose again by which ways it is told."),
    ],
)  # fmt: skip
def test_what_makes_no_rule_is_refused_with_a_reason(
    sign_in: SignIn, merchant: Merchant, changed: dict[str, Any], words: str
) -> None:
    answer = sign_in().post(f"{PATH}delivered/", posted(**changed))
    assert answer.status_code == 400
    assert words in answer.content.decode()
    with merchant_scope(merchant.pk):
        assert Rule.objects.count() == 0


def test_sentence_is_read_anew_without_saving(sign_in: SignIn, merchant: Merchant) -> None:
    answer = sign_in().post(f"{PATH}delivered/", posted(do="read"))
    html = answer.content.decode()
    reads = html[html.index('id="reads"') :]
    assert "wait <strong>2 hours</strong> and, if it is still so" in reads
    with merchant_scope(merchant.pk):
        assert Rule.objects.count() == 0


def test_further_rule_stands_beside_ours_until_it_is_deleted(
    sign_in: SignIn, merchant: Merchant
) -> None:
    client = sign_in()
    client.post(f"{PATH}new/delivered/", posted(name="For Riyadh"))
    with merchant_scope(merchant.pk):
        row = Rule.objects.get()
        slugs = [rule.slug for rule in rules_of(merchant) if rule.trigger.slug == "delivered"]
    assert (row.base, row.name) == ("", "For Riyadh")
    assert slugs == ["delivered", f"rule:{row.pk}"]
    assert "For Riyadh" in client.get(PATH).content.decode()
    client.post(f"{PATH}own-{row.pk}/remove/")
    with merchant_scope(merchant.pk):
        assert Rule.objects.count() == 0
        assert AuditEntry.objects.order_by("-pk")[0].action == "rule.removed"


def test_changed_rule_goes_back_to_ours(sign_in: SignIn, merchant: Merchant) -> None:
    client = sign_in()
    client.post(f"{PATH}delivered/", posted())
    client.post(f"{PATH}delivered/remove/")
    with merchant_scope(merchant.pk):
        (rule,) = [one for one in rules_of(merchant) if one.slug == "delivered"]
    assert (rule.is_default, rule.delay_minutes) == (True, 0)


def test_days_of_a_date_are_asked_where_dates_are_told(sign_in: SignIn) -> None:
    client = sign_in()
    asked = [
        'name="least_days"' in client.get(f"{PATH}{topic}/").content.decode()
        for topic in ("date_later", "delivered")
    ]
    assert asked == [True, False]


def test_answer_to_a_question_has_no_choice_of_ways(sign_in: SignIn, merchant: Merchant) -> None:
    client = sign_in()
    assert 'name="way_email"' not in client.get(f"{PATH}case/").content.decode()
    client.post(f"{PATH}case/", {"do": "save", "roles": ["buyer"]})
    with merchant_scope(merchant.pk):
        assert Rule.objects.get().ways == [["email"], ["inbox"], ["whatsapp", "sms"], ["webpush"]]


def test_nothing_of_an_offer_is_hidden(sign_in: SignIn) -> None:
    html = sign_in().get(f"{PATH}replenishment/").content.decode()
    assert "it only goes to those who agreed to offers" in html
