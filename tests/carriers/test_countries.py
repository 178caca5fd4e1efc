from __future__ import annotations

import pytest

from carriers.countries import alpha2


@pytest.mark.parametrize(
    ("code", "expected"),
    [("USA", "US"), ("sau", "SA"), ("GB", "GB"), ("XXQ", ""), ("U1", ""), ("", ""), ("USAX", "")],
)
def test_alpha_2_of_either_code(code: str, expected: str) -> None:
    assert alpha2(code) == expected
