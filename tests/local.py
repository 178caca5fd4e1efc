"""A pytest plugin, loaded first: the tests' own PostgreSQL and Valkey, beside a running demo.

Loaded by `-p tests.local` in pyproject.toml, before Django reads its settings. Workers of
pytest-xdist inherit the addresses from the first process.
"""

from __future__ import annotations

import os
import sys
from contextlib import ExitStack
from pathlib import Path

os.environ["HOMEWARD_TESTING"] = "1"
os.environ.setdefault("OUTBOUND_ALLOW", "")

if sys.dont_write_bytecode:
    # Where nothing may be left beside the sources, what they compile to is kept apart: pytest
    # rewrites each assertion of the tests, which takes a worker as long as all their imports.
    _kept = Path(__file__).resolve().parent.parent / ".homeward" / "bytecode"
    sys.dont_write_bytecode, sys.pycache_prefix = False, str(_kept)
    os.environ["PYTHONPYCACHEPREFIX"] = sys.pycache_prefix
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

#: Whose servers: `make test` runs two kinds of tests side by side, and one restarts its database.
PURPOSE = os.environ.get("HOMEWARD_TEST_SERVERS", "tests")

_stack = ExitStack()


def _start() -> None:
    from config import local_servers

    found = _stack.enter_context(local_servers.running(PURPOSE, lasting=False))
    os.environ.update(found.as_environment())


if "PYTEST_XDIST_WORKER" not in os.environ and "DATABASE_URL" not in os.environ:
    _start()

_worker = os.environ.get("PYTEST_XDIST_WORKER", "")
if _worker:
    # A database of Valkey for each worker: one's empty cache must not empty the other's.
    _server, _, _ = os.environ["REDIS_URL"].rpartition("/")
    os.environ["REDIS_URL"] = f"{_server}/{1 + int(_worker.removeprefix('gw'))}"


def pytest_unconfigure() -> None:
    _stack.close()
