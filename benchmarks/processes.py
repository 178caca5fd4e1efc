"""The processes that a benchmark runs beside itself: started, found ready, ended."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import httpx

from benchmarks.measuring import wait_until
from carriers.sandbox.running import RunningSandbox
from config.local_servers import ROOT


@contextmanager
def process(
    arguments: Sequence[str], *, environment: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[str]]:
    """`python -m arguments…` in the checkout; ended at the end, killed after ten seconds."""
    child = subprocess.Popen(
        [sys.executable, "-m", *arguments],
        cwd=ROOT,
        env=dict(environment) if environment is not None else None,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield child
    finally:
        child.terminate()
        try:
            child.wait(timeout=10)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
        if child.stdout is not None:
            child.stdout.close()


@contextmanager
def sandbox(*, latency_ms: float) -> Iterator[RunningSandbox]:
    """The sandbox carrier in a process of its own, so that its work is not charged to us."""
    with process(["carriers.sandbox", "--port", "0", "--latency-ms", f"{latency_ms:g}"]) as child:
        assert child.stdout is not None
        url = child.stdout.readline().strip().rpartition(" ")[2]
        with httpx.Client(base_url=url, trust_env=False, timeout=120) as http:
            yield RunningSandbox(url, http)


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def wait_for_port(port: int, child: subprocess.Popen[str]) -> None:
    """Until somebody listens there. Raises RuntimeError when the process ended instead."""

    def listens() -> bool:
        if child.poll() is not None:
            raise RuntimeError(f"the server ended with {child.returncode}")
        with socket.socket() as one:
            return one.connect_ex(("127.0.0.1", port)) == 0

    wait_until(listens, seconds=60, what=f"port {port}")
