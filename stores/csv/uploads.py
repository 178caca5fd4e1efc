"""Keeping an upload raw, before it is understood, and reading it again in pieces."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from merchants.models import Merchant, User
from merchants.scope import merchant_scope
from stores.models import ImportPiece, OrderImport

#: Bytes. More than 100,000 orders with ten lines each; whoever has more makes several files.
MOST: Final = 100_000_000
#: What web server and worker hold of a file at a time.
PIECE: Final = 512 * 1024


class TooLarge(ValueError):
    """More bytes than we take, whatever the request said about them."""


def keep(
    *, merchant: Merchant, user: User | None, file_name: str, chunks: Iterable[bytes]
) -> OrderImport:
    """Store the bytes as they came, as a draft; in the merchant's scope. Raises TooLarge."""
    job = OrderImport.objects.create(
        merchant=merchant, created_by=user, file_name=_name(file_name), size=0
    )
    size = 0
    for position, body in enumerate(_pieces(chunks)):
        size += len(body)
        if size > MOST:
            raise TooLarge
        ImportPiece.objects.create(merchant=merchant, job=job, position=position, body=body)
    job.size = size
    job.save(update_fields=["size"])
    return job


def _name(file_name: str) -> str:
    """The last part of the name, without what cannot be shown or stored."""
    plain = "".join(char for char in file_name if char.isprintable())
    return plain.replace("\\", "/").rpartition("/")[2][-200:] or "orders.csv"


def _pieces(chunks: Iterable[bytes]) -> Iterator[bytes]:
    waiting = bytearray()
    for chunk in chunks:
        waiting += chunk
        while len(waiting) >= PIECE:
            yield bytes(waiting[:PIECE])
            del waiting[:PIECE]
    if waiting:
        yield bytes(waiting)


def read_again(job: OrderImport) -> Iterator[bytes]:
    """The file's bytes from the beginning, one piece after the other; enters the scope itself."""
    position = 0
    while True:
        with merchant_scope(job.merchant_id):
            found = ImportPiece.objects.filter(job_id=job.pk, position=position)
            body = found.values_list("body", flat=True).first()
        if body is None:
            return
        yield bytes(body)
        position += 1
