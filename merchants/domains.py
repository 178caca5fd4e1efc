"""A shop's own domains: claimed, proven, lost, removed. The only writer of Domain and `links_host`.

Domain is a door table, so rows of other shops can be read here; nothing of them is told but that a
name cannot be used.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import Enum
from typing import Final

from django.conf import settings
from django.db import transaction

from lib.domain_names import domain_name
from merchants.access import record
from merchants.domain_records import Found
from merchants.models import Domain, Merchant, User
from merchants.scope import every_merchant, merchant_scope

#: Domains of one shop.
MOST: Final = 5
#: How long an unproven claim is looked at without being asked.
WATCHED: Final = timedelta(days=7)
#: Records of a verified domain that are away for so long are told of, and after the second, links
#: lead to our address again.
TOLD_AFTER: Final = timedelta(days=2)
GRACE: Final = timedelta(days=4)
#: What one look at the DNS may change.
_LOOKED_AT: Final = (
    "points", "points_seen", "proof", "proof_seen", "checked_at", "next_check_at", "verified_at",
    "failing_since", "lost_at",
)  # fmt: skip
_FIRST_DAY: Final = timedelta(days=1)
_OFTEN: Final = timedelta(minutes=10)
_HOURLY: Final = timedelta(hours=1)
_STANDING: Final = timedelta(hours=6)


class Refusal(Enum):
    """Why a name cannot be claimed, beside what `lib.domain_names.Fault` says."""

    OURS = "ours"
    TAKEN = "taken"
    TOO_MANY = "too_many"
    HAS_IT = "has_it"


class Refused(Exception):
    """A name that this shop cannot claim; `why` says so."""

    def __init__(self, why: Refusal) -> None:
        super().__init__(why.value)
        self.why = why


def domains_of(merchant_id: int) -> list[Domain]:
    """The shop's domains, oldest first, without removed ones."""
    return list(Domain.objects.filter(merchant_id=merchant_id, removed_at=None).order_by("pk"))


def claim(*, merchant: Merchant, text: str, by: User | None, now: datetime) -> Domain:
    """Take down that the shop wants this name, as it was typed. Raises NotADomain, Refused.

    A name that was removed comes back with its token, so its TXT record may have stayed.
    """
    host = domain_name(text)
    if _is_ours(host):
        raise Refused(Refusal.OURS)
    with transaction.atomic():
        # The name's rows first, then the shop's: `keep` holds them in this order. One add at a time
        # in a shop, so that two at once do not make one too many.
        list(Domain.objects.select_for_update().filter(host=host).order_by("pk"))
        Merchant.objects.select_for_update(no_key=True).get(pk=merchant.pk)
        mine = Domain.objects.filter(merchant=merchant)
        kept = mine.filter(removed_at=None)
        if kept.filter(host=host).exists():
            raise Refused(Refusal.HAS_IT)
        if kept.count() >= MOST:
            raise Refused(Refusal.TOO_MANY)
        # One whose proof was away at the last look may be claimed: the token decides.
        proven = Domain.objects.filter(host=host, verified_at__isnull=False, removed_at=None)
        if proven.exclude(proof__in=[Domain.Finding.MISSING, Domain.Finding.OTHER]).exists():
            raise Refused(Refusal.TAKEN)
        anew = {
            "added_at": now, "verified_at": None, "points": "", "points_seen": "", "proof": "",
            "proof_seen": "", "checked_at": None, "next_check_at": now,
            "watched_until": now + WATCHED, "failing_since": None, "lost_at": None,
            "removed_at": None,
        }  # fmt: skip
        domain, _ = Domain.objects.update_or_create(merchant=merchant, host=host, defaults=anew)
        record(merchant=merchant, user=by, action="domain.added", subject=host)
    return domain


def next_check(domain: Domain, *, now: datetime) -> datetime | None:
    """When to look at it again without being asked; None for a claim that nobody proved in time."""
    if domain.failing_since:
        return now + _HOURLY
    if domain.verified_at:
        return now + _STANDING
    if domain.lost_at or domain.watched_until is None or now >= domain.watched_until:
        return None
    return now + (_OFTEN if now - domain.added_at < _FIRST_DAY else _HOURLY)


def watch_again(domain: Domain, *, now: datetime) -> None:
    """Somebody asked about it, so it is looked at for another week."""
    Domain.objects.filter(pk=domain.pk).update(
        watched_until=now + WATCHED, next_check_at=now + _OFTEN
    )


