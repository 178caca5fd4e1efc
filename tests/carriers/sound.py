"""What every update must be, whatever bytes it was read from."""

from __future__ import annotations

from carriers.updates import TrackingUpdate
from lib.vocabulary import SUB_STATUSES, UNKNOWN


def check_update(update: TrackingUpdate) -> None:
    dated = [event.at for event in update.events if event.at is not None]
    assert all(at.utcoffset() is not None for at in dated)
    assert dated == sorted(dated)
    assert [event.at for event in update.events][: len(dated)] == dated
    for event in update.events:
        assert event.sub_status == UNKNOWN or event.sub_status in SUB_STATUSES
        assert event.code or event.description
        assert event.zone_source in {"carrier", "facility", "assumed"}
    if update.edd is not None:
        assert update.edd.first <= update.edd.last
    assert update.events or update.problem
