"""Two at once, each with a connection of its own, over a true DNS server."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from merchants import domains
from merchants.domain_watch import look_at, look_at_due
from merchants.domains import Refused
from merchants.models import Domain, Merchant
from merchants.scope import merchant_scope
from tests.factories import NOW, user
from tests.factories import merchant as new_merchant
from tests.merchants.domain_scenes import HOST, Records, lead, let_in

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*works: Callable[[], object]) -> list[object]:
    """Start all at one moment; what each returned, or the error it raised."""
    gate, found = threading.Barrier(len(works)), [None] * len(works)

    def run(place: int, work: Callable[[], object]) -> None:
        try:
            gate.wait()
            found[place] = work()
        except Refused as refused:
            found[place] = refused.why
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def claim(merchant: Merchant, host: str = HOST) -> Domain:
    with merchant_scope(merchant.pk):
        return domains.claim(merchant=merchant, text=host, by=None, now=NOW)


def look(domain: Domain) -> bool:
    with merchant_scope(domain.merchant_id):
        return look_at(domain, now=NOW)


def test_two_shops_that_prove_a_name_at_once_get_it_once(zone: Records) -> None:
    shops = [new_merchant(slug=slug) for slug in ("noor", "layl")]
    lead(zone)
    for _ in range(5):
        Domain.objects.all().delete()
        mine, theirs = (claim(shop) for shop in shops)
        let_in(zone, mine, theirs)
        assert at_once(lambda one=mine: look(one), lambda one=theirs: look(one)) == [True, True]
        (holder,) = Domain.objects.filter(verified_at__isnull=False)
        assert [one.links_host for one in Merchant.objects.order_by("pk")] == [
            HOST if holder.merchant_id == shop.pk else "" for shop in shops
        ]


def test_adds_at_once_do_not_make_too_many(zone: Records) -> None:
    shop = new_merchant()
    names = [f"t{n}.noor.example" for n in range(domains.MOST + 2)]
    found = at_once(*[lambda name=name: claim(shop, name) for name in names])
    assert found.count(domains.Refusal.TOO_MANY) == 2
    assert Domain.objects.count() == domains.MOST


def test_two_sweeps_at_once_look_at_each_once(zone: Records) -> None:
    shop = new_merchant()
    for n in range(4):
        claim(shop, f"t{n}.noor.example")
    counts = at_once(lambda: look_at_due(now=NOW), lambda: look_at_due(now=NOW))
    assert sum(counts) == 4  # type: ignore[arg-type]


def test_domain_removed_while_the_dns_is_asked_stays_removed(zone: Records) -> None:
    shop = new_merchant()
    domain = claim(shop)
    lead(zone)
    let_in(zone, domain)
    with merchant_scope(shop.pk):
        domains.remove(domain, by=user(shop), now=NOW)
    look(domain)
    assert not Domain.objects.exists()
