"""`manage.py edd_backtest`: figures by name, refusals, and what it reaches."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.edd.backtest.files import HEADER, steady

_STAGE = {
    "n", "levels", "lead_at_peer_on_time", "lead_at_95", "window90", "pinball", "exact",
    "within_1", "mae", "worst_region", "alerts", "by_month",
}  # fmt: skip


def printed(file: Path, *arguments: str) -> dict[str, Any]:
    out = io.StringIO()
    call_command("edd_backtest", str(file), *arguments, stdout=out)
    return json.loads(out.getvalue())


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "orders.csv"
    made.write_text("\n".join([HEADER, *steady(weeks=12, a_day=2)]))
    return made


def test_output_has_the_shape_that_is_agreed(file: Path) -> None:
    found = printed(file, "--from", "2025-03-03", "--country", "xx")
    assert set(found) == {"order", "handover", "peer"}
    for stage in ("order", "handover"):
        assert set(found[stage]) >= _STAGE
        assert set(found[stage]["levels"]) == {"80", "90", "95"}
        assert all(set(level) == {"on_time", "lead"} for level in found[stage]["levels"].values())
        assert set(found[stage]["window90"]) == {"coverage", "width"}
        assert set(found[stage]["alerts"]) == {"recall", "precision"}
        assert {"on_time", "lead"} <= set(found["peer"][stage])
    assert (found["order"]["n"], found["peer"]["order"]["on_time"]) == (40, 1.0)


def test_nothing_after_the_given_day_is_no_fault(file: Path) -> None:
    found = printed(file, "--from", "2026-01-01")
    assert found["order"] == {"n": 0}
    assert found["peer"]["order"] == {"n": 0, "on_time": None, "lead": None}


@pytest.mark.parametrize(
    ("content", "start", "said"),
    [
        (HEADER.replace("delivered_at", "arrived"), "2025-01-01", "no column delivered_at"),
        (f"{HEADER}\n2025-13-01,,,,\n", "2025-01-01", "Row 2, purchased_at: “2025-13-01”"),
        (f"{HEADER}\n2025-01-01,,,,\n", "January", "--from: “January” is no date"),
    ],
)
def test_fault_is_told_in_words(tmp_path: Path, content: str, start: str, said: str) -> None:
    file = tmp_path / "orders.csv"
    file.write_text(content)
    with pytest.raises(CommandError) as refusal:
        printed(file, "--from", start)
    assert said in str(refusal.value)


def test_missing_file_is_told_in_words(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="nowhere"):
        printed(tmp_path / "nowhere.csv")


@pytest.fixture(scope="module")
def real(samples: Path) -> dict[str, Any]:
    """14,457 orders of January to May 2018, of a Brazilian marketplace (see docs/dates.md)."""
    file = samples / "olist" / "orders_2017-01_to_2018-05.csv.gz"
    if not file.is_file():
        pytest.skip(f"no {file}: the orders are not part of the project")
    return printed(file)


def test_real_orders_come_as_often_as_was_said(real: dict[str, Any]) -> None:
    assert 0.89 <= real["order"]["levels"]["90"]["on_time"] <= 0.94
    assert 0.89 <= real["handover"]["levels"]["90"]["on_time"] <= 0.94


def test_real_orders_are_promised_earlier_than_the_peer_did(real: dict[str, Any]) -> None:
    assert real["order"]["lead_at_peer_on_time"] <= 23.5
    assert real["handover"]["lead_at_peer_on_time"] <= 19.6
    assert real["order"]["lead_at_peer_on_time"] < real["peer"]["order"]["lead"]
    assert real["handover"]["lead_at_peer_on_time"] < real["peer"]["handover"]["lead"]


def test_windows_of_real_orders_hold(real: dict[str, Any]) -> None:
    for stage in ("order", "handover"):
        assert 0.88 <= real[stage]["window90"]["coverage"] <= 0.95
