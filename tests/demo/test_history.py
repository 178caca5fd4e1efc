"""The demonstration's past: invented journeys, real verdicts."""

from __future__ import annotations

import pytest
from django.utils import timezone

from carriers.sandbox.running import running_sandbox
from demo.catalogue import NOOR
from demo.history import play_history
from demo.seed import seed
from edd.models import DateScore
from merchants.models import Merchant
from merchants.scope import every_merchant, merchant_scope
from notifications.compose import compose_due
from notifications.models import Message
from tracking.judging import judge_due
from tracking.models import ShownDate, Watch


@pytest.fixture
def noor(db: None) -> Merchant:
    now = timezone.now()
    with running_sandbox() as server:
        list(seed(sandbox_url=server.url, base_url="http://demo.example", known_keys={}, now=now))
    compose_due(now=now)
    return Merchant.objects.get(slug="noor")


def test_past_is_played_once_and_judged_by_the_product(
    noor: Merchant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("demo.history._DAYS", 6)
    now = timezone.now()
    with every_merchant("test"):
        before = Message.objects.count()
    assert (play_history(NOOR, now=now), play_history(NOOR, now=now)) == (30, 0)
    while judge_due(now=now):
        pass
    with merchant_scope(noor.pk):
        first = DateScore.objects.filter(whose="ours", stage="order")
        theirs = DateScore.objects.filter(whose="carrier")
        counts = [sum(row.n for row in rows) for rows in (first, theirs)]
        assert counts == [30, 30]
        assert 5 < sum(row.told for row in first) < 30
        assert ShownDate.objects.exclude(verdict="").exists()
        past = Watch.objects.filter(shipment__external_id__endswith="-past")
        assert set(past.values_list("next_ask_at", flat=True)) == {None}
    compose_due(now=now)
    with every_merchant("test"):
        assert Message.objects.count() == before
