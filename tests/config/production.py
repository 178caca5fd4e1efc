"""The environment of a server in production, for processes that tests start."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent

#: What tests and developers set, and production does not.
_OURS = ("HOMEWARD_TESTING", "DEMO", "DEBUG", "OUTBOUND_ALLOW", "DJANGO_ALLOW_ASYNC_UNSAFE")

SETTINGS = {
    "DATABASE_URL": "postgresql://homeward_app:secret@127.0.0.1:1/homeward",
    "DATABASE_OWNER_URL": "postgresql://homeward_owner:secret@127.0.0.1:1/homeward",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "SECRET_KEY": "0123456789abcdef" * 4,
    "ENCRYPTION_KEYS": "dGVzdHMtb25seS10ZXN0cy1vbmx5LXRlc3RzLW9ubHk=",
    "BASE_URL": "https://track.homeward.example",
    "DEFAULT_FROM_EMAIL": "updates@homeward.example",
}


def environment(**changes: str | None) -> dict[str, str]:
    """These settings with changes; None takes one away. Nothing of the tests' own is left."""
    inherited = {key: value for key, value in os.environ.items() if key not in _OURS}
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    merged: dict[str, str | None] = inherited | SETTINGS | {"PATH": path} | changes
    return {key: value for key, value in merged.items() if value is not None}


def run(*arguments: str, **changes: str | None) -> subprocess.CompletedProcess[str]:
    """python with these arguments, in production's environment."""
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=environment(**changes),
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
