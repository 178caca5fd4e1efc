"""Rules for vouchers in the dashboard: typed, corrected, filled with codes."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile

from merchants.models import AuditEntry, Merchant, Role
from merchants.scope import merchant_scope
from notifications.models import Voucher, VoucherRule
from tests.dashboard.conftest import SignIn

PATH = "/app/noor/messages/vouchers/"
TYPED = {
    "name": "Late", "worth": "10 % off", "least_days": "3", "pattern": "", "most": "50",
    "period_days": "30", "most_each": "1", "is_on": "on",
}  # fmt: skip


def test_rule_is_made_and_filled_with_codes(sign_in: SignIn, merchant: Merchant) -> None:
    browser = sign_in()
    assert "No rule yet." in browser.get(PATH).content.decode()
    made = browser.post(f"{PATH}new/", TYPED)
    assert made.status_code == 303
    page = browser.get(made.headers["Location"]).content.decode()
    assert ("0 codes are left." in page, "More than 3 days late: 10 % off." in page) == (True, True)
    file = SimpleUploadedFile("codes.csv", b"A1\nA2\n")
    told = browser.post(f"{made.headers['Location']}codes/", {"codes": file}, follow=True)
    assert "2 new codes." in told.content.decode()
    assert "2 codes are left." in told.content.decode()
    with merchant_scope(merchant.pk):
        assert VoucherRule.objects.get().most == 50
        assert Voucher.objects.filter(given_at__isnull=True).count() == 2
        actions = AuditEntry.objects.order_by("pk").values_list("action", flat=True)
        assert list(actions) == ["vouchers.changed", "vouchers.codes"]


def test_pattern_that_can_be_guessed_is_refused(sign_in: SignIn) -> None:
    answer = sign_in().post(f"{PATH}new/", TYPED | {"pattern": "SORRY-##"})
    assert answer.status_code == 400
    assert "With fewer than 6 places (#) codes can be guessed." in answer.content.decode()


def test_viewer_sees_rules_and_changes_none(sign_in: SignIn, merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        rule = VoucherRule.objects.create(merchant=merchant, name="Late", worth="x")
    browser = sign_in(Role.VIEWER)
    assert browser.get(PATH).status_code == 200
    assert browser.post(f"{PATH}{rule.pk}/", TYPED).status_code == 403
