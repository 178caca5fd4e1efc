"""What carriers answered, as it came: for whoever asks why we read a scan as we do."""

from __future__ import annotations

import zlib

from django.db import models

from merchants.owned import MerchantOwned


class RawAnswer(MerchantOwned):
    """The body of one call that brought news; of a batch, it may be about several parcels.

    Events point to it by `poll_id`. Compressed, cut at `carriers.fetch.ANSWER_BYTES`, and gone
    after `RAW_ANSWER_DAYS` days.
    """

    id = models.UUIDField(primary_key=True)
    carrier = models.SlugField(max_length=40)
    at = models.DateTimeField()
    body = models.BinaryField()

    class Meta(MerchantOwned.Meta):
        indexes = [models.Index(fields=["at"], name="raw_answers_at")]

    @property
    def text(self) -> bytes:
        """The body, unpacked."""
        return zlib.decompress(bytes(self.body))
