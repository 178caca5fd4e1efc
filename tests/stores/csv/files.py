"""Files of orders for tests, and the way an import goes."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from merchants.models import Merchant
from merchants.scope import merchant_scope
from stores.csv.drafts import decide, start, understand
from stores.csv.settings import Settings
from stores.csv.uploads import keep
from stores.csv.work import work
from stores.models import OrderImport
from tests.factories import NOW

HEADER = "Order number,Order date,Customer,Email,Phone,Address,City,Country,Product,SKU,Qty,Price,Total,Courier,Tracking number"  # noqa: E501
SARA = "1001,2026-11-01 10:00,Sara Al Mansoori,sara@shopper.example,+971501234567,Villa 14,Dubai,UAE,Brass lamp,LAMP,1,149.00,209.00,Aramex,3456789012"  # noqa: E501
SARA_TOO = "1001,2026-11-01 10:00,Sara Al Mansoori,sara@shopper.example,+971501234567,Villa 14,Dubai,UAE,Oud candle,OUD,2,30.00,209.00,SMSA,290000123456"  # noqa: E501
OMAR = "1002,2026-11-02,Omar Haddad,omar@shopper.example,+966551234567,King Road 3,Riyadh,Saudi Arabia,Stoneware mug,MUG,4,20,80,SMSA,290000123457"  # noqa: E501
BAD = "1003,2026-11-02,Lina,lina@,+971501112222,Street 1,Dubai,Atlantis,Tote bag,TOTE,two,20,80,,"


def csv_of(*rows: str) -> bytes:
    return "\n".join((HEADER, *rows, "")).encode()


def draft(merchant: Merchant, body: bytes, *, now: datetime = NOW, **choices: Any) -> OrderImport:
    """An upload, understood; with choices of a person."""
    with merchant_scope(merchant.pk):
        job = keep(merchant=merchant, user=None, file_name="orders.csv", chunks=[body])
        settings = understand(job, merchant=merchant, now=now)
        if choices:
            decide(job, replace(settings, **choices))
        job.refresh_from_db()
    return job


def settings_of(job: OrderImport) -> Settings:
    return Settings.from_json(job.settings)


def run(merchant: Merchant, body: bytes, *, now: datetime = NOW, **choices: Any) -> OrderImport:
    """A whole import; returns it as it ended."""
    job = draft(merchant, body, now=now, **choices)
    with merchant_scope(merchant.pk):
        start(job, now=now)
    while work(job.pk, now=now):
        pass
    return fresh(job)


def fresh(job: OrderImport) -> OrderImport:
    with merchant_scope(job.merchant_id):
        return OrderImport.objects.get(pk=job.pk)


def counts(job: OrderImport) -> tuple[int, int, int, int]:
    """Orders new, merged, unchanged; rows refused."""
    return job.orders_new, job.orders_merged, job.orders_unchanged, job.rows_refused