def keep(domain: Domain, found: Found, *, now: datetime) -> None:
    """Write down what the DNS said, and what follows from it; in the merchant's scope."""
    with transaction.atomic():
        # Every claim of the name is held: of two shops that prove it at once, one waits for the
        # other and then sees it. The constraint `domain_verified_once` stands behind this.
        claims = list(Domain.objects.select_for_update().filter(host=domain.host).order_by("pk"))
        mine = next((one for one in claims if one.pk == domain.pk), None)
        if mine is None or mine.removed_at:  # removed while the DNS was asked
            return
        mine.points, mine.points_seen = found.points, found.points_seen
        mine.proof, mine.proof_seen = found.proof(mine.token)
        mine.checked_at = now
        if mine.is_right:
            mine.failing_since = None
            holder = next((one for one in claims if one.verified_at and one != mine), None)
            if mine.verified_at is None and not _stands(holder, found):
                if holder is not None:
                    _lose(holder, now=now)
                mine.verified_at, mine.lost_at = now, None
                _note(mine, "domain.verified")
        elif mine.verified_at and not mine.failing_since:
            mine.failing_since = now
        mine.next_check_at = next_check(mine, now=now)
        mine.save(update_fields=_LOOKED_AT)
        _settle_links(mine.merchant_id, now=now)


def prefer(domain: Domain, *, by: User, now: datetime) -> bool:
    """Let links in messages lead to this one of the shop's domains; False where it cannot."""
    with transaction.atomic():
        row = Domain.objects.select_for_update().filter(pk=domain.pk).first()
        if row is None or not _may_lead(row):
            return False
        Merchant.objects.filter(pk=row.merchant_id).update(links_host=row.host)
        record(merchant=row.merchant, user=by, action="domain.preferred", subject=row.host)
    return True


def remove(domain: Domain, *, by: User, now: datetime) -> None:
    """Give it up. A verified one leads on to our address while its records lead here and nobody
    else proves it; a claim is gone."""
    with transaction.atomic():
        row = Domain.objects.select_for_update().filter(pk=domain.pk, removed_at=None).first()
        if row is None:
            return
        if row.verified_at:
            row.removed_at, row.next_check_at = now, None
            row.save(update_fields=["removed_at", "next_check_at"])
        else:
            row.delete()
        record(merchant=domain.merchant, user=by, action="domain.removed", subject=domain.host)
        _settle_links(domain.merchant_id, now=now)


def _is_ours(host: str) -> bool:
    ours = {settings.PAGES_HOST, settings.BASE_HOST.split(":")[0].lower(), *settings.OUR_HOSTS}
    return any(host == one or host.endswith(f".{one}") for one in ours - {"*"})


def _stands(holder: Domain | None, found: Found) -> bool:
    """Whether the name stays with the shop that has it: its token is still there, in the very
    answer that has the other's."""
    return holder is not None and holder.removed_at is None and found.proves(holder.token)


def _lose(holder: Domain, *, now: datetime) -> None:
    """Whoever owns the name let another shop in and this one out."""
    if holder.removed_at:
        holder.delete()
    else:
        Domain.objects.filter(pk=holder.pk).update(
            verified_at=None, failing_since=None, lost_at=now, next_check_at=None,
            proof=Domain.Finding.MISSING, proof_seen="",
        )  # fmt: skip
        with every_merchant("the shop that lost a name to another reads it in its own log"):
            _note(holder, "domain.lost")
    _settle_links(holder.merchant_id, now=now)


def _settle_links(merchant_id: int, *, now: datetime) -> None:
    """Let messages lead to a domain that works: the one they lead to, within the grace period even
    while its records are away; else the oldest that is right; else to our address."""
    merchant = Merchant.objects.select_for_update(no_key=True).get(pk=merchant_id)
    rows = domains_of(merchant_id)
    since = now - GRACE
    stays = any(
        one.host == merchant.links_host
        and one.verified_at
        and (one.is_right or (one.failing_since and one.failing_since > since))
        for one in rows
    )
    host = merchant.links_host if stays else next((r.host for r in rows if _may_lead(r)), "")
    if host != merchant.links_host:
        Merchant.objects.filter(pk=merchant_id).update(links_host=host)


def _may_lead(row: Domain) -> bool:
    return bool(row.verified_at and row.removed_at is None and row.is_right)


def _note(domain: Domain, action: str) -> None:
    with merchant_scope(domain.merchant_id):
        record(merchant=domain.merchant, user=None, action=action, subject=domain.host)
