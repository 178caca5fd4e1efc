"""The web server as the Procfile starts it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest
from honcho.environ import parse_procfile

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def web() -> Iterator[int]:
    """The port of a web process with one worker."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    command = parse_procfile((ROOT / "Procfile").read_text()).processes["web"]
    settings = {"PORT": str(port), "WEB_WORKERS": "1", "WEB_LOG_LEVEL": "error"}
    search = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    process = subprocess.Popen(
        ["/bin/sh", "-c", f"exec {command}"], cwd=ROOT, env=os.environ | settings | {"PATH": search}
    )
    try:
        yield port
    finally:
        process.terminate()
        process.wait(timeout=30)


@pytest.mark.processes
def test_connections_without_a_request_hold_nobody_up(web: int) -> None:
    """Browsers open connections ahead; with synchronous workers two of them stopped the site."""
    address = f"http://127.0.0.1:{web}/healthz"
    with httpx.Client(transport=httpx.HTTPTransport(retries=8)) as client:  # until it listens
        assert client.get(address, timeout=30).status_code == 200
    with ExitStack() as idle:
        for _ in range(6):  # as many as a browser opens to one host
            idle.enter_context(socket.create_connection(("127.0.0.1", web)))
        assert httpx.get(address, timeout=3).status_code == 200
