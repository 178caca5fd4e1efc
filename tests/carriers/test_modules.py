"""Every adapter's module says where its facts come from, and knows no framework."""

from __future__ import annotations

import inspect
import subprocess
import sys

from carriers.registry import CARRIERS
from tests.conftest import ROOT

#: Formats of nobody else: our own fleet's, and the one that we play ourselves.
OURS = {"own_fleet", "sandbox"}


def test_every_adapter_cites_the_vendors_documentation() -> None:
    silent = [
        slug
        for slug, carrier in CARRIERS.items()
        if "https://" not in (inspect.getdoc(inspect.getmodule(type(carrier))) or "")
    ]
    assert sorted(silent) == sorted(OURS)


def test_no_adapter_brings_django_in() -> None:
    code = (
        "import sys, carriers.registry;"
        "print(sorted(one for one in sys.modules if one.partition('.')[0] == 'django'))"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert loaded.stdout == "[]\n"
