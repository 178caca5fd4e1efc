"""A shop's own domains: claimed, proven, kept, lost, removed, and where links lead meanwhile."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from pytest_django import Settings

from lib.domain_names import NotADomain
from merchants import domains
from merchants.domain_watch import look_at, look_at_due
from merchants.domains import Refusal, Refused
from merchants.models import AuditEntry, Domain, Merchant, User
from merchants.scope import every_merchant, merchant_scope
from merchants.tasks import look_at_domains
from tests import factories
from tests.factories import NOW
from tests.merchants.domain_scenes import HOST, Records, lead, let_in
from tracking.links import pages_root

OURS_ROOT = "http://127.0.0.1:8000/p/noor/"
OWN_ROOT = f"http://{HOST}:8000/"
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture(autouse=True)
def base(settings: Settings) -> None:
    settings.BASE_URL = "http://127.0.0.1:8000"
    settings.BASE_HOST = "127.0.0.1:8000"


@pytest.fixture
def by(merchant: Merchant) -> User:
    return factories.user(merchant)


def claimed(merchant: Merchant, host: str = HOST, *, now: datetime = NOW) -> Domain:
    with merchant_scope(merchant.pk):
        return domains.claim(merchant=merchant, text=host, by=None, now=now)


def refusal(merchant: Merchant, host: str = HOST) -> Refusal:
    with pytest.raises(Refused) as refused:
        claimed(merchant, host)
    return refused.value.why


def looked(domain: Domain, *, now: datetime = NOW) -> Domain:
    with merchant_scope(domain.merchant_id):
        look_at(domain, now=now)
    domain.refresh_from_db()
    return domain


def proven(zone: Records, merchant: Merchant, host: str = HOST) -> Domain:
    domain = claimed(merchant, host)
    lead(zone, host)
    let_in(zone, domain)
    return looked(domain)


def root(merchant: Merchant) -> str:
    return pages_root(Merchant.objects.get(pk=merchant.pk))


def log(merchant: Merchant) -> list[str]:
    with merchant_scope(merchant.pk):
        return [one.action for one in AuditEntry.objects.order_by("pk")]


def remove(domain: Domain, by: User) -> None:
    with merchant_scope(domain.merchant_id):
        domains.remove(domain, by=by, now=NOW)


def test_claim_waits_and_links_stay(zone: Records, merchant: Merchant) -> None:
    domain = looked(claimed(merchant, "https://Track.Noor.example/"))
    assert (domain.host, domain.verified_at, domain.points) == (HOST, None, "missing")
    assert (root(merchant), log(merchant)) == (OURS_ROOT, ["domain.added"])


@pytest.mark.parametrize("has", ["cname", "txt"])
def test_one_record_alone_verifies_nothing(zone: Records, merchant: Merchant, has: str) -> None:
    domain = claimed(merchant)
    lead(zone) if has == "cname" else let_in(zone, domain)
    assert looked(domain).verified_at is None


def test_both_records_verify_and_links_lead_there(zone: Records, merchant: Merchant) -> None:
    domain = proven(zone, merchant)
    assert (domain.verified_at, root(merchant)) == (NOW, OWN_ROOT)
    assert log(merchant) == ["domain.added", "domain.verified"]


def test_own_path_comes_before_the_own_domain(zone: Records, merchant: Merchant) -> None:
    Merchant.objects.update(page_root="https://noor.example/tracking/")
    proven(zone, merchant)
    assert root(merchant) == "https://noor.example/tracking/"


def test_our_own_names_are_refused(merchant: Merchant, settings: Settings) -> None:
    settings.BASE_HOST, settings.OUR_HOSTS = "homeward.example:443", ["web.example"]
    settings.PAGES_HOST = "pages.example.net"
    for host in ("homeward.example", "a.homeward.example", "web.example", "pages.example.net"):
        assert refusal(merchant, host) is Refusal.OURS


def test_what_is_no_domain_is_refused(merchant: Merchant) -> None:
    with pytest.raises(NotADomain):
        claimed(merchant, "203.0.113.9")


def test_same_name_twice_is_refused(merchant: Merchant) -> None:
    claimed(merchant)
    assert refusal(merchant) is Refusal.HAS_IT


def test_too_many_are_refused(merchant: Merchant) -> None:
    for n in range(domains.MOST):
        claimed(merchant, f"t{n}.noor.example")
    assert refusal(merchant) is Refusal.TOO_MANY


def test_proven_name_is_refused_to_another_shop(
    zone: Records, merchant: Merchant, other: Merchant
) -> None:
    proven(zone, merchant)
    assert refusal(other) is Refusal.TAKEN


def test_claims_of_two_shops_stand_side_by_side(merchant: Merchant, other: Merchant) -> None:
    mine, theirs = claimed(merchant), claimed(other)
    assert mine.token != theirs.token


def test_only_one_may_be_verified(merchant: Merchant, other: Merchant) -> None:
    claimed(merchant), claimed(other)
    with pytest.raises(IntegrityError), transaction.atomic():
        Domain.objects.update(verified_at=NOW)


def test_another_shop_cannot_take_a_dangling_name(
    zone: Records, merchant: Merchant, other: Merchant
) -> None:
    """The CNAME still leads to us; the token of the other is nowhere."""
    theirs = claimed(other)
    proven(zone, merchant)
    assert looked(theirs).verified_at is None


def test_with_both_tokens_there_the_first_keeps_it(
    zone: Records, merchant: Merchant, other: Merchant
) -> None:
    theirs, mine = claimed(other), proven(zone, merchant)
    let_in(zone, mine, theirs)
    assert (looked(theirs).is_right, theirs.verified_at) == (True, None)
    assert looked(mine).verified_at == NOW


def test_name_moves_to_the_shop_whose_token_is_there(
    zone: Records, merchant: Merchant, other: Merchant
) -> None:
    theirs, mine = claimed(other), proven(zone, merchant)
    let_in(zone, theirs)
    assert looked(theirs, now=NOW + HOUR).verified_at == NOW + HOUR
    mine.refresh_from_db()
    assert (mine.verified_at, mine.lost_at) == (None, NOW + HOUR)
    assert (root(merchant), root(other)) == (OURS_ROOT, OWN_ROOT)
    assert log(merchant)[-1] == "domain.lost"
    assert log(other) == ["domain.added", "domain.verified"]


def test_name_without_its_proof_may_be_claimed_and_stays_until_proven(
    zone: Records, merchant: Merchant, other: Merchant
) -> None:
    mine = proven(zone, merchant)
    del zone["_homeward." + HOST]
    looked(mine)
    theirs = looked(claimed(other))
    mine.refresh_from_db()
    assert (theirs.verified_at, mine.verified_at) == (None, NOW)


def test_records_that_vanish_are_forgiven_for_a_while(zone: Records, merchant: Merchant) -> None:
    domain = proven(zone, merchant)
    zone.clear()
    roots = []
    for later in (HOUR, 2 * DAY, domains.GRACE, domains.GRACE + 2 * HOUR):
        looked(domain, now=NOW + later)
        roots.append(root(merchant))
    assert roots == [OWN_ROOT, OWN_ROOT, OWN_ROOT, OURS_ROOT]
    # The pages are still served there, for whomever the name leads to us.
    assert (domain.verified_at, domain.failing_since) == (NOW, NOW + HOUR)


def test_records_that_come_back_bring_links_back(zone: Records, merchant: Merchant) -> None:
    domain = proven(zone, merchant)
    records = dict(zone)
    zone.clear()
    looked(domain), looked(domain, now=NOW + 9 * DAY)
    zone.update(records)
    assert looked(domain, now=NOW + 10 * DAY).failing_since is None
    assert root(merchant) == OWN_ROOT


def test_silent_resolver_changes_nothing(
    zone: Records, merchant: Merchant, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    domain = proven(zone, merchant)
    settings.DNS_SERVERS = "127.0.0.1:9"
    monkeypatch.setattr("lib.dns_lookup._SECONDS", 0.3)
    assert looked(domain, now=NOW + DAY).checked_at == NOW
    assert domain.failing_since is None


def test_silence_for_days_counts_as_missing(
    zone: Records, merchant: Merchant, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    domain = proven(zone, merchant)
    settings.DNS_SERVERS = "127.0.0.1:9"
    monkeypatch.setattr("lib.dns_lookup._SECONDS", 0.3)
    roots = []
    for days in (1, 5, 10):
        look_at_due(now=NOW + days * DAY)
        domain.refresh_from_db()
        roots.append((domain.failing_since, root(merchant)))
    since = NOW + 5 * DAY
    assert roots == [(None, OWN_ROOT), (since, OWN_ROOT), (since, OURS_ROOT)]


def test_other_domain_takes_over_when_one_is_removed(
    zone: Records, merchant: Merchant, by: User
) -> None:
    first, second = proven(zone, merchant), proven(zone, merchant, "go.noor.example")
    assert root(merchant) == OWN_ROOT
    remove(first, by)
    assert root(merchant) == "http://go.noor.example:8000/"
    remove(second, by)
    assert root(merchant) == OURS_ROOT


def test_shop_chooses_among_its_domains(zone: Records, merchant: Merchant, by: User) -> None:
    proven(zone, merchant)
    second = proven(zone, merchant, "go.noor.example")
    third = claimed(merchant, "no.noor.example")
    with merchant_scope(merchant.pk):
        assert domains.prefer(second, by=by, now=NOW)
        assert not domains.prefer(third, by=by, now=NOW)
    looked(second)
    assert root(merchant) == "http://go.noor.example:8000/"


def test_unproven_claim_is_gone_when_removed(merchant: Merchant, by: User) -> None:
    remove(claimed(merchant), by)
    assert not Domain.objects.exists()


def test_removed_name_comes_back_with_its_token(
    zone: Records, merchant: Merchant, by: User
) -> None:
    domain = proven(zone, merchant)
    remove(domain, by)
    again = looked(claimed(merchant))
    assert (again.pk, again.token, again.verified_at) == (domain.pk, domain.token, NOW)


def test_removed_name_goes_to_whoever_proves_it(
    zone: Records, merchant: Merchant, other: Merchant, by: User
) -> None:
    mine = proven(zone, merchant)
    remove(mine, by)
    theirs = claimed(other)
    let_in(zone, mine, theirs)
    assert looked(theirs).verified_at == NOW
    assert [one.merchant_id for one in Domain.objects.all()] == [other.pk]


def test_sweep_looks_at_what_is_due_of_every_shop(
    zone: Records, merchant: Merchant, other: Merchant
) -> None:
    claimed(merchant), claimed(other)
    assert look_at_due(now=NOW) == 2
    assert look_at_due(now=NOW) == 0
    assert look_at_due(now=NOW + timedelta(minutes=10)) == 2


def test_sweep_gives_up_an_unproven_claim_after_a_week(zone: Records, merchant: Merchant) -> None:
    claimed(merchant)
    assert [look_at_due(now=NOW + days * DAY) for days in (1, 6, 7, 8)] == [1, 1, 1, 0]


def test_asking_again_watches_for_another_week(zone: Records, merchant: Merchant) -> None:
    domain = claimed(merchant)
    look_at_due(now=NOW + 7 * DAY)
    domains.watch_again(domain, now=NOW + 9 * DAY)
    assert [look_at_due(now=NOW + days * DAY) for days in (10, 15, 16, 17)] == [1, 1, 1, 0]


def test_sweep_verifies_by_itself(zone: Records, merchant: Merchant) -> None:
    domain = claimed(merchant)
    lead(zone)
    let_in(zone, domain)
    assert (look_at_domains(), root(merchant)) == (1, OWN_ROOT)


def test_sweep_goes_on_looking_at_a_verified_one(zone: Records, merchant: Merchant) -> None:
    domain = proven(zone, merchant)
    assert domain.next_check_at == NOW + 6 * HOUR
    zone.clear()
    assert look_at_due(now=NOW + 6 * HOUR) == 1
    domain.refresh_from_db()
    assert (domain.failing_since, domain.next_check_at) == (NOW + 6 * HOUR, NOW + 7 * HOUR)


def test_domain_of_the_operators_making_is_left_alone(zone: Records, merchant: Merchant) -> None:
    Domain.objects.create(host=HOST, merchant=merchant, verified_at=NOW)
    assert (look_at_due(now=NOW + 9 * DAY), root(merchant)) == (0, OURS_ROOT)


def test_log_of_the_loser_is_the_losers(zone: Records, merchant: Merchant, other: Merchant) -> None:
    theirs, mine = claimed(other), proven(zone, merchant)
    let_in(zone, theirs)
    looked(theirs)
    with every_merchant("the test reads both logs"):
        lost = AuditEntry.objects.get(action="domain.lost")
    assert (lost.merchant_id, lost.subject, mine.host) == (merchant.pk, HOST, HOST)
